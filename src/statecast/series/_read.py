"""Reading: what keeps records from being a panel, and the panel if nothing does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from statecast.errors import DataError
from statecast.series._alias import parse_alias
from statecast.series._coded import is_of
from statecast.series._covariates import Covariates
from statecast.series._grid import positions, say, stamps
from statecast.series._known import known_notes, to_covariates
from statecast.series._panel import Panel
from statecast.series._records import Records, load
from statecast.series._roles import Roles
from statecast.series._table import option, place


@dataclass(frozen=True)
class Problem:
    """Something in records that a panel cannot have.

    Attributes
    ----------
    kind : {"duplicate", "missing", "blank", "gap"}
        A time stamp that is there twice; a value that is missing; a covariate's; time stamps that are missing.
    message : str
        The first place, how many there are, and the cure.
    count : int
        How many there are.
    index : int
        Position of the first in the records; of the last row before it for a gap.
    """

    kind: Literal["duplicate", "missing", "blank", "gap"]
    message: str
    count: int
    index: int


def read(
    data: object,
    *,
    target: str | Sequence[str] | None = None,
    time: str | None = None,
    id: str | None = None,
    freq: str | None = None,
    season: int | None = None,
    sheet: str | None = None,
    past: str | Sequence[str] | None = None,
    known: str | Sequence[str] | None = None,
    static: str | Sequence[str] | None = None,
    holidays: str | None = None,
    calendar: bool = False,
) -> Panel:
    """Read a series, or many, from a file, a data frame or an array.

    Columns, formats, frequency and season are found out where they are not given; the panel's notes say what
    was found. Rows out of time order are sorted.

    Parameters
    ----------
    data : path, "-", data frame, series, array, list of numbers, or Panel
        CSV and its relatives, Parquet, Excel, each plain or compressed; a folder of Parquet files; "-" for
        standard input; a pandas, polars or Arrow frame. A panel is returned as it is.
    target : str or sequence of str, optional
        Column to forecast; the only column of numbers if not given. Each of several, also as "a,b", becomes a series
        of its own, called "a", or "shop/a" where there is an id column, and all of them are past covariates of each.
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
    past, known, static : str or sequence of str, optional
        Columns of covariates: known up to now, known into the future, or constant for a series; "a,b" is two. Numbers
        stay as they are; a category becomes a column of 0 and 1 for each of its values. Rows after the last value of
        the target say what is known then.
    holidays : str, optional
        A country, such as "DE" or "AU-VIC", whose holidays become a known covariate. Takes the package holidays.
    calendar : bool
        Whether terms of the calendar that fit the frequency become known covariates.

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
    roles = Roles(target, time, id, freq, season, sheet, past, known, static, holidays, calendar)
    return to_panel(data, roles)


def to_panel(data: object, roles: Roles, like: Covariates | None = None) -> Panel:
    """Read as `read` does, with what the user says in one object; a panel is returned as it is.

    `like` are covariates read before, whose columns these are to have.
    """
    if isinstance(data, Panel):
        return data
    records = load(data, roles, like)
    for problem in problems(records):
        raise DataError(problem.message)
    observed = ~records.future
    lengths = np.add.reduceat(observed.astype(np.int64), records.offsets[:-1])
    covariates = to_covariates(records, like)
    return Panel(
        records.values[observed],
        np.concatenate([[0], np.cumsum(lengths)]),
        records.times[observed],
        records.ids,
        records.frequency,
        records.columns,
        (*records.notes, *known_notes(records.columns, covariates, lengths)),
        covariates=covariates,
    )


def problems(records: Records) -> list[Problem]:
    """Say what keeps records from being a panel: duplicates first, then missing values, then gaps.

    Rows after the last value of a series are none of it where known covariates are named.

    There is at most one problem of each kind: it tells of the first place, and counts them all.
    """
    within = np.ones(len(records.values) - 1, dtype=bool)  # both rows belong to the same series
    within[records.offsets[1:-1] - 1] = False
    rule = parse_alias(records.frequency.alias)
    steps = np.diff(positions(rule, records.times[0], records.times)[0])
    found = [
        _duplicates(records, np.flatnonzero(within & (steps == 0))),
        _missing(records, np.flatnonzero(np.isnan(records.values) & ~_without_end(records))),
        _blank(records),
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


def _without_end(records: Records) -> np.ndarray:
    """Return which rows are of the future, but for series that have no value at all."""
    valued = np.add.reduceat((~np.isnan(records.values)).astype(np.int64), records.offsets[:-1]) > 0
    return np.asarray(records.future & np.repeat(valued, np.diff(records.offsets)))


def _missing(records: Records, at: np.ndarray) -> Problem | None:
    if len(at) == 0:
        return None
    row = at[np.argmin(records.rows[at])]
    message = (
        f"{_place(records, None, row)}the value of {say(records.times[row])} is missing"
        f"{_in_all(len(at), 'missing values')}. Write the value there; a row at the beginning or the end of "
        "a series can also be removed."
    )
    return Problem("missing", message, len(at), int(row))


def _blank(records: Records) -> Problem | None:
    """Find blank covariates beside a value."""
    names = records.beside.past.names + records.beside.known.names
    values = np.concatenate([records.beside.past.values, records.beside.known.values], axis=1)
    at = np.flatnonzero(np.isnan(values).any(axis=1) & ~records.future)
    if len(at) == 0:
        return None
    row = at[np.argmin(records.rows[at])]
    coded = names[int(np.argmax(np.isnan(values[row])))]
    columns = (*records.targets, *records.columns.past, *records.columns.known)
    column = next(column for column in columns if is_of(coded, column))
    message = (
        f"{_place(records, column, row)}the covariate of {say(records.times[row])} is missing"
        f"{_in_all(len(at), 'rows with blanks')}. Write the value there."
    )
    return Problem("blank", message, len(at), int(row))


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
    """Return the beginning of a message about a row; without a column, about its target."""
    s = int(np.searchsorted(records.offsets, row, side="right")) - 1
    name = column or records.targets[s % len(records.targets)]
    return place(records.source, name, records.rows[row], records.ids[s] if records.columns.id else None)


def _in_all(count: int, what: str) -> str:
    return f" ({count:,} {what} in all)" if count > 1 else ""
