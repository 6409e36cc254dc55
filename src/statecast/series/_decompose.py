"""Decomposition of one series into trend, season and remainder, which no outlier carries off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_ROUNDS = 8  # of a decomposition without what lay farthest from the ones before
_REACH = 3.0  # interquartile ranges outside of the quartiles: Tukey's outer fence
_SHORT = 5  # steps of the moving average where there is no season
_EXACT = 1e-9  # of the largest value: smaller remainders are rounding
_RARE = 5.0  # standard deviations, where most remainders are nothing


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The parts of a series, each [n], which add up to it, and which values are outliers."""

    trend: Array
    season: Array
    remainder: Array
    outliers: NDArray[np.bool_]


def decompose(values: Array, period: int) -> Decomposition:
    """Decompose a series additively: moving average, means of the places in the season, and what is left.

    This is the classical decomposition, but its moving average goes on to both ends by the straight line through the
    last season's values, and an outlier counts as what the other values make of it: values whose remainder is beyond
    Tukey's outer fence (Tukey, 1977, "Exploratory data analysis") are replaced, the farthest first, as they draw their
    neighbours beyond it, and the parts found again.

    Parameters
    ----------
    values : float64 [n]
        At least two, none missing.
    period : int
        Steps in a season, of which there are two; 1 for none.
    """
    width = period if period > 1 else min(_SHORT, len(values) - 1 + len(values) % 2)
    clean, season, replaced = values, np.zeros_like(values), np.zeros(len(values), dtype=np.bool_)
    for _ in range(_ROUNDS):
        trend = _trend(clean - season, width)
        if period > 1:
            season = _season(clean - trend, period)
            trend = _trend(clean - season, width)
        remainder = values - trend - season
        outliers = _beyond(remainder, np.abs(values).max())
        away = np.where(outliers, np.abs(remainder), 0.0)
        replaced = (away > away.max() / 2) | (replaced & outliers)
        clean = np.where(replaced, trend + season, values)
    return Decomposition(trend, season, remainder, outliers)


def moving_average(values: Array, width: int) -> Array:
    """Return the means of so many values, centred; of an even number the first and last of one more count half."""
    weights = np.ones(width + 1 - width % 2) / width
    if width % 2 == 0:
        weights[[0, -1]] /= 2
    return np.convolve(values, weights, mode="valid")


def line_through(values: Array, steps: NDArray[np.int64]) -> Array:
    """Return the straight line of least squares through values at steps 0, 1, .., at other steps."""
    times = np.arange(len(values)) - (len(values) - 1) / 2
    squares = float(times @ times)
    slope = float(times @ values) / squares if squares > 0 else 0.0
    return np.asarray(values.mean() + slope * (steps - (len(values) - 1) / 2))


def _trend(values: Array, width: int) -> Array:
    middle = moving_average(values, width)
    half, count = (len(values) - len(middle)) // 2, min(max(width, _SHORT), len(values))
    steps = np.arange(half)
    first, last = values[:count], values[len(values) - count :]
    return np.concatenate([line_through(first, steps), middle, line_through(last, steps + count - half)])


def _season(values: Array, period: int) -> Array:
    places = np.arange(len(values)) % period
    means = np.bincount(places, weights=values, minlength=period) / np.bincount(places, minlength=period)
    return np.asarray((means - means.mean())[places])


def _beyond(remainder: Array, largest: float) -> NDArray[np.bool_]:
    low, high = np.quantile(remainder, [0.25, 0.75])
    reach = _REACH * (high - low)
    if reach <= _EXACT * largest:  # most values lie on a line, or are the same
        reach = max(_RARE * float(remainder.std()), _EXACT * largest)
    return np.asarray((remainder < low - reach) | (remainder > high + reach))
