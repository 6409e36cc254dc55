"""Innovations: what exponential smoothing does not foresee of series, with and without a season."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.series._sequences import Sequences

Array = NDArray[np.float64]

_RATES = np.array([0.02, 0.1, 0.3, 0.6, 1.0])
_REACH = 5.0  # standard deviations, by the median, that an innovation may be away from the median
_NORMAL = 1.4826  # standard deviation of a normal distribution by its median absolute deviation
_RESOLUTION = 1e-9  # of the largest value: smaller differences are rounding
_MOST_LEVELS = 500_000  # that are held at once


@dataclass(frozen=True, eq=False)
class Innovations:
    """Sums of the squared innovations of simple exponential smoothing, each at the rate that makes it smallest; [S].

    A straight line is taken off first; the level starts as a mean.

    Attributes
    ----------
    unit : float64
        What the sums are in: the largest distance from the line; infinite where a series is a line but for rounding.
    total : float64
        About their mean, in squared units.
    within : float64
        About the mean of their place in the season.
    peak : float64
        Squares about their mean of the place in the season that stands out most, by its mean.
    free : int64
        How many are free to vary within places; below 1 where there are no two whole seasons.
    """

    unit: Array
    total: Array
    within: Array
    peak: Array
    free: NDArray[np.int64]

    @classmethod
    def of(cls, sequences: Sequences, period: int, robust: bool) -> Innovations:
        """Smooth series of at least two observations; those far from the others count as near if ``robust``."""
        at_once = max(_MOST_LEVELS // (int(sequences.lengths.max(initial=1)) * len(_RATES)), 1)
        blocks = [
            _sums(sequences.select(np.arange(begin, min(begin + at_once, len(sequences)))), period, robust)
            for begin in range(0, len(sequences), at_once)
        ]
        unit, total, within, peak = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
        return cls(unit, total, within, peak, sequences.lengths - 1 - period)

    @property
    def left(self) -> Array:
        """Share of the squares that is left within places; 1 where there is nothing to vary."""
        return np.asarray(np.where(self.total > 0, self.within / np.where(self.total > 0, self.total, 1.0), 1.0))


def _sums(sequences: Sequences, period: int, robust: bool) -> tuple[Array, Array, Array, Array]:
    """Return the units, the smallest sums of squares about the mean and of places, and the peak's, [S]."""
    series, lengths = len(sequences), sequences.lengths
    later = sequences.position > 0
    of, at = sequences.of_row[later], sequences.position[later]
    cells = of * period + at % period
    counts = np.maximum(np.bincount(cells, minlength=series * period), 1)
    steps, unit = _without_line(sequences)
    innovations = _smooth(steps)
    if robust:
        innovations = _clip(innovations, lengths)
    total, within, peak = np.empty((3, series, len(_RATES)))
    for r in range(len(_RATES)):
        e = innovations[of, at, r]
        mean = np.bincount(of, weights=e, minlength=series) / (lengths - 1)
        means = np.bincount(cells, weights=e, minlength=series * period) / counts
        total[:, r] = np.bincount(of, weights=(e - mean[of]) ** 2, minlength=series)
        within[:, r] = np.bincount(of, weights=(e - means[cells]) ** 2, minlength=series)
        squares = counts * (means - np.repeat(mean, period)) ** 2
        peak[:, r] = np.maximum.reduceat(squares, np.arange(series) * period)
    best = within.argmin(axis=1)
    return unit, total.min(axis=1), within.min(axis=1), peak[np.arange(series), best]


def _without_line(sequences: Sequences) -> tuple[Array, Array]:
    """Return series less their straight lines of least squares in units, [S, T], zero after their ends; and units."""
    of, starts, lengths = sequences.of_row, sequences.offsets[:-1], sequences.lengths
    largest = np.maximum.reduceat(np.abs(sequences.values), starts)
    scaled = sequences.values / np.where(largest > 0, largest, 1.0)[of]
    values = scaled - (np.add.reduceat(scaled, starts) / lengths)[of]
    times = sequences.position - ((lengths - 1) / 2)[of]
    slope = np.add.reduceat(times * values, starts) / np.add.reduceat(times * times, starts)
    rest = values - slope[of] * times
    unit = np.maximum.reduceat(np.abs(rest), starts)
    unit = np.where(unit > _RESOLUTION, unit, np.inf)
    steps = np.zeros((len(sequences), int(lengths.max())))
    steps[of, sequences.position] = rest / unit[of]
    return steps, unit * np.where(largest > 0, largest, 1.0)


def _smooth(steps: Array) -> Array:
    """Return what smoothing at each rate does not foresee of each step, [S, T, R]; the first levels are means."""
    found = np.zeros((*steps.shape, len(_RATES)))
    level = np.repeat(steps[:, :1], len(_RATES), axis=1)
    for t in range(1, steps.shape[1]):
        found[:, t] = steps[:, t, np.newaxis] - level
        level = level + np.maximum(_RATES, 1 / (t + 1)) * found[:, t]
    return found


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
