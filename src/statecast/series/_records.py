"""Records: the rows of a file or frame, sorted into series, with whatever is wrong still in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from statecast.errors import DataError, ParameterError
from statecast.series._alias import name_rule, parse_alias, parse_given
from statecast.series._beside import Beside, read_beside
from statecast.series._calendar import Frequency, find_frequency
from statecast.series._cells import BadCellError
from statecast.series._choose import choose_columns
from statecast.series._convert import read_ids, read_times, read_values
from statecast.series._covariates import Covariates
from statecast.series._dates import Dates
from statecast.series._grid import Rule, Stamp, positions, say
from statecast.series._panel import Columns
from statecast.series._periods import Rows, parse_period, put_together
from statecast.series._roles import Roles
from statecast.series._source import open_table
from statecast.series._table import Table, counted, listed, option, place
from statecast.series._zones import settle

_COUNT = "1"  # frequency where there is no time column


@dataclass(frozen=True)
class Records:
    """Rows in time order, series after series; there may be gaps, duplicates and missing values.

    Attributes
    ----------
    values : float64 [N]
        The target; NaN where there is no value.
    times : datetime64[us] [N], or int64 [N] where time is a count of steps
        Time stamp of each row.
    offsets : int64 [S + 1]
        Where each series starts; the last entry is N.
    ids : tuple of str, S
        Name of each series, in the order of their first rows; with several targets, one after another.
    rows : int64 [N]
        Number of each row as the user sees it: a file's header is row 1, frames and arrays count from 0.
    columns : Columns
        Names of the columns.
    targets : tuple of str
        Names of the target columns; series s has ``targets[s % len(targets)]``.
    beside : Beside
        The covariates.
    frequency : Frequency
        Distance between the time stamps, and the length of a season in steps.
    source : str
        What the user calls the data: the name of the file, "<standard input>", "the frame" or "the array".
    notes : tuple of str
        What was found out or put right while reading, a sentence each.
    """

    values: np.ndarray
    times: np.ndarray
    offsets: np.ndarray
    ids: tuple[str, ...]
    rows: np.ndarray
    columns: Columns
    targets: tuple[str, ...]
    beside: Beside
    frequency: Frequency
    source: str
    notes: tuple[str, ...] = ()

    @property
    def sums(self) -> bool:
        """Whether the values are sums over periods, so that a period without rows is zero."""
        return self.columns.every is not None and self.columns.aggregate == "sum"

    @property
    def future(self) -> np.ndarray:
        """Which rows come after the last value of their series and tell what is known then, bool [N].

        There are none unless known covariates are named.
        """
        index = np.arange(len(self.values))
        if not self.columns.known:
            return np.zeros(len(index), dtype=bool)
        last = np.maximum.reduceat(np.where(np.isnan(self.values), -1, index), self.offsets[:-1])
        return np.asarray(index > np.repeat(last, np.diff(self.offsets)))


def load(data: object, roles: Roles | None = None, like: Covariates | None = None) -> Records:
    """Read a file, frame or array into records.

    Parameters
    ----------
    data : path, "-", data frame, series, array or list
        What `read` takes.
    roles : Roles, optional
        What the user says about columns, frequency, season and sheet.
    like : Covariates, optional
        Those read before, whose columns these are to have: categories are not found out anew.

    Returns
    -------
    Records
        The rows in time order. `problems` says what keeps them from being a panel.

    Raises
    ------
    FileError
        If the file cannot be read.
    DataError
        If its contents cannot be understood.
    ParameterError
        If a role cannot be.
    """
    roles = roles or Roles()
    table = open_table(data, roles.sheet)
    if roles.sheet is not None and not table.manner.startswith("Excel"):
        raise ParameterError(f"A sheet was named, {roles.sheet!r}, but {table.source} is not an Excel workbook.")
    columns, targets = choose_columns(table, roles)
    if len(table.rows) == 0:
        raise DataError(f"{table.source} is empty. Give at least a few observations.")
    rows, beside, ids, facts = _read(table, columns, targets, roles, like)
    said: tuple[str, ...] = ()
    if columns.aggregate is not None:
        rows, said = put_together(rows, columns)
        _refuse_empty(table, columns, rows, ids, said)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(rows.codes, minlength=len(ids)))))

    def place_of(index: int) -> str:
        name = columns.time or targets[rows.codes[index] % len(targets)]
        return place(table.source, name, rows.numbers[index], ids[rows.codes[index]] if columns.id else None)

    frequency = Frequency.of(_alias(rows.times, offsets, columns, roles, place_of), *roles.seasons)
    notes = (
        _summary(table, columns, targets, facts, len(ids) // len(targets)),
        *said[:1],
        _rhythm(frequency, roles, table.source),
        *said[1:],
        *table.notes,
        *facts.notes,
    )
    return Records(
        rows.values,
        rows.times,
        offsets,
        ids,
        rows.numbers,
        columns,
        targets,
        replace(beside, past=rows.past, known=rows.known),
        frequency,
        table.source,
        notes,
    )


def _refuse_empty(table: Table, columns: Columns, rows: Rows, ids: tuple[str, ...], said: tuple[str, ...]) -> None:
    """Refuse a series of which incomplete periods are all there is."""
    counts = np.bincount(rows.codes, minlength=len(ids))
    if counts.min() == 0:
        of = f" of series {ids[int(counts.argmin())]!r}" if columns.id else ""
        raise DataError(
            f"{table.source} has no whole period{of}. {' '.join(said[1:])} Give more rows, or a shorter period with "
            f"{option(table.source, 'every')}."
        )


@dataclass(frozen=True)
class _Facts:
    """What was found out while reading: how times and numbers are written, and what else there is to say."""

    label: str
    manner: str
    notes: tuple[str, ...]


def _read(
    table: Table, columns: Columns, targets: tuple[str, ...], roles: Roles, like: Covariates | None
) -> tuple[Rows, Beside, tuple[str, ...], _Facts]:
    """Read the rows of a table in the order of series and time, its covariates, and the names of the series."""
    values, manner = _read_targets(table, targets)
    base, names = _series(table, columns)
    dates = Dates(np.arange(len(table.rows)), "") if columns.time is None else read_times(table, columns.time)
    try:
        dates = settle(dates, roles.time_zone, _given_rule(roles), base)
    except BadCellError as error:
        raise table.error(columns.time or "", error) from None
    row = np.tile(np.arange(len(table.rows)), len(targets))
    codes = base[row] * len(targets) + np.repeat(np.arange(len(targets)), len(table.rows))
    order = _order(codes, dates.times[row])
    disordered = _disordered(codes[order], order)
    row, codes = row[order], codes[order]
    ids = _names(columns, names, targets)
    beside = read_beside(table, columns, like, row, np.concatenate(([0], np.cumsum(np.bincount(codes)))))
    notes = [dates.note] if dates.note else []
    notes += ["Rows were out of time order and were sorted."] if disordered and columns.every is None else []
    rows = Rows(values.ravel()[order], dates.times[row], codes, table.rows[row], beside.past, beside.known)
    return rows, beside, ids, _Facts(dates.label, manner, tuple(notes))


def _read_targets(table: Table, targets: Sequence[str]) -> tuple[np.ndarray, str]:
    """Read the targets, [T, rows], and how the first one is written that is not written plainly."""
    read = [read_values(table, target) for target in targets]
    return np.stack([values for values, _ in read]), next((manner for _, manner in read if manner), "")


def _series(table: Table, columns: Columns) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the number of the series of each row of the table, and what the id column calls them."""
    return (np.zeros(len(table.rows), np.int64), ("",)) if columns.id is None else read_ids(table, columns.id)


