"""Trend: a straight line, taken off."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.series import Sequences
from statecast.storage import storable
from statecast.transforms._base import Array


@dataclass(frozen=True)
class Trend:
    """Take off the straight line of least squares, less its height at the first step.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series import Sequences
    >>> line = Sequences(np.array([3.0, 5.0, 7.0, 9.0]), np.array([0, 4]))
    >>> Trend().fit(line).apply(line).values
    array([3., 3., 3., 3.])
    """

    def fit(self, sequences: Sequences, wanted: NDArray[np.bool_] | None = None) -> FittedTrend:
        """Learn the slope of every series, or of those that are wanted, [S]; the others stay as they are."""
        slope = slopes(sequences)
        return FittedTrend(
            slope if wanted is None else np.where(wanted, slope, 0.0), sequences.lengths.astype(np.int64)
        )


@storable
@dataclass(frozen=True, eq=False)
class FittedTrend:
    """Knows the slope of every series, a step, and the number of its next step, each [S]."""

    slope: Array
    step: NDArray[np.int64]

    def apply(self, sequences: Sequences) -> Sequences:
        """Take the lines off whole series."""
        return Sequences(sequences.values - self.slope[sequences.of_row] * sequences.position, sequences.offsets)

    def invert(self, forecasts: Array) -> Array:
        """Put the lines on forecasts, [S, h]."""
        steps = self.step[:, np.newaxis] + np.arange(forecasts.shape[1])
        return np.asarray(forecasts + self.slope[:, np.newaxis] * steps)

    def advance(self, step: Array) -> tuple[FittedTrend, Array]:
        """Take the line off the next observation of every series, [S]."""
        return replace(self, step=self.step + 1), step - self.slope * self.step

    def invert_next(self, forecasts: Array) -> Array:
        """Put the line on several forecasts of the next observation, [S, n]."""
        return np.asarray(forecasts + (self.slope * self.step)[:, np.newaxis])

    def before_each(self, steps: Array) -> FittedTrend:
        """Stand every series before each of its next steps, [S, k]."""
        again = self.repeat(steps.shape[1])
        return replace(again, step=again.step + np.tile(np.arange(steps.shape[1]), len(steps)))

    def select(self, series: NDArray[np.int64]) -> FittedTrend:
        """Return the state of some series."""
        return FittedTrend(self.slope[series], self.step[series])

    def repeat(self, times: int) -> FittedTrend:
        """Stand every series' state ``times`` times."""
        return FittedTrend(np.repeat(self.slope, times), np.repeat(self.step, times))


def slopes(sequences: Sequences) -> Array:
    """Return the slope of the straight line of least squares through each series, a step, [S]."""
    starts = sequences.offsets[:-1]

    def centred(values: Array) -> Array:
        return values - (np.add.reduceat(values, starts) / sequences.lengths)[sequences.of_row]

    times = centred(sequences.position.astype(np.float64))
    squares = np.add.reduceat(times * times, starts)
    return np.asarray(np.add.reduceat(times * centred(sequences.values), starts) / np.where(squares > 0, squares, 1.0))
