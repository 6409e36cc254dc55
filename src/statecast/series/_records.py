"""Records: the rows of a file or frame, sorted into series, with whatever is wrong still in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from statecast.errors import DataError, ParameterError
from statecast.series._alias import parse_alias
from statecast.series._calendar import Frequency, find_frequency
from statecast.series._convert import read_ids, read_times, read_values
from statecast.series._dates import Dates
from statecast.series._grid import Stamp, positions, say
from statecast.series._panel import Columns
from statecast.series._roles import Roles, choose_columns
from statecast.series._source import open_table
from statecast.series._table import Table, option

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
        Name of each series, in the order of their first rows.
    rows : int64 [N]
        Number of each row as the user sees it: a file's header is row 1, frames and arrays count from 0.
    columns : Columns
        Names of the columns.
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
    frequency: Frequency
    source: str
    notes: tuple[str, ...] = ()


def load(data: object, roles: Roles | None = None) -> Records:
    """Read a file, frame or array into records.

    Parameters
    ----------
    data : path, "-", data frame, series, array or list
        What `read` takes.
    roles : Roles, optional
        What the user says about columns, frequency, season and sheet.

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
    columns = choose_columns(table, roles)
    if len(table.rows) == 0:
        raise DataError(f"{table.source} is empty. Give at least a few observations.")
    values, manner = read_values(table, columns.target)
    dates = Dates(np.arange(len(values)), "") if columns.time is None else read_times(table, columns.time)
    codes, ids = _series(table, columns)
    order = _order(codes, dates.times)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(codes, minlength=len(ids)))))
    times = dates.times[order]

    def place(index: int) -> str:
        series = ids[codes[order[index]]] if columns.id else None
        return table.place(columns.time or columns.target, order[index], series)

    freq = roles.freq or (_COUNT if columns.time is None else None)
    frequency = Frequency.of(_common_alias(times, offsets, freq, place), *([roles.season] if roles.season else []))
    notes = (
        _summary(table, columns, dates, manner, len(ids)),
        _rhythm(frequency, roles, table.source),
        *table.notes,
        *([dates.note] if dates.note else []),
        *(["Rows were out of time order and were sorted."] if _disordered(codes, order) else []),
    )
    return Records(values[order], times, offsets, ids, table.rows[order], columns, frequency, table.source, notes)


def _series(table: Table, columns: Columns) -> tuple[np.ndarray, tuple[str, ...]]:
    if columns.id is None:
        return np.zeros(len(table.rows), dtype=np.int64), (columns.target,)
    return read_ids(table, columns.id)


def _order(codes: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return the order by series, then time; rows of the same time stay as they came."""
    same = np.diff(codes) == 0
    if (np.diff(codes) >= 0).all() and (np.diff(times).astype(np.int64)[same] >= 0).all():
        return np.arange(len(codes))  # most files: no need to sort
    return np.lexsort((times, codes))


def _disordered(codes: np.ndarray, order: np.ndarray) -> bool:
    """Say whether sorting has changed the order within a series; series may well take turns."""
    return bool((np.diff(order)[np.diff(codes[order]) == 0] < 0).any())


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


def _summary(table: Table, columns: Columns, dates: Dates, manner: str, series: int) -> str:
    count = len(table.rows)
    if columns.time is None:
        return f"Read {_counted(count, 'value')}."
    parts = [
        f"id column {columns.id!r}" if columns.id else "",
        f"time column {columns.time!r}" + (f" ({dates.label})" if dates.label else ""),
        f"target column {columns.target!r}" + (f" ({manner})" if manner else ""),
        table.manner,
    ]
    of = f" in {series:,} series" if columns.id else ""
    return f"Read {_counted(count, 'row')}{of}: {', '.join(filter(None, parts))}."


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _rhythm(frequency: Frequency, roles: Roles, source: str) -> str:
    seasons = " and ".join(map(str, (frequency.season, *frequency.longer)))
    season = "no season" if seasons == "1" else f"season{'s' if frequency.longer else ''} of {seasons}"
    unknown = roles.season is None and frequency.alias.isdecimal()
    origin = f" known: {option(source, 'season')} gives one" if unknown else ", as given" if roles.season else ""
    return f"{frequency.word.capitalize()}, {season}{origin}."
