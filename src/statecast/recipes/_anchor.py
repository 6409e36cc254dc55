"""Anchor: a smoothed level and half the trend, from which a network forecasts how far a series will be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.series import Sequences
from statecast.storage import storable
from statecast.transforms import slopes

Array = NDArray[np.float64]

_MOST_LEVELS = 500_000  # that are held at once
_FEWEST = 4  # observations before the first origin that a trend is judged from


@storable
@dataclass(frozen=True, eq=False)
class Anchor:
    """The line that a series is expected to follow: its smoothed level, going on by half its trend; arrays are [S].

    One outlier does not carry the level off: it is smoothed robustly (Gelper, Fried and Croux, 2010, "Robust
    forecasting with exponential and Holt-Winters smoothing"). The line is the forecast of the Theta method
    (Assimakopoulos and Nikolopoulos, 2000, "The theta model: a decomposition approach to forecasting"; Hyndman and
    Billah, 2003, "Unmasking the Theta method").

    Attributes
    ----------
    rate : float64
        How much of the way to an observation the level goes.
    scale : float64
        Mean absolute change of a step; zero where a series is constant.
    drift : float64
        Half the slope of the straight line through the series, of a step.
    level : float64
        After the last observation.
    reach : float
        Mean changes that an observation may be away from the level: what is farther counts as so far.
    """

    rate: Array
    scale: Array
    drift: Array
    level: Array
    reach: float

    @classmethod
    def fit(cls, sequences: Sequences, rates: Sequence[float], ahead: int, reach: float) -> Anchor:
        """Choose for every series the rate with the smallest squared errors up to so many steps ahead."""
        steps = by_step(sequences)
        scale = _mean_change(sequences)
        limit = _limit(scale, reach)
        rate, level = np.empty(len(steps)), np.empty(len(steps))
        at_once = max(_MOST_LEVELS // (steps.shape[1] * len(rates)), 1)
        for begin in range(0, len(steps), at_once):
            some = slice(begin, begin + at_once)
            levels = _smooth(steps[some], np.array(rates), limit[some])  # [S, T, rates]
            best = _squares(steps[some], levels, ahead).argmin(axis=1)
            rate[some] = np.array(rates)[best]
            level[some] = levels[np.arange(len(best)), sequences.lengths[some] - 1, best]
        drift = np.where(scale > 0, slopes(sequences) / 2, 0.0)
        return cls(rate, scale, drift, level, reach)

    def is_trend_steady(self, sequences: Sequences, horizon: int) -> NDArray[np.bool_]:
        """Return which series will go on by the whole slope of their line, [S], where half of it is the rule.

        Those are series that it would have been right for: from origins in the last two thirds, at least two horizons,
        the whole slope so far made at most half the absolute errors that half of it made.
        """
        steps, levels = by_step(sequences), by_step(Sequences(self.levels(sequences), sequences.offsets))
        slope, first = _slopes_so_far(steps), np.maximum(sequences.lengths // 3, _FEWEST)
        half, whole = np.zeros(len(steps)), np.zeros(len(steps))
        for k in range(1, min(horizon, steps.shape[1] - 1) + 1):
            away, line = steps[:, k:] - levels[:, :-k], slope[:, :-k] * k
            counted = ~np.isnan(away) & (np.arange(away.shape[1]) >= first[:, np.newaxis])
            half += _mean_size(away - line / 2, counted)
            whole += _mean_size(away - line, counted)
        enough = (sequences.lengths - first >= 2 * horizon) & (self.scale > 0)
        return np.asarray(enough & (whole < half / 2))

    def levels(self, sequences: Sequences) -> Array:
        """Return the level after each observation, [R]."""
        steps = by_step(sequences)
        levels: Array = _smooth(steps, self.rate[:, np.newaxis], self._limit)[..., 0]
        return levels[~np.isnan(steps)]

    def follow(self, level: Array, step: Array, series: int) -> Array:
        """Return the level of a series after a step: a share of the way to it, as far as it is within reach."""
        limit = self._limit[series]
        return np.asarray(level + self.rate[series] * np.clip(step - level, -limit, limit))

    def inputs(self, values: Array, levels: Array, series: NDArray[np.int64]) -> Array:
        """Return how far values are from levels, in steps of their series and within reach: what the network sees."""
        return np.clip(self._distances(values, levels, series), -self.reach, self.reach)

    def targets(self, ahead: Array, levels: Array, series: NDArray[np.int64]) -> Array:
        """Return how far the values of the next steps, [R, h], are from the lines that start at levels [R]."""
        lines = levels[:, np.newaxis] + self.drift[series][:, np.newaxis] * _steps(ahead)
        return self._distances(ahead, lines, series[:, np.newaxis])

    def forecasts(self, outputs: Array) -> Array:
        """Return what the network's outputs [S, h] mean: so many steps from the line that starts at the level."""
        lines = self.level[:, np.newaxis] + self.drift[:, np.newaxis] * _steps(outputs)
        return lines + self.scale[:, np.newaxis] * outputs

    def advance(self, step: Array) -> tuple[Anchor, Array]:
        """Take in the next observation of every series, [S]; give what the network sees of it."""
        level = self.level + self.rate * np.clip(step - self.level, -self._limit, self._limit)
        return replace(self, level=level), self.inputs(step, level, np.arange(len(step)))

    def _distances(self, values: Array, levels: Array, series: NDArray[np.int64]) -> Array:
        scale = self.scale[series]
        return np.where(scale > 0, values - levels, 0.0) / np.where(scale > 0, scale, 1.0)

    def repeat(self, times: int) -> Anchor:
        """Stand every series' state ``times`` times."""
        rate, scale, drift, level = (np.repeat(a, times) for a in (self.rate, self.scale, self.drift, self.level))
        return Anchor(rate, scale, drift, level, self.reach)

    @property
    def _limit(self) -> Array:
        return _limit(self.scale, self.reach)


def _limit(scale: Array, reach: float) -> Array:
    return np.where(scale > 0, reach * scale, np.inf)


def by_step(sequences: Sequences) -> Array:
    """Return all series side by side, [S, T], NaN after the end of each."""
    steps = np.full((len(sequences), int(sequences.lengths.max())), np.nan)
    steps[sequences.of_row, sequences.position] = sequences.values
    return steps


def _mean_change(sequences: Sequences) -> Array:
    """Return the mean absolute change of each series, [S]; added up in order, whatever stands beside it."""
    of, changes = sequences.of_row[1:], np.abs(np.diff(sequences.values))
    within = of == sequences.of_row[:-1]
    total = np.bincount(of[within], weights=changes[within], minlength=len(sequences))
    return np.asarray(total / np.maximum(sequences.lengths - 1, 1))


def _smooth(steps: Array, rates: Array, limit: Array) -> Array:
    """Return the levels after each step of series [S, T] at rates [.., R], [S, T, R]; NaN after the end of a series."""
    levels = np.empty((*steps.shape, rates.shape[-1]))
    levels[:, 0] = level = np.repeat(steps[:, :1], rates.shape[-1], axis=1)
    high, low = limit[:, np.newaxis], -limit[:, np.newaxis]
    for t in range(1, steps.shape[1]):
        away = np.minimum(np.maximum(steps[:, t, np.newaxis] - level, low), high)
        levels[:, t] = level = level + rates * away
    return levels


def _squares(steps: Array, levels: Array, ahead: int) -> Array:
    """Return the mean squared errors of levels as forecasts of 1 to so many steps ahead, summed over those, [S, R]."""
    total = np.zeros((len(steps), levels.shape[2]))
    for k in range(1, min(ahead, steps.shape[1] - 1) + 1):
        errors = (steps[:, k:, np.newaxis] - levels[:, :-k]) ** 2
        total += np.nansum(errors, axis=1) / np.maximum(np.sum(~np.isnan(errors), axis=1), 1)
    return total


def _mean_size(errors: Array, counted: NDArray[np.bool_]) -> Array:
    """Return the mean absolute errors of those that count, [S]; added up in order, whatever stands beside a series."""
    total = np.cumsum(np.where(counted, np.abs(errors), 0.0), axis=1)[:, -1]
    return np.asarray(total / np.maximum(counted.sum(axis=1), 1))


def _steps(ahead: Array) -> NDArray[np.int64]:
    return np.arange(1, ahead.shape[1] + 1)


def _slopes_so_far(steps: Array) -> Array:
    """Return the slope of the straight line of least squares up to each step, [S, T]; 0 before there are three."""
    count = np.arange(1.0, steps.shape[1] + 1)
    values = np.where(np.isnan(steps), 0.0, steps - steps[:, :1])
    total, moment = np.cumsum(values, axis=1), np.cumsum(values * (count - 1), axis=1)
    times, squares = count * (count - 1) / 2, (count - 1) * count * (2 * count - 1) / 6
    spread = np.where(count >= 3, squares - times**2 / count, 1.0)
    return np.where(count >= 3, (moment - total * times / count) / spread, 0.0)
