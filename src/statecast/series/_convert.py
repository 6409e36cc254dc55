"""The columns of a table, once their roles are known: time stamps, values and names of series."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from statecast.series._cells import MISSING, BadCellError, is_missing, is_whole
from statecast.series._dates import Dates, compose, parse_dates
from statecast.series._numbers import decimal_mark, parse_numbers
from statecast.series._table import Table

_FIRST_YEAR, _LAST_YEAR = 1500, 2200  # whole numbers outside are no years
LARGEST = 1e100
_SMALLEST = 1e-100  # what is nearer to zero is zero: a range so small cannot be divided by
STEPS = "a count of steps"
_WHOLE = ("YYYY", "YYYYMM", "YYYYMMDD", STEPS)
_NO_STAMP = "the time stamp is missing. Write it there, or remove the row."


def read_times(table: Table, name: str, label: str = "", known: str | None = None) -> Dates:
    """Read the time column: datetime64[us], or int64 where time is a count of steps.

    Whole numbers are read in the manner `label`, such as YYYYMM, if it is given; if these rows follow others, all are
    read as those were written, which is `known`, or "" if nobody knows it.
    """
    try:
        dates = _times(table.cells(name), label, known)
        return dates if dates.label else replace(dates, offsets=table.zone_offsets(name))
    except BadCellError as error:
        raise table.error(name, error) from None


def read_values(table: Table, name: str, *, finite: bool = True, mark: str = "") -> tuple[np.ndarray, str]:
    """Read the target as float64, NaN where there is no value; also say how it is written, if not plainly.

    Text has the decimal `mark`, where that is known. Values that are infinite, or too large, are refused, or where they
    need not be `finite` are infinity.
    """
    cells = table.cells(name)
    manner = ""
    try:
        if cells.dtype == object:
            values, manner = parse_numbers(cells.tolist(), semicolons=table.manner.startswith("semicolon"), known=mark)
        elif cells.dtype.kind == "M":
            raise BadCellError(0, f"{cells[0]} is a date, not a number. Name another target.")
        else:
            values = cells.astype(np.float64)
        size = np.abs(values)
        if (huge := size > LARGEST).any():  # false for NaN
            if finite:
                raise _huge(int(np.argmax(huge)), values, cells)
            values = np.where(huge, np.inf, values)
        if (tiny := (size < _SMALLEST) & (size > 0)).any():
            values = np.where(tiny, 0.0, values)
    except BadCellError as error:
        raise table.error(name, error) from None
    return values, manner


def mark_of(table: Table, name: str, values: np.ndarray) -> tuple[tuple[str, str], ...]:
    """Return name and decimal mark of a column that was read as these values, where its text tells the mark."""
    cells = table.cells(name)
    mark = decimal_mark(cells.tolist(), values) if cells.dtype == object else ""
    return ((name, mark),) if mark else ()


def _times(cells: np.ndarray, label: str, known: str | None) -> Dates:
    if cells.dtype == object:
        return _text_times([cell.strip() for cell in cells], known)
    if cells.dtype.kind in "iu":
        return _following(cells, label, known)
    blank = np.isnat(cells) if cells.dtype.kind == "M" else np.isnan(cells)
    if blank.any():
        raise BadCellError(np.argmax(blank), _NO_STAMP)
    if cells.dtype.kind == "M":
        return Dates(cells.astype("datetime64[us]"), "")
    whole = (cells == np.floor(cells)) & (cells.dtype.kind in "iuf")
    if not whole.all():
        index = np.argmin(whole)
        reason = f"{cells[index]} is neither a date nor a whole number. Name another column."
        raise BadCellError(index, reason)
    return _following(cells.astype(np.int64), label, known)


def _text_times(cells: list[str], known: str | None) -> Dates:
    if not MISSING.isdisjoint(map(str.casefold, cells)):
        raise BadCellError(next(index for index, cell in enumerate(cells) if is_missing(cell)), _NO_STAMP)
    if all(map(is_whole, cells)):
        return _following(np.array(cells, dtype=np.int64), "", known)
    return parse_dates(cells, known)


def _following(values: np.ndarray, label: str, known: str | None) -> Dates:
    """Read whole numbers as time, as those of the rows before, where these follow others."""
    if label or known is None or known not in _WHOLE:
        return whole_times(values, label)
    dates = whole_times(values, known)
    if dates.label != known:
        index = next((n for n in range(len(values)) if whole_times(values[n : n + 1], known).label != known), 0)
        found = whole_times(values).label
        raise BadCellError(
            index,
            f"{values[index]} is not written {known}, as the rows before are; by itself it would be "
            f"{found if found == STEPS else f'written {found}'}. Write all in one manner.",
        )
    return dates


def whole_times(values: np.ndarray, label: str = "") -> Dates:
    """Read whole numbers as years, months or days if all of them look like it; else as a count of steps.

    Raises
    ------
    BadCellError
        If one is an impossible date, or cannot be read in the manner `label`, where that is given.
    """
    low, high = values.min(), values.max()
    one = np.ones_like(values)
    if label == STEPS or (not label and high < _FIRST_YEAR):
        return Dates(values, STEPS)
    if label in ("", "YYYY") and low >= _FIRST_YEAR and high <= _LAST_YEAR:
        return Dates(compose({"y": values, "m": one})[0], "YYYY")
    if label in ("", "YYYYMM") and low // 100 >= _FIRST_YEAR and high // 100 <= _LAST_YEAR:
        times, possible = compose({"y": values // 100, "m": values % 100})
        if possible.all():
            return Dates(times, "YYYYMM")
    if label in ("", "YYYYMMDD") and low // 10_000 >= _FIRST_YEAR and high // 10_000 <= _LAST_YEAR:
        times, possible = compose({"y": values // 10_000, "m": values // 100 % 100, "d": values % 100})
        if not possible.all():
            index = np.argmin(possible)
            raise BadCellError(index, f"{values[index]} is an impossible date (YYYYMMDD). Correct it.")
        return Dates(times, "YYYYMMDD")
    return Dates(values, STEPS)


def _huge(index: int, values: np.ndarray, cells: np.ndarray) -> BadCellError:
    what = "infinite" if np.isinf(values[index]) else "too large: its square overflows"
    return BadCellError(index, f"{cells[index]} is {what}. Correct it, or use larger units.")
