"""The future: known covariates of the steps after an origin, from a table of their own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.series._alias import parse_alias
from statecast.series._calendar import after
from statecast.series._cells import BadCellError
from statecast.series._coded import Coded, read_coded
from statecast.series._contradictions import check_dates
from statecast.series._convert import STEPS, read_times
from statecast.series._covariates import Covariates
from statecast.series._grid import say
from statecast.series._ids import read_ids
from statecast.series._known import known_notes, known_rows, rows_of, with_terms
from statecast.series._origin import Origin
from statecast.series._panel import Panel
from statecast.series._period import parse_period, period_of_model
from statecast.series._periods import Rows, put_together
from statecast.series._source import open_table
from statecast.series._table import Table, listed, place
from statecast.series._zones import settle


def read_future(data: object, origin: Origin) -> Covariates:
    """Read the known covariates of the steps after an origin.

    Parameters
    ----------
    data : path, "-" or data frame
        A table with the time column, the id column where there is one, and the known columns, named as in the data
        that the panel was read from. Its stamps follow the origin; rows up to there are passed over, and a blank cell
        ends what is known of a series.
    origin : Origin
        Of the panel whose columns these are to have.

    Returns
    -------
    Covariates
        As those of the origin: ``known_values`` has the rows ahead of series s from ``known_offsets[s]`` on, in the
        columns of the panel.

    Raises
    ------
    FileError
        If the file cannot be read.
    DataError
        If the panel has no known columns, a column or a series is missing, the stamps do not follow on, a category has
        a value that it does not have in the panel, or the table contradicts how that was written.

    Examples
    --------
    >>> import pandas as pd
    >>> from statecast.series import Origin, read, read_future
    >>> days = pd.date_range("2024-01-01", periods=5)
    >>> frame = pd.DataFrame({"day": days[:3], "sales": [5.0, 9.0, 4.0], "promo": ["no", "yes", "no"]})
    >>> origin = Origin.of(read(frame, target="sales", known="promo"))
    >>> known = read_future(pd.DataFrame({"day": days[3:], "promo": ["yes", "no"]}), origin)
    >>> known.known, known.known_values.tolist()
    (('promo=yes',), [[1.0], [0.0]])
    """
    columns, like = origin.columns, origin.covariates
    table = open_table(data)
    if like is None or not columns.known:
        raise DataError(f"{table.source} was given for the future, but no known covariates are named. Name them first.")
    for role, name in (("time", columns.time), ("id", columns.id), *(("known", name) for name in columns.known)):
        if name is not None:
            table.require(name, role)
    rows = _sorted(table, origin, read_coded(table, columns.known, like.known, origin.format, columns.decimal))
    last: np.ndarray = origin.last[:: len(origin.targets)]
    rows = rows.keep(rows.times > last[rows.codes])
    lengths = np.bincount(rows.codes, minlength=len(last))
    if lengths.min() == 0:
        series = f" of series {_bases(origin)[int(lengths.argmin())]!r}" if columns.id else ""
        raise DataError(f"{table.source} has no rows{series} after {say(last[lengths.argmin()])}. Add the steps ahead.")
    first, alias = after(last, 1, origin.frequency.alias)[:, 0], origin.frequency.alias
    expected = rows_of(first, lengths, alias)
    if (wrong := rows.times != expected).any():
        row = int(np.argmax(wrong))
        name = _bases(origin)[rows.codes[row]] if columns.id else None
        raise DataError(
            f"{place(table.source, columns.time or '', rows.numbers[row], name)}expected the time stamp "
            f"{say(expected[row])}, which follows on, got {say(rows.times[row])}. Give a row for every step after "
            f"{say(last[rows.codes[row]])}."
        )
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    known, counts = known_rows(rows.known, offsets, np.ones(len(rows.times), dtype=bool))
    known = with_terms(known, like.known[len(known.names) :], rows_of(first, counts, alias), alias, columns)
    return _for_targets(replace(like, known_values=known.values), counts, len(origin.targets))


def with_future(panel: Panel, data: object) -> Panel:
    """Return a panel that knows what a table says of the steps after its end; see `read_future`."""
    ahead = read_future(data, Origin.of(panel))
    old = panel.covariates
    assert old is not None  # read_future has refused it
    lengths = panel.lengths
    counts = lengths + np.diff(ahead.known_offsets)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    step = np.arange(offsets[-1]) - np.repeat(offsets[:-1], counts)
    values = np.empty((offsets[-1], len(old.known)))
    seen = step < np.repeat(lengths, counts)
    old_step = np.arange(len(old.known_values)) - np.repeat(old.known_offsets[:-1], np.diff(old.known_offsets))
    values[seen] = old.known_values[old_step < np.repeat(lengths, np.diff(old.known_offsets))]
    values[~seen] = ahead.known_values
    covariates = replace(old, known_values=values, known_offsets=offsets)
    stale, said = (known_notes(panel.columns, known, lengths) for known in (old, covariates))
    notes = tuple(note for note in panel.notes if note not in stale) + said
    return replace(panel, covariates=covariates, notes=notes)


def _sorted(table: Table, origin: Origin, known: Coded) -> Rows:
    """Return the rows in the order of the origin's series and of time, put together as its were, without values."""
    columns = origin.columns
    codes = np.zeros(len(table.rows), dtype=np.int64)
    if columns.id is not None:
        number = {name: s for s, name in enumerate(_bases(origin))}
        found, ids = read_ids(table, columns.id)
        if unknown := [name for name in ids if name not in number]:
            raise DataError(
                f"{table.source} has the series {listed(unknown, 3)}, which the panel does not have. Remove them."
            )
        codes = np.array([number[name] for name in ids])[found]
    label = "" if origin.last.dtype.kind == "M" else STEPS
    dates = read_times(table, columns.time or "", label, known=columns.format.dates)
    if dates.times.dtype.kind != origin.last.dtype.kind:
        raise DataError(f"{table.source}: the time stamps are of another kind than the panel's. Write them alike.")
    rule = parse_alias(origin.frequency.alias) if columns.every is None else parse_period(columns.every).rule
    try:
        check_dates(dates, columns.format, columns, rule)
        times = settle(dates, columns.time_zone, rule, codes).times
    except BadCellError as error:
        raise table.error(columns.time or "", error) from None
    order = np.lexsort((times, codes))
    nothing = np.full(len(order), np.nan)
    rows = Rows(nothing, times, codes, table.rows, Coded((), nothing[:, np.newaxis][:, :0]), known).keep(order)
    if columns.every is not None:
        columns = replace(columns, every=period_of_model(columns.every, origin.frequency.alias))
    return rows if columns.aggregate is None else put_together(rows, columns).rows


def _bases(origin: Origin) -> list[str]:
    """Return the names of the series without the name of a target behind."""
    targets = origin.targets
    end = len(f"/{targets[0]}") if len(targets) > 1 else 0
    return [name[: len(name) - end] for name in origin.ids[:: len(targets)]]


def _for_targets(known: Covariates, counts: NDArray[np.int64], targets: int) -> Covariates:
    """Repeat the known rows of every series for each of its targets."""
    counts_each = np.repeat(counts, targets)
    starts = np.repeat(np.cumsum(counts) - counts, targets)
    offsets = np.concatenate([[0], np.cumsum(counts_each)])
    rows = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], counts_each)
    return replace(known, known_values=known.known_values[rows], known_offsets=offsets)
