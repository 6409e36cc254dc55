"""Numbers in text: decimal point or comma, separators of thousands, and cells without a value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import cache

import numpy as np

from statecast.series._cells import BadCellError, is_missing, shown

_BETWEEN = "'\N{RIGHT SINGLE QUOTATION MARK} \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_GROUPS = {".": "," + _BETWEEN, ",": "." + _BETWEEN}  # what may stand between thousands, by the decimal mark
_MINUS = "\N{MINUS SIGN}"


def parse_numbers(cells: Sequence[str], *, semicolons: bool = False, known: str = "") -> tuple[np.ndarray, str]:
    """Read a column of numbers, written with a decimal point or a decimal comma throughout.

    Parameters
    ----------
    cells : sequence of str
        The column.
    semicolons : bool
        Whether semicolons separate the columns. Then the comma in 1,234 is a decimal comma, elsewhere it
        groups thousands.
    known : str
        The decimal mark of the rows before, where these follow others: what it cannot be the mark of is refused.

    Returns
    -------
    values : float64 array
        NaN where there is no value.
    manner : str
        How the numbers are written, if not plainly: "decimal comma" or "thousands separated".

    Raises
    ------
    BadCellError
        At the first cell that is no number, or is another one than by the decimal mark of the rows before.
    """
    if known != ",":
        with suppress(ValueError):
            return _floats(cells), ""  # most columns: plain numbers, nothing missing
    cells = ["nan" if is_missing(cell) else cell.strip() for cell in cells]
    if known != ",":
        with suppress(ValueError):
            return _floats(cells), ""
    if known:
        _refuse_other_mark(cells, known, semicolons=semicolons)
    marks = known or (",." if semicolons else ".,")
    fits = {mark: [cell == "nan" or bool(_pattern(mark).fullmatch(cell)) for cell in cells] for mark in marks}
    mark = max(marks, key=lambda mark: sum(fits[mark]))
    if not all(fits[mark]):
        index = fits[mark].index(False)
        raise BadCellError(index, f"{shown(cells[index])} is not a number. Write a number there.")
    plain, used = _plain(cells, mark), set("".join(cells))
    if mark == "," and mark in used:
        return _floats(plain), "decimal comma"
    return _floats(plain), "thousands separated" if used & set(_GROUPS[mark]) else ""


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
    return float(_plain([cell.strip()], mark)[0]) if _pattern(mark).fullmatch(cell.strip()) else None


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
            words = {".": "point", ",": "comma"}
            means = "no number" if by_known is None else f"{by_known:.15g}"
            raise BadCellError(
                index,
                f"{shown(cell)} is {by_other:.15g} with a decimal {words[other]} and {means} with a decimal "
                f"{words[known]}, as the rows before are written. Write numbers as there.",
            )


def _plain(cells: list[str], mark: str) -> list[str]:
    """Write numbers with a decimal point and nothing between thousands."""
    unwanted = str.maketrans(mark, ".", _GROUPS[mark])
    return [cell.replace(_MINUS, "-").translate(unwanted) for cell in cells]


def is_number(cell: str) -> bool:
    """Say whether a cell is a number in any manner of writing."""
    return any(_pattern(mark).fullmatch(cell.strip()) for mark in ".,")


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
