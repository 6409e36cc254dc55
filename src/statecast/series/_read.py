"""Reading: a panel from a file, a frame or an array."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from statecast.errors import DataError
from statecast.series._covariates import Covariates
from statecast.series._fill import fill
from statecast.series._known import known_notes, to_covariates
from statecast.series._load import load
from statecast.series._notes import gap_notes
from statecast.series._panel import Panel
from statecast.series._partial import PartialPeriod
from statecast.series._problems import problems
from statecast.series._records import Records
from statecast.series._regular import regular
from statecast.series._roles import Roles
from statecast.series._terms import week_note


def read(
    data: object,
    *,
    target: str | Sequence[str] | None = None,
    time: str | None = None,
    id: str | None = None,
    freq: str | None = None,
    season: int | Sequence[int] | None = None,
    sheet: str | None = None,
    past: str | Sequence[str] | None = None,
    known: str | Sequence[str] | None = None,
    static: str | Sequence[str] | None = None,
    holidays: str | None = None,
    calendar: bool = False,
    wide: bool = False,
    time_zone: str | None = None,
    every: str | None = None,
    aggregate: str | None = None,
    gaps: str = "linear",
    decimal: str | None = None,
) -> Panel:
    """Read a series, or many, from a file, a data frame or an array.

    Columns, formats, frequency and season are found out where they are not given; the panel's notes say what
    was found. Rows out of time order are sorted.

    Parameters
    ----------
    data : path, "-", data frame, series, array, list of numbers, or Panel
        CSV and its relatives, Parquet, Excel, each plain or compressed; a folder of Parquet files, or of CSV, whose
        folders may be named year=2024, which is a column then; "-" for standard input; a pandas, polars or Arrow
        frame. A panel is returned as it is.
    target : str or sequence of str, optional
        Column to forecast; the only column of numbers if not given. Each of several, also as "a,b", becomes a series
        of its own, called "a", or "shop/a" where there is an id column, and all of them are past covariates of each.
    time : str, optional
        Column of time stamps; the first column of dates if not given.
    id : str, optional
        Column that tells series apart. Not needed where columns are called unique_id, ds and y.
    freq : str, optional
        Distance between time stamps: an alias of pandas, or a word such as "monthly".
    season : int or sequence of int, optional
        Steps in a season, or in several; the usual ones for the frequency if not given, such as 12 for months.
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
    wide : bool
        Whether every column of numbers is a series of its own.
    time_zone : str, optional
        Of time stamps that say none, such as "Europe/Berlin". Stamps less than a day apart are brought to UTC; longer
        ones keep their local date.
    every : str, optional
        Period that rows are brought to, such as "month", "week" or "30min", whatever their stamps: a row a period,
        stamped at its beginning; weeks begin on Monday. An alias with a weekday or a month means what it does in
        pandas: "W-SAT" is stamped with the Saturday that ends the week, "QS-NOV" begins in November. Incomplete periods
        at the ends are left out: those in which the rows are silent for longer than they ever are, rare exceptions
        apart.
    aggregate : {"sum", "mean", "last"}, optional
        How rows of one period are put together, "sum" if not given; without `every`, rows of one time stamp. A period
        without rows is zero in a sum, else a gap. Covariates are averaged.
    gaps : {"linear", "season", "last", "zero", "refuse"}
        How time stamps and values that are missing are filled: by a straight line; by the season before, moved to the
        level of the last value; by the value before; by zero; or not at all. Values missing at the ends of a series
        are left out.
    decimal : {".", ","}, optional
        The decimal mark of numbers in text; found out if not given.

    Returns
    -------
    Panel
        The series in time order, without gaps or missing values; it marks what was filled.

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
    roles = Roles(
        target=target,
        time=time,
        id=id,
        freq=freq,
        season=season,
        sheet=sheet,
        past=past,
        known=known,
        static=static,
        holidays=holidays,
        calendar=calendar,
        wide=wide,
        time_zone=time_zone,
        every=every,
        aggregate=aggregate,
        gaps=gaps,
        decimal=decimal,
    )
    return to_panel(data, roles)


def to_panel(
    data: object,
    roles: Roles | None = None,
    like: Covariates | None = None,
    before: PartialPeriod | None = None,
    ids: tuple[str, ...] = (),
) -> Panel:
    """Read as `read` does, with what the user says in one object; a panel is returned as it is.

    Parameters
    ----------
    data
        What `read` takes, or records.
    roles : Roles, optional
        What the user says.
    like : Covariates, optional
        Those read before, whose columns these are to have.
    before : PartialPeriod, optional
        Rows that wait for these, and `ids`, the names of its series.
    """
    if isinstance(data, Panel):
        return data
    records = data if isinstance(data, Records) else load(data, roles, like, before, ids)
    for problem in problems(records):
        raise DataError(problem.message)
    return panel_of(records, like)


def panel_of(records: Records, like: Covariates | None = None) -> Panel:
    """Return the panel of records that have no problems."""
    whole = regular(records)
    observed = slice(None) if not whole.columns.known else ~whole.future
    values, offsets = whole.values[observed], whole.offsets
    if whole.columns.known:
        lengths = np.add.reduceat((~whole.future).astype(np.int64), whole.offsets[:-1])
        offsets = np.concatenate([[0], np.cumsum(lengths)])
    filled = fill(values, offsets, whole.columns.gaps, whole.frequency.season) if np.isnan(values).any() else None
    covariates = to_covariates(whole, offsets, like)
    return Panel(
        values if filled is None else filled.values,
        offsets,
        whole.times[observed],
        whole.ids,
        whole.frequency,
        whole.columns,
        (
            *whole.notes,
            *gap_notes(records, whole, np.isnan(whole.values) & ~whole.future),
            *known_notes(whole.columns, covariates, np.diff(offsets)),
            *week_note(whole.columns, whole.frequency.alias, whole.times),
        ),
        filled=None if filled is None else filled.filled,
        covariates=covariates,
        carried=None if filled is None else filled.carried,
        partial=records.partial,
    )
