"""What all sides of the panel scenario train; for all environments."""

from __future__ import annotations

import numpy as np

import _side as side

SERIES, POINTS, UNITS = 1000, 120, 4


def data() -> tuple[np.ndarray, np.ndarray]:
    """Return X and y [1000, 120]: each point and the one after it."""
    points = np.random.default_rng(1).uniform(-1, 1, (SERIES, POINTS + 1)).astype(np.float32)
    return points[:, :-1], points[:, 1:]


def weights() -> list[np.ndarray]:
    """Return what all networks start from, in Keras' order, each array with an axis for the networks before its own."""
    networks = [side.weights(inputs=1, units=UNITS, seed=seed) for seed in range(SERIES)]
    return [np.stack(arrays) for arrays in zip(*networks, strict=True)]
