"""What all sides of the step scenario run and how a step is timed; for all environments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import _side as side

INPUTS, UNITS, LAYERS = 8, 32, 2
STEPS = 10_000


def weights() -> list[np.ndarray]:
    """Return the parameters of all sides, in Keras' order."""
    return side.weights(INPUTS, UNITS, LAYERS)


def observation() -> np.ndarray:
    """Return what goes in at every step, [8]."""
    return np.ones(INPUTS, np.float32)


def time_steps(run: Callable[[int], float]) -> side.Spent:
    """Time a step; ``run`` makes so many from a state of zero and returns the last output.

    The outputs of the first two steps tell whether all sides do the same.
    """
    once, first = side.timed(lambda: run(1))
    return side.Spent(side.per_call(lambda: run(STEPS)) / STEPS, once, (first, run(2)))
