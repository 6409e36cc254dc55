"""Numbers and time stamps as people read them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray


def figure(value: float) -> str:
    """Return a number with about four significant digits."""
    return figures([value])[0]


def figures(values: Iterable[float]) -> list[str]:
    """Return numbers of one column with equal decimals: about four significant digits of the largest, none if whole."""
    values = list(values)
    places = decimals(values)
    form = ".4g" if places is None else f",.{places}f"
    return [format(v, form) if math.isfinite(v) else "-" for v in values]


def decimals(values: Iterable[float]) -> int | None:
    """Return how many decimals numbers of one column have; None where they are too large or too small for that."""
    finite = [abs(v) for v in values if math.isfinite(v)]
    largest = max(finite, default=0.0)
    if largest >= 1e15 or 0 < largest < 1e-4:
        return None
    whole_digits = len(f"{largest:.0f}") if largest >= 1 else 0 if largest == 0 else math.floor(math.log10(largest)) + 1
    return max(0, 4 - whole_digits) if any(v % 1 for v in finite) else 0


def alike(columns: Mapping[str, NDArray[np.float64]]) -> dict[str, list[str]]:
    """Return columns of numbers of one kind, with equal decimals."""
    cells = iter(figures(float(value) for column in columns.values() for value in column.ravel()))
    return {heading: list(islice(cells, column.size)) for heading, column in columns.items()}


def moments(stamps: Iterable[str]) -> list[str]:
    """Return time stamps of one column alike: midnight is 00:00 among hours; seconds only where there are any.

    Examples
    --------
    >>> moments(["2024-01-31 23:00:00", "2024-02-01"]), moments(["2024-02-01"])
    (['2024-01-31 23:00', '2024-02-01 00:00'], ['2024-02-01'])
    """
    cells = list(stamps)
    if not any(":" in cell for cell in cells):
        return cells
    if all(re.search(r":00[-+]\d\d:\d\d$", cell) for cell in cells):  # local time of a zone
        return [f"{cell[:-9]}{cell[-6:]}" for cell in cells]
    if any(re.search(r"[-+]\d\d:\d\d$", cell) for cell in cells):
        return cells
    whole = [cell if ":" in cell else f"{cell} 00:00:00" for cell in cells]
    return [cell.removesuffix(":00") for cell in whole] if all(cell.endswith(":00") for cell in whole) else whole


def stamp(time: np.generic, zone: str | None = None) -> Any:  # noqa: ANN401  # a string, or a number of a count
    """Return a time stamp as people write it: a date without a time of day where that is midnight.

    One in UTC that is told by the local time of a zone has the distance from UTC behind it.

    Examples
    --------
    >>> stamp(np.datetime64("2024-10-27T00:30:00", "us"), "Europe/Berlin")
    '2024-10-27 02:30:00+02:00'
    """
    if not isinstance(time, np.datetime64):
        return int(time)
    if zone is not None:
        from datetime import UTC
        from zoneinfo import ZoneInfo

        return str(time.astype("M8[us]").item().replace(tzinfo=UTC).astimezone(ZoneInfo(zone)))
    day = time.astype("M8[D]")
    return str(day if day == time else time.astype("M8[s]")).replace("T", " ")


def are_numbers(cells: Sequence[str]) -> bool:
    """Say whether all cells of a column are numbers or empty, so that they stand on the right."""
    return all((cell[:1] + cell[-1:]).strip("-.").isdigit() or cell in ("-", "", "nan") for cell in cells) and not any(
        ":" in cell or cell.count("-") > 1 for cell in cells
    )
