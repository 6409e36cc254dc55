"""Season: what the steps of a season differ by, taken off."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.checks import whole_number
from statecast.series import Sequences
from statecast.storage import storable
from statecast.transforms._base import Array

_LEVEL = 1.645  # of the normal distribution, one in ten


@dataclass(frozen=True)
class Season:
    """Take off fixed seasonal indices, from series whose autocorrelation says that they have a season.

    The indices are those of the classical decomposition: means of what is left by a centred moving average over a
    season, less their own mean (Hyndman and Athanasopoulos, 2021, "Forecasting: principles and practice", 3rd
    edition, section 3.4). A series is seasonal if its autocorrelation at the lag of a season is beyond 1.645 standard
    errors (Assimakopoulos and Nikolopoulos, 2000, "The theta model: a decomposition approach to forecasting"), and it
    has more than two seasons; the others stay as they are.

    Parameters
    ----------
    period : int
        Steps in a season; 1 for none.
    seasons : int, optional
        The last ones, from which all is found, as habits change; all of them if None.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series import Sequences
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
        """Learn the indices of every seasonal series: those that are said to be, [S], else those that look like it."""
        indices = np.zeros((len(sequences), self.period))
        for s, (start, stop) in enumerate(zip(sequences.offsets[:-1], sequences.offsets[1:], strict=True)):
            values = sequences.values[start + self._left_out(stop - start) : stop]
            if not _is_long(values, self.period):
                continue
            if _is_seasonal(values, self.period) if seasonal is None else seasonal[s]:
                indices[s] = _indices(values, self.period)
        return FittedSeason(indices, sequences.lengths % self.period)

    def _left_out(self, steps: int) -> int:
        """Return how many steps before the last seasons are left out: whole seasons, so that places stay the same."""
        return 0 if self.seasons is None else max(steps - self.seasons * self.period, 0) // self.period * self.period


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


def _is_long(values: Array, period: int) -> bool:
    return period > 1 and len(values) > 2 * period


def _is_seasonal(values: Array, period: int) -> bool:
    centred = values - values.mean()
    variance = float(centred @ centred)
    if variance <= np.finfo(np.float64).tiny:
        return False
    correlations = np.array([centred[lag:] @ centred[:-lag] for lag in range(1, period + 1)]) / variance
    error = np.sqrt((1 + 2 * np.sum(correlations[:-1] ** 2)) / len(values))
    return bool(abs(correlations[-1]) > _LEVEL * error)


def _indices(values: Array, period: int) -> Array:
    """Return the mean of each place in the season after a centred moving average is taken off, summing to zero."""
    kernel = np.ones(period + 1 - period % 2) / period
    if period % 2 == 0:
        kernel[[0, -1]] /= 2
    half = len(kernel) // 2
    rest = values[half : len(values) - half] - np.convolve(values, kernel, mode="valid")
    places = np.arange(half, half + len(rest)) % period
    indices = np.bincount(places, weights=rest, minlength=period) / np.bincount(places, minlength=period)
    return np.asarray(indices - indices.mean())
