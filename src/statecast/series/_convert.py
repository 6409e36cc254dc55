"""The columns of a table, once their roles are known: time stamps, values and names of series."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np

from statecast.series._cells import MISSING, BadCellError, is_missing, is_whole
from statecast.series._dates import Dates, compose, parse_dates
from statecast.series._numbers import parse_numbers
from statecast.series._table import Table

_FIRST_YEAR, _LAST_YEAR = 1500, 2200  # whole numbers outside are no years
_LARGEST = 1e100
_SMALLEST = 1e-100  # what is nearer to zero is zero: a range so small cannot be divided by
_NO_STAMP = "the time stamp is missing. Write it there, or remove the row."


def read_times(table: Table, name: str) -> Dates:
    """Read the time column: datetime64[us], or int64 where time is a count of steps."""
    try:
        dates = _times(table.cells(name))
        return dates if dates.label else replace(dates, offsets=table.zone_offsets(name))
    except BadCellError as error:
        raise table.error(name, error) from None


def read_values(table: Table, name: str) -> tuple[np.ndarray, str]:
    """Read the target as float64, NaN where there is no value; also say how it is written, if not plainly."""
    cells = table.cells(name)
    manner = ""
    try:
        if cells.dtype == object:
            values, manner = parse_numbers(cells.tolist(), semicolons=table.manner.startswith("semicolon"))
        elif cells.dtype.kind == "M":
            raise BadCellError(0, f"{cells[0]} is a date, not a number. Name another target.")
        else:
            values = cells.astype(np.float64)
        _refuse_huge(values, cells)
        values = np.where(np.abs(values) < _SMALLEST, 0.0, values)
    except BadCellError as error:
        raise table.error(name, error) from None
    return values, manner


def read_ids(table: Table, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Read the id column: the number of the series of each row, and the names of the series."""
    cells = table.cells(name)
    if cells.dtype.kind == "f" and (cells == np.floor(cells)).all():
        cells = cells.astype(np.int64)
    blank = cells == "" if cells.dtype == object else np.isnan(cells)
    if blank.any():
        raise table.error(name, BadCellError(np.argmax(blank), "the name of the series is missing. Add it."))
    seen: dict[object, int] = {}
    first_rows = np.fromiter(map(seen.setdefault, cells.tolist(), count()), np.int64, len(cells))
    return np.searchsorted(list(seen.values()), first_rows), tuple(map(str, seen))


def _times(cells: np.ndarray) -> Dates:
    if cells.dtype == object:
        return _text_times([cell.strip() for cell in cells])
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
    return _whole_times(cells.astype(np.int64))


def _text_times(cells: list[str]) -> Dates:
    if not MISSING.isdisjoint(map(str.casefold, cells)):
        raise BadCellError(next(index for index, cell in enumerate(cells) if is_missing(cell)), _NO_STAMP)
    if all(map(is_whole, cells)):
        return _whole_times(np.array(cells, dtype=np.int64))
    return parse_dates(cells)


def _whole_times(values: np.ndarray) -> Dates:
    """Read whole numbers as years, months or days if all of them look like it; else as a count of steps."""
    low, high = values.min(), values.max()
    one = np.ones_like(values)
    if low >= _FIRST_YEAR and high <= _LAST_YEAR:
        return Dates(compose({"y": values, "m": one})[0], "YYYY")
    if low // 100 >= _FIRST_YEAR and high // 100 <= _LAST_YEAR:
        times, possible = compose({"y": values // 100, "m": values % 100})
        if possible.all():
            return Dates(times, "YYYYMM")
    if low // 10_000 >= _FIRST_YEAR and high // 10_000 <= _LAST_YEAR:
        times, possible = compose({"y": values // 10_000, "m": values // 100 % 100, "d": values % 100})
        if not possible.all():
            index = np.argmin(possible)
            raise BadCellError(index, f"{values[index]} is an impossible date (YYYYMMDD). Correct it.")
        return Dates(times, "YYYYMMDD")
    return Dates(values, "a count of steps")


def _refuse_huge(values: np.ndarray, cells: np.ndarray) -> None:
    huge = np.abs(values) > _LARGEST  # false for NaN
    if huge.any():
        index = np.argmax(huge)
        what = "infinite" if np.isinf(values[index]) else "too large: its square overflows"
        raise BadCellError(index, f"{cells[index]} is {what}. Correct it, or use larger units.")
