"""Day first or month first: dates such as 05/03/2024, told apart by the rows before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from statecast.series._calendar import regularity
from statecast.series._cells import BadCellError, shown

_WORDS = {"DD": "day first", "MM": "month first"}


def contradiction(cells: Sequence[str], good: Mapping[str, np.ndarray], known: str) -> BadCellError | None:
    """Say which cell is another date than as the rows before are written, or may be two; None if there is none.

    Only dates in which day and month could change places can.
    """
    label, order = next(iter(good)), first_part(known)
    if not first_part(label):
        return None
    times = good[label]
    if order and all(first_part(label) != order for label in good):
        read = _swap(times)
        index = int(np.argmax(np.isnat(read))) if np.isnat(read).any() else int(np.argmax(read != times))
        if read[index] == times[index]:
            return None
        means = "impossible" if np.isnat(read[index]) else str(read[index])[:10]
        return BadCellError(
            index,
            f"{shown(cells[index])} is {str(times[index])[:10]} {_WORDS[first_part(label)]} and {means} "
            f"{_WORDS[order]}, as the rows before are written ({known}). Write dates as there.",
        )
    if order or not doubt(cells[0], good):
        return None
    first, second = good.values()
    index = int(np.argmax(first != second))
    one, other = (str(times[index])[:10] for times in (first, second))
    before = f" ({known})" if known else ""
    return BadCellError(
        index,
        f"{shown(cells[index])} is {one} day first and {other} month first, and the rows before{before} do not tell "
        "which. Write dates such as 1991-01-31.",
    )


def doubt(cell: str, good: Mapping[str, np.ndarray]) -> str:
    """Say that nothing in the data told day and month apart."""
    if len(good) < 2:
        return ""
    first, second = good.values()
    if (first == second).all() or regularity(first) != regularity(second):
        return ""
    return f"Dates such as {cell} could be day first or month first; they were read day first."


def first_part(label: str) -> str:
    """Return what comes first, DD or MM, in a manner of writing in which day and month could change places."""
    match = re.match(r"(DD|MM)[-/.](?:DD|MM)[-/.]", label)
    return match[1] if match else ""


def _swap(times: np.ndarray) -> np.ndarray:
    """Return the time stamps with day and month the other way round; NaT where there is no such month."""
    years, months = times.astype("datetime64[Y]"), times.astype("datetime64[M]")
    day = (times.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
    month = (months - years.astype("datetime64[M]")).astype(np.int64)
    clock = times - times.astype("datetime64[D]")
    swapped = (years.astype("datetime64[M]") + day).astype("datetime64[D]") + month
    return np.where(day < 12, swapped + clock, np.datetime64("NaT", "us"))
