"""Sums of rows that belong together, in their order: those of a series have the same bits whatever is beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]


def totals(values: Array, of: Index, count: int) -> Array:
    """Return the sums [count] of the values that belong to each of 0 .. count - 1."""
    return np.asarray(np.bincount(of, weights=values, minlength=count), np.float64)  # int where empty


def counts(of: Index, count: int) -> Array:
    """Return how many belong to each of 0 .. count - 1, as floats."""
    return np.bincount(of, minlength=count).astype(np.float64)
