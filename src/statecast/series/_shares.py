"""Shares: whether series vary by shares of their size, or by steps of one size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from statecast.series._innovations import Innovations
from statecast.series._sequences import Sequences

_FAVOUR = 0.1  # by which the variance of the logs may be larger, as a logarithm
_FAVOUR_SHORT = 1.0  # the same where there are few observations to tell
_FEWEST, _SHORT = 4, 12  # observations that tell at all, and well


def vary_by_shares(sequences: Sequences, period: int) -> NDArray[np.bool_]:
    """Return which series, all above zero, vary by shares, so that their logarithms vary evenly, [S].

    That is said by the likelihood of Box and Cox (1964, "An analysis of transformations") for the powers 0 and 1: by
    the variance of the innovations of exponential smoothing (about the mean of their place in the season where that is
    smaller), that of the logarithms brought to the units of the series by its geometric mean. A series varies by shares
    unless that variance is larger by a tenth, or, of less than 12 observations, by a factor e. So a single 0.01 among
    hundreds, whose logarithm is far away, rules the logarithm out.

    Parameters
    ----------
    sequences : Sequences
    period : int
        Steps in a season; 1 for none.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series import Sequences
    >>> steps, wave = np.arange(50), np.tile([-4.0, 1.0, 3.0, 0.0, 0.0], 10)
    >>> both = np.concatenate([(10 + steps) * np.exp(wave / 10), 10 + steps + wave])
    >>> vary_by_shares(Sequences(both, np.array([0, 50, 100])), 5)
    array([ True, False])
    """
    result = np.ones(len(sequences), dtype=np.bool_)
    enough = np.flatnonzero(sequences.lengths >= _FEWEST)
    if len(enough) == 0:
        return result
    sequences = sequences.select(enough)
    logs = Sequences(np.log(sequences.values), sequences.offsets)
    mean = np.add.reduceat(logs.values, logs.offsets[:-1]) / logs.lengths
    by_shares, by_steps = (_log_variance(one, period) for one in (logs, sequences))
    favour = np.where(sequences.lengths < _SHORT, _FAVOUR_SHORT, _FAVOUR)
    result[enough] = by_shares + 2 * mean <= by_steps + favour
    return result


def _log_variance(sequences: Sequences, period: int) -> NDArray[np.float64]:
    """Return the logarithm of the variance of the innovations, with a season or without, whichever is smaller, [S]."""
    found = Innovations.of(sequences, period, robust=False)
    variance = found.total / (sequences.lengths - 2)
    seasonal = (found.free >= period - 1) & (period > 1)
    within = np.where(seasonal, found.within / np.maximum(found.free, 1), np.inf)
    unit = np.where(np.isfinite(found.unit), found.unit, 1.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.minimum(variance, within)) + 2 * np.log(unit))
