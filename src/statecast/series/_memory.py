"""Memory: the last observations of every series, by which a row that comes again is known for equal or revised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.storage import storable

if TYPE_CHECKING:
    from statecast.series._calendar import Frequency
    from statecast.series._panel import Panel
    from statecast.series._revisions import Revisions

REMEMBERED = 100
"""Steps that are remembered at least; more where two seasons are, and a hundred more at most."""


@storable
@dataclass(frozen=True, eq=False)
class Memory:
    """The last observations: its size does not grow.

    Attributes
    ----------
    values : float64 [S, K]
        In time order, the last one being that of the origin; NaN before the start, and where nothing was observed.
    known : int64 [S]
        How many of the last steps of every series are remembered; those before its start are not.
    least : int
        Steps that are kept at least.
    """

    values: NDArray[np.float64]
    known: NDArray[np.int64]
    least: int

    @classmethod
    def of(cls, panel: Panel) -> Memory:
        """Return that of the end of a panel; a value that was filled in was not observed."""
        least = _least(panel.frequency)
        columns = min(least, int(panel.lengths.max()))
        known = np.minimum(panel.lengths, columns)
        place = panel.offsets[1:, np.newaxis] + np.arange(-columns, 0)
        there = place >= panel.offsets[:-1, np.newaxis]
        place = np.where(there, place, 0)
        values = np.where(there if panel.filled is None else there & ~panel.filled[place], panel.values[place], np.nan)
        return cls(values, known, least)

    @classmethod
    def none(cls, series: int, frequency: Frequency) -> Memory:
        """Return that of so many series of which nothing is remembered."""
        return cls(np.empty((series, 0)), np.zeros(series, np.int64), _least(frequency))

    def after(self, new: NDArray[np.float64]) -> Memory:
        """Return that after new observations [S, k]."""
        values = np.concatenate([self.values, new], axis=1)
        known = self.known + new.shape[1]
        if values.shape[1] <= self.least + REMEMBERED:
            return Memory(values, known, self.least)
        return Memory(values[:, -self.least :].copy(), np.minimum(known, self.least), self.least)

    def at(self, series: NDArray[np.int64], back: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the values so many steps before the last one, and which are remembered, [R] both."""
        known = back < self.known[series]
        old = np.full(len(series), np.nan)
        old[known] = self.values[series[known], self.values.shape[1] - 1 - back[known]]
        return old, known

    def revised(self, revisions: Revisions) -> Memory:
        """Return that with other values."""
        return Memory(revised(self.values, revisions), self.known, self.least)


def _least(frequency: Frequency) -> int:
    return max(REMEMBERED, 2 * frequency.season)


def revised(values: NDArray[np.float64], revisions: Revisions) -> NDArray[np.float64]:
    """Return observations [S, n] up to the last ones with other values, as far as they reach."""
    reached = revisions.back < values.shape[1]
    values = values.copy()
    values[revisions.series[reached], values.shape[1] - 1 - revisions.back[reached]] = revisions.new[reached]
    return values
