"""What all sides of the update scenario take in, and how a call is timed; for all environments."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import numpy as np

import _side as side

UNITS, MEMBERS, WINDOW, ROWS = 16, 10, 24, 1000
CALLS = 2000


def history(length: int) -> np.ndarray:
    """Return the observations that were seen before."""
    return 100 + np.random.default_rng(1).normal(0, 1, length).cumsum()


def new_rows() -> np.ndarray:
    """Return the observations that come in."""
    return 100 + np.random.default_rng(2).normal(0, 1, ROWS).cumsum()


def weights() -> list[list[np.ndarray]]:
    """Return the parameters of every member, in Keras' order."""
    return [side.weights(1, UNITS, seed=member) for member in range(MEMBERS)]


def median(call: Callable[[], object], calls: int = CALLS) -> float:
    """Return the median of the seconds that a call takes."""
    call()
    return statistics.median(side.timed(call)[0] for _ in range(calls))
