"""Changes: how far a series moves in so many steps, which is how far off the last value would have been."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from statecast.intervals._totals import Array, Index, counts, totals
from statecast.series import Sequences, are_seasonal


@dataclass(frozen=True, eq=False)
class Changes:
    """Variance of the changes over k = 1 .. h steps, and how many they are less what was estimated, both [S, h].

    The mean change is taken off; in a series of three seasons or more, or of two that show a season, the mean of each
    place in it, so that neither a trend nor a season counts as a spread. Where a series is too short for a change its
    variance is NaN; one of a single observation has changed once, from zero.
    """

    variance: Array
    count: Array

    @classmethod
    def of(cls, values: Array, offsets: Index, season: int, horizon: int) -> Changes:
        """Return those of all series, which stand one after another in values."""
        lengths = np.diff(offsets)
        series = np.repeat(np.arange(len(lengths)), lengths)
        position = np.arange(len(values)) - offsets[:-1][series]
        shown = (lengths >= 3 * season) | are_seasonal(Sequences(values, offsets), season)
        seasons = np.where(shown, season, 1)
        place = series * season + position % seasons[series]
        variance, count = (np.full((len(lengths), horizon), np.nan) for _ in range(2))
        for k in range(1, min(horizon, int(lengths.max()) - 1) + 1):
            first = np.flatnonzero(position < lengths[series] - k)
            change, of = values[first + k] - values[first], series[first]
            number = counts(of, len(lengths))
            free = number - np.minimum(seasons, number)
            whole = free >= 2  # enough left to take a mean off
            size = len(lengths) * season
            mean = totals(change, place[first], size) / np.maximum(counts(place[first], size), 1)
            rest = change - np.where(whole[of], mean[place[first]], 0.0)
            count[:, k - 1] = np.where(whole, free, np.where(seasons > 1, 0, number))
            variance[:, k - 1] = totals(rest * rest, of, len(lengths)) / np.maximum(count[:, k - 1], 1)
        alone = lengths == 1
        variance[alone, 0], count[alone, 0] = values[offsets[:-1][alone]] ** 2, 1
        count[~(count > 0)] = 0.0
        variance[count == 0] = np.nan
        return cls(variance, count)

    def exponent(self) -> Array:
        """Return a where the standard deviation grows as k ** a, [S], from 0 to 1; that of a random walk if unknown."""
        known = (self.variance > 0) & (self.count >= 3)
        logs = np.log(np.arange(1, self.variance.shape[1] + 1))
        spread = np.log(np.where(known, self.variance, 1.0)) / 2
        weight = np.where(known, self.count, 0.0) / np.arange(1, len(logs) + 1)
        total = np.maximum(_sum(weight), np.finfo(np.float64).tiny)
        log, mean = _sum(weight * logs) / total, _sum(weight * spread) / total
        away = logs - log[:, np.newaxis]
        squares = _sum(weight * away**2)
        slope = _sum(weight * away * (spread - mean[:, np.newaxis])) / np.where(squares > 0, squares, 1.0)
        return np.where(known.sum(axis=1) >= 2, np.clip(slope, 0.0, 1.0), 0.5)


def _sum(columns: Array) -> Array:
    """Add columns one after another, so that the bits of a row do not depend on the number of rows."""
    total = np.zeros(len(columns))
    for column in columns.T:
        total = total + column
    return total
