"""What all sides of the members scenario train: one series, 16 networks; for all environments."""

from __future__ import annotations

import numpy as np

import _side as side
from classic import workload as classic

MEMBERS, EPOCHS = 16, 3000


def weights() -> list[np.ndarray]:
    """Return what the members start from, in Keras' order, each array with an axis for them before its own."""
    networks = [side.weights(inputs=1, units=classic.UNITS, seed=seed) for seed in range(MEMBERS)]
    return [np.stack(arrays) for arrays in zip(*networks, strict=True)]
