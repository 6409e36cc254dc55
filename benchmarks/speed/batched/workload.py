"""What all sides of the batched scenario train on and how an update is timed; for all environments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import _side as side

SEQUENCES, STEPS, INPUTS, OUTPUTS, LAYERS = 64, 96, 20, 18, 2
LEARNING_RATE, CLIP = 1e-3, 1.0
EPSILON = 1e-8  # as PyTorch has it: inside the correction of Adam's moments
OUTSIDE_EPSILON = EPSILON * (1 - 0.999) ** 0.5  # for Keras' form: the same at the first update


def data() -> tuple[np.ndarray, np.ndarray]:
    """Return X [64, 96, 20] and y [64, 96, 18]."""
    rng = np.random.default_rng(1)
    sizes = ((SEQUENCES, STEPS, INPUTS), (SEQUENCES, STEPS, OUTPUTS))
    X, y = (rng.normal(size=size).astype(np.float32) for size in sizes)
    return X, y


def steps_first() -> tuple[np.ndarray, np.ndarray]:
    """Return the same with the steps as the first axis."""
    X, y = (np.ascontiguousarray(array.swapaxes(0, 1)) for array in data())
    return X, y


def weights(units: int) -> list[np.ndarray]:
    """Return what all sides start from, in Keras' order."""
    return side.weights(INPUTS, units, LAYERS, OUTPUTS)


def arithmetic(units: int) -> float:
    """Return the floating-point operations of the matrix products of one update: forward, and twice that back."""
    layers = 2 * 4 * units * (INPUTS + units) + (LAYERS - 1) * 2 * 4 * units * 2 * units
    return 3.0 * SEQUENCES * STEPS * (layers + 2 * units * OUTPUTS)


def units() -> int:
    """Return what the command line says of ``--units``."""
    return int(side.options("units").units)


def time_updates(update: Callable[[], float]) -> side.Spent:
    """Time updates; each returns the loss before it. The first two losses tell whether all sides do the same."""
    first, loss = side.timed(update)
    losses = loss, update()
    seconds = side.per_call(update)
    return side.Spent(seconds, max(0.0, first - seconds), losses)
