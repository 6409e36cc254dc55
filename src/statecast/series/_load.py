"""Loading: records from a file, frame or array; columns, frequency and season are found out."""

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
from statecast.series._contradictions import check_dates
from statecast.series._convert import STEPS, mark_of, read_times, read_values
from statecast.series._covariates import Covariates
from statecast.series._dates import Dates
from statecast.series._facts import Facts, rhythm, summary, unused
from statecast.series._format import Format, minutes
from statecast.series._grid import Rule, Stamp
from statecast.series._ids import read_ids
from statecast.series._majority import common_grid, jury
from statecast.series._numbers import Numbers
from statecast.series._panel import Columns
from statecast.series._parquet import ParquetFiles
from statecast.series._partial import PartialPeriod
from statecast.series._period import parse_period
from statecast.series._periods import Rows, put_together, refuse_empty
from statecast.series._records import Records
from statecast.series._roles import Roles
from statecast.series._source import open_source
from statecast.series._table import Table, place
from statecast.series._waiting import NothingWholeError, after_waiting, with_absent
from statecast.series._zones import settle

_COUNT = "1"  # frequency where there is no time column


def load(
    data: object,
    roles: Roles | None = None,
    like: Covariates | None = None,
    before: PartialPeriod | None = None,
    ids: tuple[str, ...] = (),
) -> Records:
    """Read a file, frame or array into records.

    Parameters
    ----------
    data : path, "-", data frame, series, array or list
        What `read` takes.
    roles : Roles, optional
        What the user says about columns, frequency, season and sheet.
    like : Covariates, optional
        Those read before, whose columns these are to have: categories are not found out anew.
    before : PartialPeriod, optional
        Rows that wait for these, and `ids`, the names of its series.

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
    return read_records(open_source(data, roles.sheet), roles, Reading(like, before=before, ids=ids))


@dataclass(frozen=True, eq=False)
class Reading:
    """How a part of the data is read: as was decided before, and strictly or not.

    Attributes
    ----------
    like : Covariates or None
        Those read before, whose columns these are to have.
    frequency : Frequency or None
        That of all parts; found out if None.
    anchor : datetime64[us] or int64
        A stamp on the grid of all parts, where the frequency is given.
    label : str
        How whole numbers are read as time, such as "YYYYMM", where that is decided.
    strict : bool
        Whether all must be right: else `problems` tells of values that are not finite.
    before : PartialPeriod or None
        Rows that wait for these.
    ids : tuple of str
        The names of its series.
    among : int
        How many series the data has, of which these are a part; 0 where they are all.
    """

    like: Covariates | None = None
    frequency: Frequency | None = None
    anchor: Stamp = None
    label: str = ""
    strict: bool = True
    before: PartialPeriod | None = None
    ids: tuple[str, ...] = ()
    among: int = 0


def read_records(source: Table | ParquetFiles, roles: Roles, reading: Reading) -> Records:
    """Read the rows of a table, or of files, as `load` does."""
    head = source if isinstance(source, Table) else source.head
    if roles.sheet is not None and not head.manner.startswith("Excel"):
        raise ParameterError(f"A sheet was named, {roles.sheet!r}, but {head.source} is not an Excel workbook.")
    columns, targets = choose_columns(head, roles)
    table = source if isinstance(source, Table) else source.table(used(head, columns, targets), columns.id)
    if len(table.rows) == 0:
        raise DataError(f"{table.source} is empty. Give at least a few observations.")
    rows, beside, ids, facts = _read(table, columns, targets, roles, reading)
    zone = columns.time_zone or table.zone(columns.time)
    columns = replace(columns, decimal=columns.decimal or facts.decimal, format=facts.format, time_zone=zone)
    said: tuple[str, ...] = ()
    partial, before = None, reading.before
    if before is not None:
        ids, beside, before = with_absent(ids, beside, before, reading.ids, len(targets), reading.like)
        rows = after_waiting(rows, before, columns)
    if columns.aggregate is not None:
        together = put_together(rows, columns, before)
        rows, said, partial = together.rows, together.said, together.partial
        if before is not None and partial is not None and np.isnan(rows.values).all():
            raise NothingWholeError(partial, ids)
        refuse_empty(table.source, together, columns, ids)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(rows.codes, minlength=len(ids)))))

    def place_of(index: int) -> str:
        name = columns.time or targets[rows.codes[index] % len(targets)]
        return place(table.source, name, rows.numbers[index], ids[rows.codes[index]] if columns.id else None)

    frequency, anchor = reading.frequency, reading.anchor
    if frequency is None:
        alias, anchor = _alias(rows.times, offsets, columns, roles, place_of)
        frequency = Frequency.of(alias, *roles.seasons)
    notes = (
        summary(table, columns, targets, facts, len(ids) // len(targets)),
        *said[:1],
        rhythm(frequency, roles, table.source),
        *said[1:],
        *head.notes,
        *unused(head, used(head, columns, targets), columns, roles),
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
        anchor,
        partial,
        common=roles.freq is None and columns.every is None and max(reading.among, len(ids)) > 1,
    )


def used(head: Table, columns: Columns, targets: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the columns that are read, in the order in which the table has them."""
    wanted = {*targets, *columns.past, *columns.known, *columns.static, columns.time, columns.id}
    return tuple(name for name in head.names if name in wanted)


