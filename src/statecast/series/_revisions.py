"""Revisions: rows that were seen come again with another value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from statecast.series._grid import say
from statecast.storage import storable

if TYPE_CHECKING:
    from statecast.series._memory import Memory

REVISIONS = ("report", "refuse")
"""What is done about rows that were seen and come again with another value."""
_EQUAL = 1e-6  # relative; a file may hold fewer digits than what was read at the fit
_FEW = 3  # that a message names


@storable
@dataclass(frozen=True, eq=False)
class Revisions:
    """Values that are others than those taken in before, R of them, in the order of series and time.

    Attributes
    ----------
    series : int64 [R]
        The number of the series of each.
    times : [R]
        Time stamps.
    old : float64 [R]
        What was taken in; NaN where the step had no value, so that one was filled in or forecast.
    new : float64 [R]
    back : int64 [R]
        Steps before the last observation of its series; 0 is that one.
    whole : bool
        Whether the new values are known to be whole: a period may lack rows that the new table does not repeat.
    """

    series: NDArray[np.int64]
    times: NDArray[np.generic]
    old: NDArray[np.float64]
    new: NDArray[np.float64]
    back: NDArray[np.int64]
    whole: bool = True

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.new)

    @property
    def sizes(self) -> NDArray[np.float64]:
        """How large each is relative to the old value, [R]: 1 if that was 0, NaN if there was none."""
        away, size = np.abs(self.new - self.old), np.abs(self.old)
        return np.where(size > 0, away / np.where(size > 0, size, 1.0), np.where(np.isnan(self.old), np.nan, 1.0))

    def first(self, count: int) -> Iterator[tuple[int, Any, float, float, int]]:
        """Give the first few: the number of the series, the time stamp, old and new value, and steps back."""
        columns = (self.series, self.times, self.old, self.new, self.back)
        return zip(*(column[:count] for column in columns), strict=True)

    def said(self, ids: tuple[str, ...]) -> str:
        """Say how many there are, and name the first few."""
        few = [
            f"{say(time)}{f' of {ids[s]!r}' if len(ids) > 1 else ''}: {'none' if np.isnan(old) else f'{old:g}'} -> "
            f"{new:g}"
            for s, time, old, new, _ in self.first(_FEW)
        ]
        more = f"; and {len(self) - _FEW:,} more" if len(self) > _FEW else ""
        return f"{len(self):,} row{'s' * (len(self) > 1)} seen before with another value ({'; '.join(few)}{more})"

    @classmethod
    def found(
        cls,
        memory: Memory,
        places: tuple[NDArray[np.int64], NDArray[np.int64]],
        times: NDArray[np.generic],
        new: NDArray[np.float64],
        whole: bool,
    ) -> Revisions | None:
        """Compare rows with a memory; None if all that it knows are equal to it.

        Parameters
        ----------
        memory : Memory
        places : two int64 [N]
            The number of the series of each row, and its steps after the last observation, 0 or less.
        times, new : [N]
            Time stamps and values.
        whole : bool
            Whether the new values are known to be whole.
        """
        series, steps = places
        old, known = memory.at(series, -steps)
        away = known & ~(np.abs(new - old) <= _EQUAL * np.maximum(np.abs(old), np.abs(new)))
        if not away.any():
            return None
        return cls(series[away], times[away], old[away], new[away], -steps[away], whole)
