"""Marks in numbers: whether 1.020 is a thousand and twenty or a little more than one, decided by its column."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import cache
from statistics import median

_SIGNS = "-+\N{MINUS SIGN}"
_DECIMALS = re.compile(r"[-+\N{MINUS SIGN}]?(?:\d+([.,])(?:\d{1,2}|\d{4,})|0?([.,])\d+)", re.ASCII)
NAMES = {".": "point", ",": "comma"}


def is_in_doubt(cells: Sequence[str], mark: str) -> bool:
    """Say whether all numbers with this mark could have it between thousands, and none shows what it is.

    These have one to three digits before it, the first of which is not zero, and exactly three behind it.
    """
    pattern, other, found = _grouped(mark), "." if mark == "," else ",", False
    for cell in cells:
        if mark in cell:
            if not pattern.fullmatch(cell):
                return False
            found = True
    return found and not any(other in cell for cell in cells)


def groups_thousands(cells: Sequence[str], mark: str) -> bool | None:
    """Say whether a doubtful mark groups thousands, by the numbers without it; None if they do not tell.

    Beside 1.020 a whole number such as 950 is written with thousands grouped: as decimals the two were a thousand times
    apart, and one would be 950.000 where the other has a zero at its end. A whole number such as 1500 would be grouped.

    Examples
    --------
    >>> from statecast.series._marks import groups_thousands
    >>> groups_thousands(["950", "1.020", "1.234"], "."), groups_thousands(["1", "1.125", "2.375"], ".")
    (True, False)
    """
    plain = [abs(float(cell)) for cell in cells if mark not in cell and cell.strip(_SIGNS).isdecimal()]
    plain = [value for value in plain if value]
    marked = [cell for cell in cells if mark in cell]
    if not plain:
        return None
    decades = math.log10(median(plain) / median(abs(float(cell.strip(_SIGNS).replace(mark, "."))) for cell in marked))
    ends_in_zero = any(cell.endswith("0") for cell in marked)
    if max(plain) >= 1000:
        return None if decades >= 2 else False
    if decades >= 2 or (decades >= 1 and ends_in_zero):
        return True
    return None if decades >= 1 or ends_in_zero else False


def mark_shown(columns: Iterable[Sequence[str]]) -> str:
    """Return the decimal mark that other columns of a table show, "" if they show none or both."""
    found = {mark for cells in columns for cell in cells for mark in _shown(cell.strip())}
    return found.pop() if len(found) == 1 else ""


def _shown(cell: str) -> str:
    match = _DECIMALS.fullmatch(cell)
    return (match[1] or match[2]) if match else ""


@cache
def _grouped(mark: str) -> re.Pattern[str]:
    return re.compile(rf"[{re.escape(_SIGNS)}]?[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}", re.ASCII)
