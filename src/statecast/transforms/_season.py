"""Season: what the steps of a season differ by, taken off."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.checks import whole_number
from statecast.series import SeasonClock, Sequences, are_seasonal, late, line_through, moving_average, places
from statecast.storage import storable
from statecast.transforms._base import Array

WEEKS = 52
_DAYS = (0, 1, 2, 3, -1, -2, -3)  # after 25 December


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
    >>> from statecast.series import SeasonClock, Sequences, are_seasonal, late, line_through, moving_average, places
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

    def fit(
        self, sequences: Sequences, seasonal: NDArray[np.bool_] | None = None, clock: SeasonClock | None = None
    ) -> FittedSeason:
        """Learn the indices of every seasonal series: those that are said to be, [S], else those found to be so.

        Places in the season are those of the ``clock``, if there is one.
        """
        if seasonal is None:
            seasonal = are_seasonal(sequences, self.period)
        last = sequences if self.seasons is None else late(sequences, self.period, self.seasons)
        indices = np.zeros((len(sequences), self.period))
        for s in np.flatnonzero(seasonal & (last.lengths >= 2 * self.period) & (self.period > 1)):
            steps = np.arange(sequences.lengths[s] - last.lengths[s], sequences.lengths[s])
            place = places(clock, np.full(len(steps), s), steps) % self.period
            indices[s] = _indices(last.values[last.offsets[s] : last.offsets[s + 1]], place, self.period)
        phase = sequences.lengths if clock is not None else sequences.lengths % self.period
        return FittedSeason(indices, phase, clock)


def aligned(clock: SeasonClock | None, sequences: Sequences) -> SeasonClock | None:
    """Return a clock of weeks whose places each series fits best, counted from one of seven days; any other as it is.

    That is 25 December, unless another day leaves a tenth less of the squares within places.
    """
    if clock is None or clock.zone:
        return clock
    later = np.zeros(len(sequences), np.int64)
    for s, (start, stop) in enumerate(zip(sequences.offsets[:-1], sequences.offsets[1:], strict=True)):
        if stop - start < 2 * WEEKS:
            continue
        values, steps, own = sequences.values[start:stop], np.arange(stop - start), clock.select(np.array([s]))
        rest = values - trend_of(values, WEEKS)
        left = {}
        for day in _DAYS:
            place = places(replace(own, later=np.array([day])), np.zeros(len(steps), np.int64), steps) % WEEKS
            means = np.bincount(place, weights=rest) / np.maximum(np.bincount(place), 1)
            left[day] = float(np.sum((rest - means[place]) ** 2))
        best = min(_DAYS, key=lambda day: left[day])
        later[s] = best if left[best] < 0.9 * left[0] else 0
    return replace(clock, later=later)


@storable
@dataclass(frozen=True, eq=False)
class FittedSeason:
    """Knows the indices of every series, [S, m], and the place in the season of the next step, [S].

    With a clock, ``phase`` is the number of the next step, and the clock tells its place.
    """

    indices: Array
    phase: NDArray[np.int64]
    clock: SeasonClock | None = None

    @property
    def seasonal(self) -> NDArray[np.bool_]:
        """Which series have a season, [S]."""
        return np.asarray(self.indices.any(axis=1))

    def apply(self, sequences: Sequences) -> Sequences:
        """Take the indices off whole series."""
        return Sequences(sequences.values - self.at(sequences.of_row, sequences.position), sequences.offsets)

    def at(self, series: NDArray[np.int64], steps: NDArray[np.int64]) -> Array:
        """Return the indices of steps of series, counted from the first one; arrays that broadcast."""
        return np.asarray(self.indices[series, places(self.clock, series, steps) % self.indices.shape[1]])

    def invert(self, forecasts: Array) -> Array:
        """Put the indices on forecasts, [S, h]."""
        return forecasts + self._ahead(forecasts.shape[1])

    def advance(self, step: Array) -> tuple[FittedSeason, Array]:
        """Take the index off the next observation of every series, [S]."""
        return replace(self, phase=self._counted(self.phase + 1)), step - self._ahead(1)[:, 0]

    def invert_next(self, forecasts: Array) -> Array:
        """Put the next index on several forecasts, [S, n]."""
        return forecasts + self._ahead(1)

    def before_each(self, steps: Array) -> FittedSeason:
        """Stand every series before each of its next steps, [S, k]."""
        again = self.repeat(steps.shape[1])
        return replace(again, phase=self._counted(again.phase + np.tile(np.arange(steps.shape[1]), len(steps))))

    def select(self, series: NDArray[np.int64]) -> FittedSeason:
        """Return the state of some series."""
        clock = None if self.clock is None else self.clock.select(series)
        return FittedSeason(self.indices[series], self.phase[series], clock)

    def repeat(self, times: int) -> FittedSeason:
        """Stand every series' state ``times`` times."""
        clock = None if self.clock is None else self.clock.repeat(times)
        return FittedSeason(np.repeat(self.indices, times, axis=0), np.repeat(self.phase, times), clock)

    def _ahead(self, steps: int) -> Array:
        return self.at(np.arange(len(self.phase))[:, np.newaxis], self.phase[:, np.newaxis] + np.arange(steps))

    def _counted(self, steps: NDArray[np.int64]) -> NDArray[np.int64]:
        return steps % self.indices.shape[1] if self.clock is None else steps


def _indices(values: Array, place: NDArray[np.int64], period: int) -> Array:
    """Return the mean of each place in the season after the trend is taken off, summing to zero, drawn to zero.

    Chance alone may explain 1 / F of them, the statistic of the analysis of variance.
    """
    rest = values - trend_of(values, period)
    counts = np.bincount(place, minlength=period)
    means = np.bincount(place, weights=rest, minlength=period) / np.maximum(counts, 1)
    indices = means - means.mean()
    within = float(np.sum((rest - indices[place]) ** 2)) / max(len(values) - period - 1, 1)
    between = float(counts @ indices**2) / (period - 1)
    share = max(1 - within / between, 0.0) if between > 0 else 0.0
    return np.asarray(share * indices)


def trend_of(values: Array, period: int) -> Array:
    """Return the centred moving average over a season; at the ends, the straight lines of its first and last season."""
    middle = moving_average(values, period)
    half, count = (len(values) - len(middle)) // 2, min(period, len(middle))
    before, after = np.arange(-half, 0), np.arange(count, count + half)
    return np.concatenate([line_through(middle[:count], before), middle, line_through(middle[-count:], after)])
