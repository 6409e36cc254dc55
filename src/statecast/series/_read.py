"""Reading: what keeps records from being a panel, and the panel if nothing does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from statecast.errors import DataError
from statecast.series._alias import parse_alias
from statecast.series._grid import positions, say, stamps
from statecast.series._panel import Panel
from statecast.series._records import Records, load
from statecast.series._roles import Roles
from statecast.series._table import option, place


@dataclass(frozen=True)
class Problem:
    """Something in records that a panel cannot have.

    Attributes
    ----------
    kind : {"duplicate", "missing", "gap"}
        A time stamp that is there twice; a value that is missing; time stamps that are missing.
    message : str
        The first place, how many there are, and the cure.
    count : int
        How many there are.
    index : int
        Position of the first in the records; of the last row before it for a gap.
    """

    kind: Literal["duplicate", "missing", "gap"]
    message: str
    count: int
    index: int


def read(
    data: object,
    *,
    target: str | None = None,
    time: str | None = None,
    id: str | None = None,
    freq: str | None = None,
    season: int | None = None,
    sheet: str | None = None,
) -> Panel:
    """Read a series, or many, from a file, a data frame or an array.

    Columns, formats, frequency and season are found out where they are not given; the panel's notes say what
    was found. Rows out of time order are sorted.

    Parameters
    ----------
    data : path, "-", data frame, series, array, list of numbers, or Panel
        CSV and its relatives, Parquet, Excel, each plain or compressed; a folder of Parquet files; "-" for
        standard input; a pandas, polars or Arrow frame. A panel is returned as it is.
    target : str, optional
        Column to forecast; the only column of numbers if not given.
    time : str, optional
        Column of time stamps; the first column of dates if not given.
    id : str, optional
        Column that tells series apart. Not needed if the columns are unique_id, ds and y.
    freq : str, optional
        Distance between time stamps: an alias of pandas, or a word such as "monthly".
    season : int, optional
        Steps in a season; the usual one for the frequency if not given, such as 12 for months.
    sheet : str, optional
        Sheet of an Excel workbook.

    Returns
    -------
    Panel
        The series in time order, without gaps or missing values.

    Raises
    ------
    FileError
        If the file cannot be read.
    DataError
        If its contents are wrong: the message names column, row, value and cure.
    ParameterError
        If an argument has a value that it cannot have.

    Examples
    --------
    >>> import pandas as pd
    >>> from statecast.series import read
    >>> frame = pd.DataFrame({"Month": ["1991-01", "1991-02", "1991-03"], "Sales": [266.0, 145.9, 183.1]})
    >>> panel = read(frame)
    >>> for note in panel.notes:
    ...     print(note)
    Read 3 rows: time column 'Month' (YYYY-MM), target column 'Sales'.
    Monthly, season of 12.
    """
    return to_panel(data, Roles(target, time, id, freq, season, sheet))


def to_panel(data: object, roles: Roles) -> Panel:
    """Read as `read` does, with what the user says in one object; a panel is returned as it is."""
    if isinstance(data, Panel):
        return data
    records = load(data, roles)
    for problem in problems(records):
        raise DataError(problem.message)
    return Panel(
        records.values,
        records.offsets,
        records.times,
        records.ids,
        records.frequency,
        records.columns,
        records.notes,
    )


def problems(records: Records) -> list[Problem]:
    """Say what keeps records from being a panel: duplicates first, then missing values, then gaps.

    There is at most one problem of each kind: it tells of the first place, and counts them all.
    """
    within = np.ones(len(records.values) - 1, dtype=bool)  # both rows belong to the same series
    within[records.offsets[1:-1] - 1] = False
    rule = parse_alias(records.frequency.alias)
    steps = np.diff(positions(rule, records.times[0], records.times)[0])
    found = [
        _duplicates(records, np.flatnonzero(within & (steps == 0))),
        _missing(records, np.flatnonzero(np.isnan(records.values))),
        _gaps(records, np.flatnonzero(within & (steps > 1)), steps),
    ]
    return [problem for problem in found if problem is not None]


def _duplicates(records: Records, at: np.ndarray) -> Problem | None:
    if len(at) == 0:
        return None
    row = at[np.argmin(records.rows[at + 1])] + 1
    cure = "Keep one row for each time stamp"
    if records.columns.id is None:
        cure += f", or name the column that tells series apart with {option(records.source, 'id')}"
    message = (
        f"{_place(records, records.columns.time, row)}{say(records.times[row])} is already in row "
        f"{records.rows[row - 1]}{_in_all(len(at), 'such rows')}. {cure}."
    )
    return Problem("duplicate", message, len(at), int(row))


def _missing(records: Records, at: np.ndarray) -> Problem | None:
    if len(at) == 0:
        return None
    row = at[np.argmin(records.rows[at])]
    message = (
        f"{_place(records, records.columns.target, row)}the value of {say(records.times[row])} is missing"
        f"{_in_all(len(at), 'missing values')}. Write the value there; a row at the beginning or the end of "
        "a series can also be removed."
    )
    return Problem("missing", message, len(at), int(row))


def _gaps(records: Records, at: np.ndarray, steps: np.ndarray) -> Problem | None:
    if len(at) == 0:
        return None
    row = at[np.argmin(records.rows[at])]
    count = int((steps[at] - 1).sum())
    absent = stamps(parse_alias(records.frequency.alias), records.times[row], np.array([1]))[0]
    message = (
        f"{_place(records, records.columns.time, row)}after {say(records.times[row])} the time stamp "
        f"{say(absent)} is missing{_in_all(count, 'missing stamps')}. Add a row for it; if the series is not "
        f"{records.frequency.word}, give {option(records.source, 'freq')}."
    )
    return Problem("gap", message, count, int(row))


def _place(records: Records, column: str | None, row: int) -> str:
    series = records.ids[int(np.searchsorted(records.offsets, row, side="right")) - 1]
    name = column or records.columns.target
    return place(records.source, name, records.rows[row], series if records.columns.id else None)


def _in_all(count: int, what: str) -> str:
    return f" ({count:,} {what} in all)" if count > 1 else ""
