"""Log: a series that grows by shares becomes one that grows by steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.series import Innovations, Sequences
from statecast.storage import storable
from statecast.transforms._base import Array

_TINY = np.finfo(np.float64).tiny
_FAVOUR = 0.1  # by which the variance of the logs may be larger, as a logarithm
_FAVOUR_SHORT = 1.0  # the same where there are few observations to tell
_FEWEST, _SHORT = 4, 12  # observations that tell at all, and well


@dataclass(frozen=True)
class Log:
    """The natural logarithm of every series that is above zero and varies by shares; others stay as they are.

    Whether it varies by shares or by steps is said by the likelihood of Box and Cox (1964, "An analysis of
    transformations") for the powers 0 and 1: by the variance of the innovations of exponential smoothing (about the
    mean of their place in the season where there is one), that of the logs brought to the units of the series by its
    geometric mean. A series is logged unless the variance is larger by a tenth then, or, of less than 12
    observations, by a factor e. So a single 0.01 among hundreds, whose logarithm is far away, rules the log out.

    Parameters
    ----------
    period : int
        Steps in a season; 1 for none.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series import Innovations, Sequences
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
            logged[positive] = self._by_shares(sequences.select(positive))
        return FittedLog(logged, np.where(low > 0, np.maximum(low / 2, _TINY), 1.0))

    def _by_shares(self, sequences: Sequences) -> NDArray[np.bool_]:
        """Return which series, above zero, vary by shares, [S]; those of two observations say nothing."""
        result = np.ones(len(sequences), dtype=np.bool_)
        enough = np.flatnonzero(sequences.lengths >= _FEWEST)
        if len(enough) == 0:
            return result
        sequences = sequences.select(enough)
        logs = Sequences(np.log(sequences.values), sequences.offsets)
        mean = np.add.reduceat(logs.values, logs.offsets[:-1]) / logs.lengths
        by_shares, by_steps = (self._log_variance(one) for one in (logs, sequences))
        favour = np.where(sequences.lengths < _SHORT, _FAVOUR_SHORT, _FAVOUR)
        result[enough] = by_shares + 2 * mean <= by_steps + favour
        return result

    def _log_variance(self, sequences: Sequences) -> Array:
        """Return the logarithm of the variance of the innovations, with a season or without, whichever is smaller."""
        found = Innovations.of(sequences, self.period, robust=False)
        variance = found.total / (sequences.lengths - 2)
        seasonal = (found.free >= self.period - 1) & (self.period > 1)
        within = np.where(seasonal, found.within / np.maximum(found.free, 1), np.inf)
        unit = np.where(np.isfinite(found.unit), found.unit, 1.0)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(np.minimum(variance, within)) + 2 * np.log(unit))


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
