"""Sequences: numbers of many series, flat, with offsets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
        lengths = np.bincount(self.of_row[rows], minlength=len(self))
        return Sequences(values, np.concatenate([[0], np.cumsum(lengths)]))

    def tail(self, steps: int) -> NDArray[np.float64]:
        """Return the last steps of a number a step, in time order, [S, steps]; zero before a series starts."""
        index = self.offsets[1:, np.newaxis] + np.arange(-steps, 0)
        inside = index >= self.offsets[:-1, np.newaxis]
        return np.where(inside, self.values[np.maximum(index, 0)], 0.0)
