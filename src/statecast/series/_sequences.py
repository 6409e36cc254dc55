"""Sequences: numbers of many series, flat, with offsets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.series._covariates import ranges
from statecast.storage import storable


@storable
@dataclass(frozen=True, eq=False)
class Sequences:
    """What transforms take and give: series s holds ``values[offsets[s]:offsets[s + 1]]``.

    Attributes
    ----------
    values : float64 [R] or [R, C]
        A number a step, or a row of columns; the last column is the target.
    offsets : int64 [S + 1]
        Where each series starts; the last entry is R.
    """

    values: NDArray[np.float64]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, values: NDArray[np.float64], lengths: NDArray[np.int64]) -> Sequences:
        """Cut values into series of these lengths, [S]."""
        return cls(values, np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]))

    def __len__(self) -> int:
        """Return the number of series."""
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Steps of each series, [S]."""
        return np.diff(self.offsets)

    @property
    def of_row(self) -> NDArray[np.int64]:
        """The series of each row, [R]."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @property
    def position(self) -> NDArray[np.int64]:
        """Steps since the start of its series, for each row, [R]."""
        return np.arange(len(self.values)) - np.repeat(self.offsets[:-1], self.lengths)

    def keep(self, rows: NDArray[np.bool_], values: NDArray[np.float64]) -> Sequences:
        """Return the values of the rows that are kept, one a row kept."""
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(rows)])
        return Sequences(values, before[self.offsets])

    def select(self, series: NDArray[np.int64]) -> Sequences:
        """Return some of the series, by their numbers."""
        offsets, index = ranges(self.offsets[:-1][series], self.lengths[series])
        return Sequences(self.values[index], offsets)

    def tail(self, steps: int) -> NDArray[np.float64]:
        """Return the last steps of a number a step, in time order, [S, steps]; zero before a series starts."""
        index = self.offsets[1:, np.newaxis] + np.arange(-steps, 0)
        return np.where(self.inside(steps), self.values[np.maximum(index, 0)], 0.0)

    def inside(self, steps: int) -> NDArray[np.bool_]:
        """Return which of the last steps of `tail` are not before a series starts, [S, steps]."""
        return np.arange(-steps, 0) >= -self.lengths[:, np.newaxis]
