"""Luck: whether one recipe's errors are smaller than another's by more than chance gives."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from statecast.series import Backtest

_EXACT = 12  # blocks whose signs are flipped in every way there is; beyond, in so many random ways as that would be
_FLIPS = 2**_EXACT


def luck(better: Backtest, worse: Backtest) -> float:
    """Return the probability of a lead at least this large if neither were better: small where it is no luck.

    A sign-flip test (Fisher, 1935, "The design of experiments") of the differences of squared errors between two
    tests on the same rows (as Diebold and Mariano, 1995, "Comparing predictive accuracy", compare them). Forecasts of
    several steps from neighbouring origins err together, so signs are flipped for as many origins at a time as there
    are steps. Each series counts by its errors relative to the worse recipe's.

    Examples
    --------
    A test of one origin can prove nothing:

    >>> import statecast as sc
    >>> rising = list(range(20))
    >>> recipes = sc.baselines.Drift(), sc.baselines.last_value()
    >>> luck(*(sc.backtest(rising, recipe, test=4, horizon=4) for recipe in recipes))
    0.5
    """
    ours, theirs = (((test.y - test.mean) ** 2).mean(axis=2) for test in (better, worse))  # [S, K]
    size = theirs.mean(axis=1, keepdims=True)
    gains = ((theirs - ours) / np.where(size > 0, size, 1.0)).mean(axis=0)
    blocks = np.add.reduceat(gains, np.arange(0, len(gains), better.horizon))
    flipped = _signs(len(blocks)) @ blocks
    return float(np.mean(flipped >= blocks.sum() - 1e-12 * np.abs(blocks).sum()))


def _signs(blocks: int) -> NDArray[np.float64]:
    """Return rows of signs, the first all plus."""
    if blocks <= _EXACT:
        minus = np.arange(2**blocks)[:, np.newaxis] >> np.arange(blocks) & 1
        return np.where(minus, -1.0, 1.0)
    signs = np.random.default_rng(0).choice([-1.0, 1.0], (_FLIPS, blocks))
    signs[0] = 1.0
    return signs
