"""The columns of a table, once their roles are known: time stamps, values and names of series."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from statecast.series._cells import MISSING, BadCellError, is_missing, is_whole
from statecast.series._dates import Dates, compose, date_format, parse_dates
from statecast.series._marks import mark_shown
from statecast.series._numbers import Numbers, Writing, decimal_mark, parse_numbers
from statecast.series._table import Table, option

_FIRST_YEAR, _LAST_YEAR = 1500, 2200  # whole numbers outside are no years
_LIKELY_FIRST, _LIKELY_LAST = 1700, 2100  # years outside are read as such, and this is said
_SINCE, _UNTIL = 1_000_000_000, 4_102_444_800  # seconds from 1970 to September 2001, and to the end of 2099
_UNITS = {"seconds": 1, "milliseconds": 1_000, "microseconds": 1_000_000, "nanoseconds": 1_000_000_000}
LARGEST = 1e100
_SMALLEST = 1e-100  # what is nearer to zero is zero: a range so small cannot be divided by
STEPS = "a count of steps"
_WHOLE = ("YYYY", "YYYYMM", "YYYYMMDD", *(f"{unit} since 1970" for unit in _UNITS), STEPS)
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


def read_values(
    table: Table,
    name: str,
    *,
    finite: bool = True,
    decimal: str | None = None,
    hint: str | None = None,
    known: str = "",
) -> Numbers:
    """Read the target as float64, NaN where there is no value.

    The mark `decimal` holds for all cells if it is given, `hint` where they leave in doubt what the decimal mark is;
    rows that follow others have the mark of those, `known`, and what contradicts it is refused. Values that are
    infinite, or too large, are refused, or where they need not be `finite` are infinity.
    """
    cells = table.cells(name)
    numbers = Numbers(cells)
    try:
        if cells.dtype == object:
            numbers = parse_numbers(cells.tolist(), _writing(table, name, decimal, hint, known))
            values = numbers.values
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
    return replace(numbers, values=values)


def _writing(table: Table, name: str, decimal: str | None, hint: str | None, known: str) -> Writing:
    def elsewhere() -> str:
        if hint:
            return hint
        columns = [table.sample(other) for other in table.names if other != name]
        text = [cells.tolist() for cells in columns if cells.dtype == object]
        return mark_shown(cells for cells in text if not any(map(date_format, cells)))

    decimal = None if known else decimal
    return Writing(table.manner.startswith("semicolon"), decimal, elsewhere, option(table.source, "decimal"), known)


def mark_of(table: Table, name: str, values: np.ndarray) -> tuple[tuple[str, str], ...]:
    """Return name and decimal mark of a column that was read as these values, where its text tells the mark."""
    cells = table.cells(name)
    mark = decimal_mark(cells.tolist(), values) if cells.dtype == object else ""
    return ((name, mark),) if mark else ()


def _times(cells: np.ndarray, label: str, known: str | None) -> Dates:
    if cells.dtype == object:
        return _text_times([cell.strip() for cell in cells], label, known)
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


def _text_times(cells: list[str], label: str, known: str | None) -> Dates:
    if not MISSING.isdisjoint(map(str.casefold, cells)):
        raise BadCellError(next(index for index, cell in enumerate(cells) if is_missing(cell)), _NO_STAMP)
    if all(map(is_whole, cells)):
        return _following(np.array(cells, dtype=np.int64), label, known)
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
    """Read whole numbers as years, months, days or time since 1970 if all look like it; else as a count of steps.

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
        return Dates(compose({"y": values, "m": one})[0], "YYYY", _doubt(values, low, high))
    if label in ("", "YYYYMM") and low // 100 >= _FIRST_YEAR and high // 100 <= _LAST_YEAR:
        times, possible = compose({"y": values // 100, "m": values % 100})
        if possible.all():
            return Dates(times, "YYYYMM", _doubt(values, low // 100, high // 100))
    if label in ("", "YYYYMMDD") and low // 10_000 >= _FIRST_YEAR and high // 10_000 <= _LAST_YEAR:
        times, possible = compose({"y": values // 10_000, "m": values // 100 % 100, "d": values % 100})
        if not possible.all():
            index = np.argmin(possible)
            raise BadCellError(index, f"{values[index]} is an impossible date (YYYYMMDD). Correct it.")
        return Dates(times, "YYYYMMDD")
    return _since_1970(values, label) or Dates(values, STEPS)


def _since_1970(values: np.ndarray, label: str) -> Dates | None:
    """Read Unix time, in the unit in which all of it falls into the years 2001 to 2100."""
    low, high = values.min(), values.max()
    for unit, length in _UNITS.items():
        name = f"{unit} since 1970"
        if label in ("", name) and low >= _SINCE * length and high < _UNTIL * length and not _are_hours(values):
            micros = values * (1_000_000 // length) if length <= 1_000_000 else values // (length // 1_000_000)
            return Dates(micros.astype("datetime64[us]"), name, offsets=np.zeros(len(values), "timedelta64[us]"))
    return None


def _are_hours(values: np.ndarray) -> bool:
    """Say whether all could be dates with an hour, YYYYMMDDHH."""
    days = values // 100
    parts = {"y": days // 10_000, "m": days // 100 % 100, "d": days % 100, "H": values % 100}
    return bool(parts["y"].min() >= _FIRST_YEAR and parts["y"].max() <= _LAST_YEAR and compose(parts)[1].all())


def _doubt(values: np.ndarray, first: int, last: int) -> str:
    """Say that numbers far from the years of most data could be a count."""
    if first >= _LIKELY_FIRST and last <= _LIKELY_LAST:
        return ""
    odd = values.min() if first < _LIKELY_FIRST else values.max()
    return f"Numbers such as {odd} were read as dates; if they count steps, give the frequency 1."


def _huge(index: int, values: np.ndarray, cells: np.ndarray) -> BadCellError:
    what = "infinite" if np.isinf(values[index]) else "too large: its square overflows"
    return BadCellError(index, f"{cells[index]} is {what}. Correct it, or use larger units.")
