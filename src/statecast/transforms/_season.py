"""Season: what the steps of a season differ by, taken off."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.checks import whole_number
from statecast.series import Sequences, are_seasonal, late, line_through, moving_average
from statecast.storage import storable
from statecast.transforms._base import Array


@dataclass(frozen=True)
class Season:
    """Take off fixed seasonal indices, from series that have a season; the others stay as they are.

    Which ones have is found by `statecast.series.are_seasonal`; it takes two whole seasons. The indices are those of
    the classical decomposition: means of what is left by a centred moving average over a season, less their own mean
    (Hyndman and Athanasopoulos, 2021, "Forecasting: principles and practice", 3rd edition, section 3.4). The moving
    average goes on at both ends by straight lines, so that all observations count; and the indices are drawn to zero by
    the share that chance alone may explain (James and Stein, 1961, "Estimation with quadratic loss").

    Parameters
    ----------
    period : int
        Steps in a season; 1 for none.
    seasons : int, optional
        The last ones, from which all is found, as habits change; all of them if None.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series import Sequences, are_seasonal, late, line_through, moving_average
    >>> waves = Sequences(np.tile([1.0, 5.0], 6), np.array([0, 12]))
    >>> Season(2).fit(waves).apply(waves).values[:4]
    array([3., 3., 3., 3.])
    """

    period: int
    seasons: int | None = None

    def __post_init__(self) -> None:
        whole_number("period", self.period, 1, 1_000_000)
        if self.seasons is not None:
            whole_number("seasons", self.seasons, 3, 1_000_000)

    def fit(self, sequences: Sequences, seasonal: NDArray[np.bool_] | None = None) -> FittedSeason:
        """Learn the indices of every seasonal series: those that are said to be, [S], else those found to be so."""
        if seasonal is None:
            seasonal = are_seasonal(sequences, self.period)
        last = sequences if self.seasons is None else late(sequences, self.period, self.seasons)
        indices = np.zeros((len(sequences), self.period))
        for s in np.flatnonzero(seasonal & (last.lengths >= 2 * self.period) & (self.period > 1)):
            indices[s] = _indices(last.values[last.offsets[s] : last.offsets[s + 1]], self.period)
        return FittedSeason(indices, sequences.lengths % self.period)


@storable
@dataclass(frozen=True, eq=False)
class FittedSeason:
    """Knows the indices of every series, [S, m], and the place in the season of the next step, [S]."""

    indices: Array
    phase: NDArray[np.int64]

    @property
    def seasonal(self) -> NDArray[np.bool_]:
        """Which series have a season, [S]."""
        return np.asarray(self.indices.any(axis=1))

    def apply(self, sequences: Sequences) -> Sequences:
        """Take the indices off whole series."""
        index = self.indices[sequences.of_row, sequences.position % self.indices.shape[1]]
        return Sequences(sequences.values - index, sequences.offsets)

    def invert(self, forecasts: Array) -> Array:
        """Put the indices on forecasts, [S, h]."""
        return forecasts + self._ahead(forecasts.shape[1])

    def advance(self, step: Array) -> tuple[FittedSeason, Array]:
        """Take the index off the next observation of every series, [S]."""
        moved = replace(self, phase=(self.phase + 1) % self.indices.shape[1])
        return moved, step - self._ahead(1)[:, 0]

    def invert_next(self, forecasts: Array) -> Array:
        """Put the next index on several forecasts, [S, n]."""
        return forecasts + self._ahead(1)

    def before_each(self, steps: Array) -> FittedSeason:
        """Stand every series before each of its next steps, [S, k]."""
        again = self.repeat(steps.shape[1])
        return replace(
            again, phase=(again.phase + np.tile(np.arange(steps.shape[1]), len(steps))) % self.indices.shape[1]
        )

    def select(self, series: NDArray[np.int64]) -> FittedSeason:
        """Return the state of some series."""
        return FittedSeason(self.indices[series], self.phase[series])

    def repeat(self, times: int) -> FittedSeason:
        """Stand every series' state ``times`` times."""
        return FittedSeason(np.repeat(self.indices, times, axis=0), np.repeat(self.phase, times))

    def _ahead(self, steps: int) -> Array:
        places = (self.phase[:, np.newaxis] + np.arange(steps)) % self.indices.shape[1]
        return np.take_along_axis(self.indices, places, axis=1)


def _indices(values: Array, period: int) -> Array:
    """Return the mean of each place in the season after the trend is taken off, summing to zero, drawn to zero.

    Chance alone may explain 1 / F of them, the statistic of the analysis of variance.
    """
    rest = values - trend_of(values, period)
    places = np.arange(len(values)) % period
    counts = np.bincount(places, minlength=period)
    means = np.bincount(places, weights=rest, minlength=period) / counts
    indices = means - means.mean()
    within = float(np.sum((rest - indices[places]) ** 2)) / max(len(values) - period - 1, 1)
    between = float(counts @ indices**2) / (period - 1)
    share = max(1 - within / between, 0.0) if between > 0 else 0.0
    return np.asarray(share * indices)


def trend_of(values: Array, period: int) -> Array:
    """Return the centred moving average over a season; at the ends, the straight lines of its first and last season."""
    middle = moving_average(values, period)
    half, count = (len(values) - len(middle)) // 2, min(period, len(middle))
    before, after = np.arange(-half, 0), np.arange(count, count + half)
    return np.concatenate([line_through(middle[:count], before), middle, line_through(middle[-count:], after)])
