"""Seasonality: whether series have a season of so many steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from statecast.series._innovations import Innovations
from statecast.series._sequences import Sequences

Array = NDArray[np.float64]

LATE_SEASONS = 12
"""The last ones, from which fixed indices are found: habits change. Those of a longer series may move."""

_LEVEL = 1.751  # of the normal distribution, one in twenty-five


def are_seasonal(sequences: Sequences, period: int) -> NDArray[np.bool_]:
    """Return which series have a season of ``period`` steps, [S]; those of less than two seasons have none.

    A season is found if the means of the places in the season differ by more than chance gives in one of twenty-five
    series. That is asked of the innovations of exponential smoothing, what it does not foresee, as observations that
    lie together are alike and say little: a season stays a season in them, and a random walk becomes noise, which has
    none. A straight line is taken off first, so that a trend is no season and hides none. The statistic is that of the
    analysis of variance, F, but with the smallest sum of squares over several smoothing rates on both sides, with the
    places and without; its tail is that of Paulson (1942, "An approximate normalization of the analysis of variance
    distribution"). Innovations far from the others count as far as 5 standard deviations. Only the last 12 seasons are
    asked, as habits change.

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
        innovations = Innovations.of(sequences.select(long), period, robust=True)
        found[long] = (innovations.total > 0) & (_tail(innovations.left, period - 1, innovations.free) > _LEVEL)
    return found


def late(sequences: Sequences, period: int, seasons: int = LATE_SEASONS) -> Sequences:
    """Return the last seasons of each series; whole seasons are left out, so that places stay the same."""
    left_out = np.maximum(sequences.lengths - seasons * period, 0) // period * period
    kept = sequences.position >= left_out[sequences.of_row]
    return sequences.keep(kept, sequences.values[kept])


def _tail(left: Array, places: int, free: NDArray[np.int64]) -> Array:
    """Return the standard normal variable as improbable as F, from the share of the squares left within places, [S]."""
    free = np.maximum(free, 1)
    f = np.cbrt(np.maximum(1 - left, 0.0) / places * free / np.maximum(left, np.finfo(np.float64).eps))
    above, below = 2 / (9 * places), 2 / (9 * free)
    return np.asarray(((1 - below) * f - (1 - above)) / np.sqrt(below * f**2 + above))
