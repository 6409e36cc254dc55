"""Log: a series that grows by shares becomes one that grows by steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.series import Sequences, vary_by_shares
from statecast.storage import storable
from statecast.transforms._base import Array

_TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True)
class Log:
    """The natural logarithm of every series that is above zero and varies by shares; others stay as they are.

    Which ones do is found by `statecast.series.vary_by_shares`.

    Parameters
    ----------
    period : int
        Steps in a season; 1 for none.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series import Sequences, vary_by_shares
    >>> two = Sequences(np.array([1.0, np.e, -1.0, 5.0]), np.array([0, 2, 4]))
    >>> Log().fit(two).apply(two).values
    array([ 0.,  1., -1.,  5.])
    """

    period: int = 1

    def fit(self, sequences: Sequences, wanted: NDArray[np.bool_] | None = None) -> FittedLog:
        """Find the series that have a logarithm and vary by shares, [S], or those among them that are wanted."""
        starts = sequences.offsets[:-1]
        low = np.minimum.reduceat(sequences.values, starts)
        logged = (low > 0) & (np.maximum.reduceat(sequences.values, starts) > low)
        if wanted is not None:
            logged &= wanted
        else:
            positive = np.flatnonzero(logged)
            logged[positive] = vary_by_shares(sequences.select(positive), self.period)
        return FittedLog(logged, np.where(low > 0, np.maximum(low / 2, _TINY), 1.0))


@storable
@dataclass(frozen=True, eq=False)
class FittedLog:
    """Knows which series are logged, [S], and half the smallest observation, [S].

    What comes lower later counts as that: a zero has no logarithm, and one day without sales must not stop
    a series.
    """

    logged: NDArray[np.bool_]
    floor: Array

    def apply(self, sequences: Sequences) -> Sequences:
        """Log whole series."""
        return Sequences(self.of(sequences.values, sequences.of_row), sequences.offsets)

    def invert(self, forecasts: Array) -> Array:
        """Bring forecasts, [S, h], back; the median of what the network sees becomes the median."""
        with np.errstate(over="ignore"):
            return np.where(self.logged[:, np.newaxis], np.exp(forecasts), forecasts)

    def advance(self, step: Array) -> tuple[FittedLog, Array]:
        """Log the next observation of every series, [S]."""
        return self, self.of(step, np.arange(len(step)))

    def invert_next(self, forecasts: Array) -> Array:
        """Bring several forecasts of the next observation, [S, n], back."""
        return self.invert(forecasts)

    def before_each(self, steps: Array) -> FittedLog:
        """Stand every series before each of its next steps, [S, k]: it is the same."""
        return self.repeat(steps.shape[1])

    def select(self, series: NDArray[np.int64]) -> FittedLog:
        """Return the state of some series."""
        return FittedLog(self.logged[series], self.floor[series])

    def repeat(self, times: int) -> FittedLog:
        """Stand every series' state ``times`` times."""
        return FittedLog(np.repeat(self.logged, times), np.repeat(self.floor, times))

    def of(self, values: Array, series: NDArray[np.int64]) -> Array:
        """Log values [n], each of the series whose number stands beside it."""
        logged = self.logged[series]
        return np.where(logged, np.log(np.where(logged, np.maximum(values, self.floor[series]), 1.0)), values)
