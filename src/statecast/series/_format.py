"""Format: how the cells of a table are written, so that rows that come later are read in the same manner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from statecast.storage import storable


@storable
@dataclass(frozen=True)
class Format:
    """How the cells of a table are written.

    Attributes
    ----------
    dates : str
        Of the time column, such as "MM/DD/YYYY" or "YYYYMM"; "" where it is not known, as for the dates of a frame.
    zones : tuple of int, or None
        Minutes ahead of UTC that the time stamps say, the smallest first; empty where they say none, None where that is
        not known.
    marks : tuple of (column, mark)
        The decimal mark of columns of numbers, where their text tells it.
    categories : tuple of (column, values)
        The values of every category, also one that has no column of its own.
    """

    dates: str = ""
    zones: tuple[int, ...] | None = None
    marks: tuple[tuple[str, str], ...] = ()
    categories: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def mark_of(self, column: str) -> str:
        """Return the decimal mark of a column: its own, or that of all others; "" where it is not known."""
        marks = dict(self.marks)
        others = set(marks.values())
        return marks.get(column) or (others.pop() if len(others) == 1 else "")

    def values_of(self, column: str) -> tuple[str, ...]:
        """Return the values of a category; none where they are not known."""
        return dict(self.categories).get(column, ())

    def joined(self, others: Iterable[Format]) -> Format:
        """Return the format with the columns of others added."""
        others = tuple(others)
        return replace(
            self,
            marks=self.marks + tuple(mark for other in others for mark in other.marks),
            categories=self.categories + tuple(values for other in others for values in other.categories),
        )


def minutes(offsets: np.ndarray | None) -> tuple[int, ...]:
    """Return the different distances from UTC, timedelta64, in minutes."""
    if offsets is None:
        return ()
    return tuple(np.unique(offsets.astype("timedelta64[m]").astype(np.int64)).tolist())