def _read(
    table: Table, columns: Columns, targets: tuple[str, ...], roles: Roles, reading: Reading
) -> tuple[Rows, Beside, tuple[str, ...], Facts]:
    """Read the rows of a table in the order of series and time, its covariates, and the names of the series."""
    numbers_read, marks = _read_targets(table, targets, roles, finite=reading.strict)
    values = numbers_read.values
    base, names = _series(table, columns)
    dates, zones = _read_dates(table, columns, roles, reading, base)
    row: slice | np.ndarray = slice(None)  # all rows, as they are
    numbers = table.rows
    codes, times = base, dates.times
    if len(targets) > 1:
        row, times = np.tile(np.arange(len(numbers)), len(targets)), np.tile(times, len(targets))
        codes = np.tile(base, len(targets)) * len(targets) + np.repeat(np.arange(len(targets)), len(table.rows))
        numbers = numbers[row]
    disordered = False
    if not _in_order(codes, times):
        by_time = (times[1:] >= times[:-1]).all()  # as in a table sorted by date: one key is enough then
        order = np.argsort(codes, kind="stable") if by_time else np.lexsort((times, codes))
        row = order if isinstance(row, slice) else row[order]
        values, codes, times, numbers = (part[order] for part in (values, codes, times, numbers))
        disordered = _disordered(codes, order)
    beside = read_beside(
        table, columns, reading.like, row, np.concatenate(([0], np.cumsum(np.bincount(codes)))), roles.format
    )
    written = Format(dates.label, zones, marks).joined(part.format for part in beside.parts)
    notes = [note for note in (dates.note, numbers_read.note) if note]
    notes += ["Rows were out of time order and were sorted."] if disordered and columns.every is None else []
    rows = Rows(values, times, codes, numbers, beside.past, beside.known)
    facts = Facts(dates.label, numbers_read.manner, tuple(notes), numbers_read.decimal, written)
    return rows, beside, _names(columns, names, targets), facts


def _read_targets(
    table: Table, targets: Sequence[str], roles: Roles, *, finite: bool
) -> tuple[Numbers, tuple[tuple[str, str], ...]]:
    """Read the targets, one after another, how the first one is written that is not plain, and their decimal marks."""
    before = roles.format or Format()
    read = [
        read_values(table, target, finite=finite, decimal=roles.decimal, known=before.mark_of(target))
        for target in targets
    ]
    values = read[0].values if len(read) == 1 else np.concatenate([one.values for one in read])
    odd = next((one for one in read if one.manner or one.note), read[0])
    alike = len({one.decimal for one in read}) == 1
    marks = tuple(m for name, one in zip(targets, read, strict=True) for m in mark_of(table, name, one.values))
    return replace(odd, values=values, decimal=odd.decimal if alike else None), marks


def _read_dates(
    table: Table, columns: Columns, roles: Roles, reading: Reading, codes: np.ndarray
) -> tuple[Dates, tuple[int, ...] | None]:
    """Read the time column, and the distances from UTC that its stamps say; without one, rows are counted."""
    if columns.time is None:
        return settle(Dates(np.arange(len(table.rows)), ""), roles.time_zone, None, codes), None
    rule = _given_rule(roles) if reading.frequency is None else parse_alias(reading.frequency.alias)
    try:
        label = reading.label or (STEPS if rule is not None and rule.unit == "step" else "")
        dates = read_times(table, columns.time, label, None if roles.format is None else roles.format.dates)
        zones = None if dates.times.dtype.kind != "M" else minutes(dates.offsets)
        if roles.format is not None:
            check_dates(dates, roles.format, columns, rule)
        return settle(dates, roles.time_zone or table.zone(columns.time), rule, codes), zones
    except BadCellError as error:
        raise table.error(columns.time, error) from None


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
        return parse_period(roles.every).rule
    return None if roles.freq is None else parse_given(roles.freq).rules[0]


def _in_order(codes: np.ndarray, times: np.ndarray) -> bool:
    """Say whether rows are in the order by series, then time, as most are: they need not be sorted then."""
    same = codes[1:] == codes[:-1]
    return bool(((codes[1:] > codes[:-1]) | (same & (times[1:] >= times[:-1]))).all())


def _disordered(codes: np.ndarray, order: np.ndarray) -> bool:
    """Say whether sorting has changed the order within a series; series may well take turns."""
    return bool((np.diff(order)[np.diff(codes) == 0] < 0).any())


def _alias(
    times: np.ndarray, offsets: np.ndarray, columns: Columns, roles: Roles, place: Callable[[int], str]
) -> tuple[str, Stamp]:
    """Return the frequency of the rows and a stamp on its grid: of their periods, or of most series.

    Raises
    ------
    DataError
        If no series is regular: that of the longest one.
    """
    if columns.every is not None:
        return name_rule(parse_period(columns.every).rule, times[0]), times[0]
    freq = roles.freq or (None if columns.time else _COUNT)
    order = jury(np.diff(offsets))
    if len(order) > 1:
        found = common_grid([times[offsets[s] : offsets[s + 1]] for s in order], freq)
        if found is not None:
            return found
    start, stop = offsets[order[0]], offsets[order[0] + 1]

    def place_of(stamp: Stamp) -> str:
        return place(int(start) + int(np.searchsorted(times[start:stop], stamp)))

    return find_frequency(times[start:stop], freq, place_of), times[start]
