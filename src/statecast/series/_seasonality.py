"""Seasonality: whether series have a season of so many steps."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from statecast.series._innovations import Innovations
from statecast.series._sequences import Sequences

Array = NDArray[np.float64]

_NORMAL = NormalDist()

LATE_SEASONS = 12
"""The last ones, from which fixed indices are found: habits change. Those of a longer series may move."""

_CHANCE, _CHANCE_OF_PEAK = 0.04, 0.005  # of a season where there is none: by all places, and by one alone


def are_seasonal(sequences: Sequences, period: int) -> NDArray[np.bool_]:
    """Return which series have a season of ``period`` steps, [S]; those of less than two seasons have none.

    A season is found if the means of the places in the season differ by more than chance gives in one of twenty-five
    series. That is asked of the innovations of exponential smoothing, what it does not foresee, as observations that
    lie together are alike and say little: a season stays a season in them, and a random walk becomes noise, which has
    none. A straight line is taken off first, so that a trend is no season and hides none. The statistic is that of the
    analysis of variance, F, but with the smallest sum of squares over several smoothing rates on both sides, with the
    places and without; a single peak is little of all, so the place that stands out most is asked as well (Student's
    test, corrected by Bonferroni). The tails are those of Paulson (1942, "An approximate normalization of the analysis
    of variance distribution"). Innovations far from the others count as far as 5 standard deviations. Only the last 12
    seasons are asked, as habits change.

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
    sequences = late(sequences, period)
    found = np.zeros(len(sequences), dtype=np.bool_)
    long = np.flatnonzero((sequences.lengths >= 2 * period) & (period > 1))
    if len(long):
        seen = Innovations.of(sequences.select(long), period, robust=True)
        least = np.finfo(np.float64).eps * seen.total
        between, within = np.maximum(seen.total - seen.within, 0.0), np.maximum(seen.within, least)
        scale = np.where(seen.total > 0, within, 1.0) / np.maximum(seen.free, 1)
        by_all = _tail(between / (period - 1) / scale, period - 1, seen.free) > _NORMAL.inv_cdf(1 - _CHANCE)
        by_one = _tail(seen.peak / scale, 1, seen.free) > _NORMAL.inv_cdf(1 - _CHANCE_OF_PEAK / period)
        found[long] = (seen.total > 0) & (by_all | by_one)
    return found


def late(sequences: Sequences, period: int, seasons: int = LATE_SEASONS) -> Sequences:
    """Return the last seasons of each series; whole seasons are left out, so that places stay the same."""
    left_out = np.maximum(sequences.lengths - seasons * period, 0) // period * period
    kept = sequences.position >= left_out[sequences.of_row]
    return sequences.keep(kept, sequences.values[kept])


def _tail(ratio: Array, above: int, below: NDArray[np.int64]) -> Array:
    """Return the standard normal variable as improbable as F with these degrees of freedom, [S]."""
    f, a, b = np.cbrt(ratio), 2 / (9 * above), 2 / (9 * np.maximum(below, 1))
    return np.asarray(((1 - b) * f - (1 - a)) / np.sqrt(b * f**2 + a))
