"""Difference: the change since a number of steps ago."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.checks import whole_number
from statecast.errors import DataError
from statecast.series import Sequences
from statecast.storage import storable
from statecast.transforms._base import Array, moved, tails


@dataclass(frozen=True)
class Difference:
    """d[t] = y[t] - y[t - lag]; the first ``lag`` steps are lost.

    Parameters
    ----------
    lag : int
        1 for the change since the last step, the season for the change since last season.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series import Sequences
    >>> past = Sequences(np.array([1.0, 4.0, 9.0]), np.array([0, 3]))
    >>> fitted = Difference().fit(past)
    >>> fitted.apply(past).values
    array([3., 5.])
    >>> fitted.invert(np.array([[7.0, 9.0]]))
    array([[16., 25.]])
    """

    lag: int = 1

    def __post_init__(self) -> None:
        whole_number("lag", self.lag, 1, 1_000_000)

    def fit(self, sequences: Sequences) -> FittedDifference:
        """Keep the last observations, from which forecasts go on.

        Raises
        ------
        DataError
            If a series is not longer than the lag.
        """
        shortest = int(sequences.lengths.min())
        if shortest <= self.lag:
            raise DataError(
                f"a difference at lag {self.lag} takes series of more than {self.lag} observations, "
                f"got one of {shortest}. Use a smaller lag."
            )
        return FittedDifference(self.lag, sequences.tail(self.lag))


@storable
@dataclass(frozen=True, eq=False)
class FittedDifference:
    """A difference that knows the last ``lag`` observations, tail [S, lag]."""

    lag: int
    tail: Array

    def apply(self, sequences: Sequences) -> Sequences:
        """Difference whole series."""
        rows = sequences.position >= self.lag
        changes = sequences.values[self.lag :] - sequences.values[: -self.lag]
        return sequences.keep(rows, changes[rows[self.lag :]])

    def invert(self, forecasts: Array) -> Array:
        """Add up the forecast changes, [S, h], from the last observations on."""
        levels = np.concatenate([self.tail, np.empty_like(forecasts)], axis=1)
        for step in range(forecasts.shape[1]):
            levels[:, self.lag + step] = levels[:, step] + forecasts[:, step]
        return levels[:, self.lag :]

    def advance(self, step: Array) -> tuple[FittedDifference, Array]:
        """Take in the next observation of every series, [S]."""
        return FittedDifference(self.lag, moved(self.tail, step)), step - self.tail[:, 0]

    def invert_next(self, forecasts: Array) -> Array:
        """Add several forecasts of the next change, [S, n], to the observation that it is from."""
        return self.tail[:, :1] + forecasts

    def before_each(self, steps: Array) -> FittedDifference:
        """Stand every series before each of its next steps, [S, k]."""
        return FittedDifference(self.lag, tails(self.tail, steps))

    def select(self, series: NDArray[np.int64]) -> FittedDifference:
        """Return the state of some series."""
        return FittedDifference(self.lag, self.tail[series])

    def repeat(self, times: int) -> FittedDifference:
        """Stand every series' state ``times`` times."""
        return FittedDifference(self.lag, np.repeat(self.tail, times, axis=0))
