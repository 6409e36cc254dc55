"""Seasonality: whether series have a season of so many steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from statecast.series._sequences import Sequences

Array = NDArray[np.float64]

_LEVEL = 1.751  # of the normal distribution, one in twenty-five
_RATES = np.array([0.02, 0.1, 0.3, 0.6, 1.0])
_REACH = 5.0  # standard deviations, by the median, that an innovation may be away from the median
_NORMAL = 1.4826  # standard deviation of a normal distribution by its median absolute deviation
_RESOLUTION = 1e-9  # of the largest value: smaller differences are rounding
_MOST_LEVELS = 500_000  # that are held at once


def are_seasonal(sequences: Sequences, period: int) -> NDArray[np.bool_]:
    """Return which series have a season of ``period`` steps, [S]; those of less than two seasons have none.

    A season is found if the means of the places in the season differ by more than chance gives in one of twenty-five
    series. That is asked of the innovations of exponential smoothing, what it does not foresee, as observations that
    lie together are alike and say little: a season stays a season in them, and a random walk becomes noise, which has
    none. A straight line is taken off first, so that a trend is no season and hides none. The statistic is that of the
    analysis of variance, F, but with the smallest sum of squares over several smoothing rates on both sides, with the
    places and without; its tail is that of Paulson (1942, "An approximate normalization of the analysis of variance
    distribution"). Innovations far from the others count as far as 5 standard deviations.

    Parameters
    ----------
    sequences : Sequences
        Numbers, logged where the season is one of shares.
    period : int
        Steps in a season.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series import Sequences
    >>> steps = np.arange(36.0)
    >>> two = np.concatenate([steps + 5 * np.sin(np.pi * steps / 6), steps])
    >>> are_seasonal(Sequences(two, np.array([0, 36, 72])), 12)
    array([ True, False])
    """
    found = np.zeros(len(sequences), dtype=np.bool_)
    long = np.flatnonzero((sequences.lengths >= 2 * period) & (period > 1))
    at_once = max(_MOST_LEVELS // (int(sequences.lengths.max(initial=1)) * len(_RATES)), 1)
    for begin in range(0, len(long), at_once):
        some = long[begin : begin + at_once]
        found[some] = _scores(sequences.select(some), period) > _LEVEL
    return found


def _scores(sequences: Sequences, period: int) -> Array:
    """Return how far F is in the tail of its distribution, as standard deviations of a normal one, [S]."""
    series, lengths = len(sequences), sequences.lengths
    later = sequences.position > 0
    of, at = sequences.of_row[later], sequences.position[later]
    cells = of * period + at % period
    counts = np.maximum(np.bincount(cells, minlength=series * period), 1)
    innovations = _innovations(_without_line(sequences), lengths)
    whole, within = np.empty((2, series, len(_RATES)))
    for r in range(len(_RATES)):
        e = innovations[of, at, r]
        mean = np.bincount(of, weights=e, minlength=series) / (lengths - 1)
        means = np.bincount(cells, weights=e, minlength=series * period) / counts
        whole[:, r] = np.bincount(of, weights=(e - mean[of]) ** 2, minlength=series)
        within[:, r] = np.bincount(of, weights=(e - means[cells]) ** 2, minlength=series)
    varied = whole.min(axis=1)
    left = within.min(axis=1) / np.where(varied > 0, varied, 1.0)
    return np.where(varied > 0, _tail(left, period - 1, lengths - 1 - period), -np.inf)


def _tail(left: Array, places: int, free: NDArray[np.int64]) -> Array:
    """Return the standard normal variable as improbable as F, from the share of the squares left within places, [S]."""
    free = np.maximum(free, 1)
    f = np.cbrt(np.maximum(1 - left, 0.0) / places * free / np.maximum(left, np.finfo(np.float64).eps))
    above, below = 2 / (9 * places), 2 / (9 * free)
    return np.asarray(((1 - below) * f - (1 - above)) / np.sqrt(below * f**2 + above))


def _without_line(sequences: Sequences) -> Array:
    """Return series less their straight lines of least squares, from -1 to 1, [S, T]; zero after their ends."""
    of, starts, lengths = sequences.of_row, sequences.offsets[:-1], sequences.lengths
    values = sequences.values - (np.add.reduceat(sequences.values, starts) / lengths)[of]
    times = sequences.position - ((lengths - 1) / 2)[of]
    slope = np.add.reduceat(times * values, starts) / np.add.reduceat(times * times, starts)
    rest = values - slope[of] * times
    size, largest = (np.maximum.reduceat(np.abs(part), starts) for part in (rest, sequences.values))
    size = np.where(size > _RESOLUTION * largest, size, np.inf)
    steps = np.zeros((len(sequences), int(lengths.max())))
    steps[of, sequences.position] = rest / size[of]
    return steps


def _innovations(steps: Array, lengths: NDArray[np.int64]) -> Array:
    """Return what smoothing at each rate does not foresee of each step, [S, T, R]; the first levels are means."""
    found = np.zeros((*steps.shape, len(_RATES)))
    level = np.repeat(steps[:, :1], len(_RATES), axis=1)
    for t in range(1, steps.shape[1]):
        found[:, t] = steps[:, t, np.newaxis] - level
        level = level + np.maximum(_RATES, 1 / (t + 1)) * found[:, t]
    return _clip(found, lengths)


def _clip(innovations: Array, lengths: NDArray[np.int64]) -> Array:
    """Bring innovations that are far from the others within reach of their median."""
    middle = _median(innovations, lengths)
    reach = _REACH * _NORMAL * _median(np.abs(innovations - middle), lengths)
    return np.where(reach > 0, np.clip(innovations, middle - reach, middle + reach), innovations)


def _median(values: Array, lengths: NDArray[np.int64]) -> Array:
    """Return the medians of the steps after the first one, [S, 1, R]."""
    inside = np.arange(values.shape[1]) < lengths[:, np.newaxis]
    ordered = np.sort(np.where(inside[:, 1:, np.newaxis], values[:, 1:], np.inf), axis=1)
    return np.take_along_axis(ordered, ((lengths - 1) // 2)[:, np.newaxis, np.newaxis], axis=1)
