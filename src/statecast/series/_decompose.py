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
_FEW = 0.1  # of the values: what is more frequent is part of the series, such as sales on some days
_VISIBLE = 0.01  # of the range: a moving average leaves less of a smooth curve
_END = 9  # values that say how a series goes on to an end, before outliers are known


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
    neighbours beyond it, and the parts found again. The first parts are medians, which two outliers
    side by side do not draw.

    Parameters
    ----------
    values : float64 [n]
        At least two, none missing.
    period : int
        Steps in a season, of which there are two; 1 for none.
    """
    width = period if period > 1 else min(_SHORT, len(values) - 1 + len(values) % 2)
    replaced = np.zeros(len(values), dtype=np.bool_)
    trend, season = _medians(values, period, width)
    clean = values
    for number in range(_ROUNDS):
        if number > 0:
            trend = _trend(clean - season, width)
            if period > 1:
                season = _season(clean - trend, period)
                trend = _trend(clean - season, width)
        remainder = values - trend - season
        reach = _REACH if number else 2 * _REACH  # of medians, which follow the values less closely
        outliers = _beyond(remainder, reach, np.abs(values).max(), float(np.ptp(clean)))
        away = np.where(outliers, np.abs(remainder), 0.0)
        replaced = (away > away.max() / 2) | (replaced & outliers)
        clean = np.where(replaced, trend + season, values)
    if outliers.mean() > _FEW:
        outliers &= _rare(remainder)
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


def _medians(values: Array, period: int, width: int) -> tuple[Array, Array]:
    """Return trend and season by medians."""
    odd, season = width + 1 - width % 2, np.zeros_like(values)
    if period > 1:
        away = values - _running_medians(values, odd)
        at_place = np.array([np.median(away[place::period]) for place in range(period)])
        season = (at_place - at_place.mean())[np.arange(len(values)) % period]
    return _running_medians(values - season, min(odd, _SHORT)), season


def _running_medians(values: Array, width: int) -> Array:
    """Return the medians of so many values, centred, and straight lines to the ends by Theil's incomplete method.

    The slope is the median of those between pairs half the values apart (Theil, 1950, "A rank-invariant method of
    linear and polynomial regression analysis").
    """
    import pandas as pd

    half, count = width // 2, min(max(width, _END), len(values))
    medians = pd.Series(values).rolling(width, center=True).median().to_numpy(copy=True)
    steps = np.arange(count) - (count - 1) / 2
    apart = max(count // 2, 1)
    for end, place in ((values[:count], slice(0, half)), (values[-count:], slice(count - half, count))):
        slope = float(np.median((end[apart:] - end[:-apart]) / apart)) if count > 1 else 0.0
        line = np.median(end - slope * steps) + slope * steps
        medians[place if place.start == 0 else slice(len(values) - half, len(values))] = line[place]
    return np.asarray(medians)


def _beyond(remainder: Array, reach: float, largest: float, extent: float) -> NDArray[np.bool_]:
    low, high = np.quantile(remainder, [0.25, 0.75])
    if high - low <= _EXACT * largest:  # most values lie on a line, or are the same
        return _rare(remainder, max(_EXACT * largest, _VISIBLE * extent))
    reach = max(reach * (high - low), _VISIBLE * extent)
    return np.asarray((remainder < low - reach) | (remainder > high + reach))


def _rare(remainder: Array, least: float = 0.0) -> NDArray[np.bool_]:
    return np.asarray(np.abs(remainder - np.median(remainder)) > max(_RARE * float(remainder.std()), least))