def _names(columns: Columns, names: tuple[str, ...], targets: tuple[str, ...]) -> tuple[str, ...]:
    """Name the series: by the id column, or the target, or both."""
    if columns.id is None:
        return targets
    return tuple(f"{name}/{target}" for name in names for target in targets) if len(targets) > 1 else names


def _given_rule(roles: Roles) -> Rule | None:
    """Return the distance of stamps that the user gave, as a frequency or as periods."""
    if roles.every is not None:
        return parse_period(roles.every)
    return None if roles.freq is None else parse_given(roles.freq).rules[0]


def _order(codes: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return the order by series, then time; rows of the same time stay as they came."""
    same = np.diff(codes) == 0
    if (np.diff(codes) >= 0).all() and (np.diff(times).astype(np.int64)[same] >= 0).all():
        return np.arange(len(codes))  # most files: no need to sort
    return np.lexsort((times, codes))


def _disordered(codes: np.ndarray, order: np.ndarray) -> bool:
    """Say whether sorting has changed the order within a series; series may well take turns."""
    return bool((np.diff(order)[np.diff(codes) == 0] < 0).any())


def _alias(times: np.ndarray, offsets: np.ndarray, columns: Columns, roles: Roles, place: Callable[[int], str]) -> str:
    """Return the frequency of the rows: that of the periods that they were brought to, or found out."""
    if columns.every is not None:
        return name_rule(parse_period(columns.every), times[0])
    return _common_alias(times, offsets, roles.freq or (None if columns.time else _COUNT), place)


def _common_alias(times: np.ndarray, offsets: np.ndarray, freq: str | None, place: Callable[[int], str]) -> str:
    """Find the frequency of the longest series, and see to it that all others lie on the same grid."""
    longest = int(np.argmax(np.diff(offsets)))
    start, stop = offsets[longest : longest + 2]

    def place_of(stamp: Stamp) -> str:
        return place(start + int(np.searchsorted(times[start:stop], stamp)))

    alias = find_frequency(times[start:stop], freq, place_of)
    _, on = positions(parse_alias(alias), times[start], times)
    if not on.all():
        index = int(np.argmin(on))
        raise DataError(
            f"{place(index)}{say(times[index])} is not on the grid of the longest series, which has "
            f"the frequency {alias} and the time stamp {say(times[start])}. Correct it, or read them apart."
        )
    return alias


def _summary(table: Table, columns: Columns, targets: Sequence[str], facts: _Facts, series: int) -> str:
    count = len(table.rows)
    if columns.time is None:
        return f"Read {counted(count, 'value')}."
    target = f"{len(targets):,} series in the" if columns.wide else "target"
    target = f"{target} column{'s' if len(targets) > 1 else ''} {listed(targets)}"
    parts = [
        f"id column {columns.id!r}" if columns.id else "",
        f"time column {columns.time!r}" + (f" ({facts.label})" if facts.label else ""),
        target + (f" ({facts.manner})" if facts.manner else ""),
        *(f"{role} {listed(names)}" for role, names in _covariate_columns(columns)),
        table.manner,
    ]
    of = f" in {series:,} series" if columns.id else ""
    return f"Read {counted(count, 'row')}{of}: {', '.join(filter(None, parts))}."


def _covariate_columns(columns: Columns) -> list[tuple[str, tuple[str, ...]]]:
    named = [("past", columns.past), ("known", columns.known), ("static", columns.static)]
    return [(f"{role} covariate{'s' if len(names) > 1 else ''}", names) for role, names in named if names]


def _rhythm(frequency: Frequency, roles: Roles, source: str) -> str:
    seasons = " and ".join(map(str, (frequency.season, *frequency.longer)))
    season = "no season" if seasons == "1" else f"season{'s' if frequency.longer else ''} of {seasons}"
    unknown = not roles.seasons and frequency.alias.isdecimal()
    origin = f" known: {option(source, 'season')} gives one" if unknown else ", as given" if roles.seasons else ""
    return f"{frequency.word.capitalize()}, {season}{origin}."
