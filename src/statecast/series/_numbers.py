"""Numbers in text: decimal point or comma, separators of thousands, and cells without a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from statecast.series._cells import BadCellError, is_missing, shown
from statecast.series._marks import NAMES, groups_thousands, is_in_doubt

_BETWEEN = "'\N{RIGHT SINGLE QUOTATION MARK} \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_GROUPS = {".": "," + _BETWEEN, ",": "." + _BETWEEN}  # what may stand between thousands, by the decimal mark
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column of numbers.

    Attributes
    ----------
    values : float64 array
        NaN where there is no value.
    manner : str
        How they are written, if not plainly: "decimal comma" or "thousands separated".
    note : str
        What there is to say about it.
    decimal : str or None
        The decimal mark, where the cells were read otherwise than plainly.
    """

    values: np.ndarray
    manner: str = ""
    note: str = ""
    decimal: str | None = None


@dataclass(frozen=True)
class Writing:
    """What is known of how the numbers of a column are written, beside its cells.

    Attributes
    ----------
    semicolons : bool
        Whether semicolons separate the columns. Then the comma in 1,234 is a decimal comma, elsewhere it
        groups thousands, and the point in 1.234 is doubtful.
    decimal : str or None
        The decimal mark, "." or ",", where it was given.
    elsewhere : callable
        Gives the decimal mark that other columns show, "" if they show none.
    option : str
        What the user writes to give the mark.
    known : str
        The decimal mark of the rows before, where these follow others; "" if it is not known.
    """

    semicolons: bool = False
    decimal: str | None = None
    elsewhere: Callable[[], str] = str
    option: str = "--decimal"
    known: str = ""


def parse_numbers(cells: Sequence[str], writing: Writing | None = None) -> Numbers:
    """Read a column of numbers, written with a decimal point or a decimal comma throughout.

    Raises
    ------
    BadCellError
        At the first cell that is no number, that can be two, or is another one than by the mark of the rows before.
    """
    writing = writing or Writing()
    plain = _parsed(cells)
    if plain is None:
        cells = ["nan" if is_missing(cell) else cell.strip() for cell in cells]
        plain = _parsed(cells)
    given = writing.decimal or writing.known or None
    if plain is not None and given != "," and (given or not is_in_doubt(cells, ".")):
        return Numbers(plain)  # most columns: plain numbers
    if writing.known and not writing.decimal:
        _refuse_other_mark(cells, writing.known, semicolons=writing.semicolons)
    mark, note = (given, "") if given else _choose(cells, writing)
    fits = [cell == "nan" or bool(_pattern(mark).fullmatch(cell)) for cell in cells]
    if not all(fits):
        index = fits.index(False)
        as_given = f", with a decimal {NAMES[mark]}" if given else ""
        raise BadCellError(index, f"{shown(cells[index])} is not a number{as_given}. Write a number there.")
    values = _floats(_with_point(cells, mark))
    used = set("".join(cells))
    if mark == "," and mark in used:
        return Numbers(values, "decimal comma", note, mark)
    grouped = bool(used & set(_GROUPS[mark]))
    return Numbers(values, "thousands separated" if grouped else "", note, mark if grouped else None)


def _choose(cells: Sequence[str], writing: Writing) -> tuple[str, str]:
    """Return the decimal mark of a column, and what there is to say about it."""
    for mark, other in (".,", ",."):
        if is_in_doubt(cells, mark):
            return _resolve(cells, mark, other, writing)
    fits = {mark: sum(cell == "nan" or bool(_pattern(mark).fullmatch(cell)) for cell in cells) for mark in ".,"}
    return max(",." if writing.semicolons else ".,", key=lambda mark: fits[mark]), ""


def _resolve(cells: Sequence[str], mark: str, other: str, writing: Writing) -> tuple[str, str]:
    """Decide what a doubtful mark is: by its column, then by the table, then by what separates the columns."""
    if mark == "," and not writing.semicolons:
        return ".", ""
    grouped = groups_thousands(cells, mark)
    if grouped is None:
        shown_elsewhere = writing.elsewhere()
        grouped = None if not shown_elsewhere else shown_elsewhere != mark
    if grouped is not None:
        return (other if grouped else mark), ""
    index = next(index for index, cell in enumerate(cells) if mark in cell)
    cell, name = cells[index], NAMES[mark]
    if mark == "." and writing.semicolons:
        raise BadCellError(
            index,
            f"{shown(cell)} can be {cell.replace(mark, '')} or {float(cell):g}, as every point has three digits behind "
            f"it. Give {writing.option} {other} if points group thousands, {writing.option} {mark} if not.",
        )
    return mark, (
        f"Numbers such as {cell} were read with a decimal {name}; if {name}s group thousands, give "
        f"{writing.option} {other}."
    )


def decimal_mark(cells: Sequence[str], values: np.ndarray) -> str:
    """Return the decimal mark by which a column of text was read as these values; "" if any would do."""
    for cell, value in zip(cells, values.tolist(), strict=True):
        if ("." in cell or "," in cell) and not is_missing(cell):
            marks = [mark for mark in ".," if _value(cell, mark) == value]
            if len(marks) == 1:
                return marks[0]
    return ""


def _value(cell: str, mark: str) -> float | None:
    """Return a cell by a decimal mark, None if it is no number then."""
    return float(_with_point([cell.strip()], mark)[0]) if _pattern(mark).fullmatch(cell.strip()) else None


def _refuse_other_mark(cells: Sequence[str], known: str, *, semicolons: bool) -> None:
    """Refuse a column with a cell that is a number by the other decimal mark alone, or may well be meant so."""
    other = "," if known == "." else "."
    doubtful = semicolons and known == "." and not any("." in cell for cell in cells)
    for index, cell in enumerate(cells):
        if other not in cell:
            continue
        by_other, by_known = _value(cell, other), _value(cell, known)
        small = cell.lstrip(f"+-{_MINUS}").startswith("0")  # no thousands begin with 0
        if by_other is not None and (by_known is None or ((doubtful or small) and by_known != by_other)):
            means = "no number" if by_known is None else f"{by_known:.15g}"
            raise BadCellError(
                index,
                f"{shown(cell)} is {by_other:.15g} with a decimal {NAMES[other]} and {means} with a decimal "
                f"{NAMES[known]}, as the rows before are written. Write numbers as there.",
            )


def _with_point(cells: Sequence[str], mark: str) -> list[str]:
    """Write numbers with a decimal point and nothing between thousands."""
    unwanted = str.maketrans(mark, ".", _GROUPS[mark])
    return [cell.replace(_MINUS, "-").translate(unwanted) for cell in cells]


def is_number(cell: str) -> bool:
    """Say whether a cell is a number in any manner of writing."""
    return any(_pattern(mark).fullmatch(cell.strip()) for mark in ".,")


def _parsed(cells: Sequence[str]) -> np.ndarray | None:
    try:
        return _floats(cells)
    except ValueError:
        return None


def _floats(cells: Sequence[str]) -> np.ndarray:
    return np.fromiter(map(float, cells), np.float64, len(cells))


@cache
def _pattern(mark: str) -> re.Pattern[str]:
    group = f"[{re.escape(_GROUPS[mark])}]"
    whole = rf"\d{{1,3}}({group})\d{{3}}(?:\1\d{{3}})*|\d+"
    point = re.escape(mark)
    return re.compile(
        rf"[-+{_MINUS}]?(?:(?:{whole})(?:{point}\d*)?|{point}\d+)(?:[eE][-+]?\d+)?|[-+]?inf(?:inity)?",
        re.ASCII | re.IGNORECASE,
    )
