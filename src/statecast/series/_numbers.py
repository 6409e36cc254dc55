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


def parse_numbers(cells: Sequence[str], *, semicolons: bool = False) -> tuple[np.ndarray, str]:
    """Read a column of numbers, written with a decimal point or a decimal comma throughout.

    Parameters
    ----------
    cells : sequence of str
        The column.
    semicolons : bool
        Whether semicolons separate the columns. Then the comma in 1,234 is a decimal comma, elsewhere it
        groups thousands.

    Returns
    -------
    values : float64 array
        NaN where there is no value.
    manner : str
        How the numbers are written, if not plainly: "decimal comma" or "thousands separated".

    Raises
    ------
    BadCellError
        At the first cell that is no number.
    """
    with suppress(ValueError):
        return _floats(cells), ""  # most columns: plain numbers, nothing missing
    cells = ["nan" if is_missing(cell) else cell.strip() for cell in cells]
    with suppress(ValueError):
        return _floats(cells), ""
    fits = {mark: [cell == "nan" or bool(_pattern(mark).fullmatch(cell)) for cell in cells] for mark in ".,"}
    mark = max(",." if semicolons else ".,", key=lambda mark: sum(fits[mark]))
    if not all(fits[mark]):
        index = fits[mark].index(False)
        raise BadCellError(index, f"{shown(cells[index])} is not a number. Write a number there.")
    unwanted = str.maketrans(mark, ".", _GROUPS[mark])
    plain = [cell.replace(_MINUS, "-").translate(unwanted) for cell in cells]
    used = set("".join(cells))
    if mark == "," and mark in used:
        return _floats(plain), "decimal comma"
    return _floats(plain), "thousands separated" if used & set(_GROUPS[mark]) else ""


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
