"""Supervised: a series becomes rows of inputs, its lags, and a target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.checks import choice, whole_number
from statecast.errors import DataError
from statecast.series import Sequences
from statecast.storage import storable
from statecast.transforms._base import Array, moved, tails

FILLS = ("zero", "drop")


@storable
@dataclass(frozen=True)
class Supervised:
    """Row t is (y[t-1], y[t-2], .. y[t-lags], y[t]): the inputs, then the target.

    Parameters
    ----------
    lags : int
        How many earlier values are inputs.
    fill : "zero" or "drop"
        What is done with rows whose lags reach before the start: unknown lags are 0, or the rows are left out.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series import Sequences
    >>> series = Sequences(np.array([1.0, 4.0, 9.0]), np.array([0, 3]))
    >>> Supervised(lags=2).fit(series).apply(series).values
    array([[0., 0., 1.],
           [1., 0., 4.],
           [4., 1., 9.]])
    """

    lags: int = 1
    fill: str = "zero"

    def __post_init__(self) -> None:
        whole_number("lags", self.lags, 1, 10_000)
        choice("fill", self.fill, FILLS)

    def fit(self, sequences: Sequences) -> FittedSupervised:
        """Keep the last observations, which are the inputs of the next row.

        Raises
        ------
        DataError
            If a series is so short that no row is left.
        """
        shortest, needed = int(sequences.lengths.min()), 1 + self._dropped
        if shortest < needed:
            raise DataError(
                f"{self.lags} lags with fill {self.fill} take series of at least {needed} steps, "
                f"got one of {shortest}. Use fewer lags."
            )
        return FittedSupervised(self, sequences.tail(self.lags))

    @property
    def _dropped(self) -> int:
        return self.lags if self.fill == "drop" else 0


@storable
@dataclass(frozen=True, eq=False)
class FittedSupervised:
    """Knows the last ``lags`` values, tail [S, lags] in time order."""

    how: Supervised
    tail: Array

    def apply(self, sequences: Sequences) -> Sequences:
        """Make rows [R, lags + 1] of values [R]."""
        position, values = sequences.position, sequences.values
        rows = np.empty((len(values), self.how.lags + 1))
        for lag in range(1, self.how.lags + 1):
            rows[lag:, lag - 1] = values[:-lag]
            rows[position < lag, lag - 1] = 0.0
        rows[:, -1] = values
        if self.how._dropped == 0:
            return Sequences(rows, sequences.offsets)
        kept = position >= self.how._dropped
        return sequences.keep(kept, rows[kept])

    def invert(self, forecasts: Array) -> Array:
        """Forecasts of the target are values as they stand, [S, h]."""
        return forecasts

    def advance(self, step: Array) -> tuple[FittedSupervised, Array]:
        """Take in the next value of every series, [S]; give its row, [S, lags + 1]."""
        row = np.concatenate([self.tail[:, ::-1], step[:, np.newaxis]], axis=1)
        return FittedSupervised(self.how, moved(self.tail, step)), row

    def invert_next(self, forecasts: Array) -> Array:
        """Forecasts of the target are values as they stand, [S, n]."""
        return forecasts

    def before_each(self, steps: Array) -> FittedSupervised:
        """Stand every series before each of its next steps, [S, k]."""
        return FittedSupervised(self.how, tails(self.tail, steps))

    def select(self, series: NDArray[np.int64]) -> FittedSupervised:
        """Return the state of some series."""
        return FittedSupervised(self.how, self.tail[series])

    def repeat(self, times: int) -> FittedSupervised:
        """Stand every series' state ``times`` times."""
        return FittedSupervised(self.how, np.repeat(self.tail, times, axis=0))
