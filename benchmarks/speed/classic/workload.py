"""What all sides of the classic scenario train on and start from; for all environments."""

from __future__ import annotations

import numpy as np

import _side as side

UNITS, LEARNING_RATE = 4, 1e-3

SALES = (  # 36 months of shampoo sales
    *(266.0, 145.9, 183.1, 119.3, 180.3, 168.5, 231.8, 224.5, 192.8, 122.9, 336.5, 185.9),
    *(194.3, 149.5, 210.1, 273.3, 191.4, 287.0, 226.0, 303.6, 289.9, 421.6, 264.5, 342.3),
    *(339.7, 440.4, 315.9, 439.3, 401.3, 437.4, 575.5, 407.6, 682.0, 475.3, 581.3, 646.9),
)
TEST = 12


def rows() -> tuple[np.ndarray, np.ndarray]:
    """Return the 23 training rows, X [23, 1] and y [23]: the difference before and each one, in [-1, 1]."""
    d = np.diff(SALES)
    table = np.stack([np.concatenate([[0.0], d[:-1]]), d], axis=1)[:-TEST]
    low, high = table.min(axis=0), table.max(axis=0)
    scaled = (2 * (table - low) / (high - low) - 1).astype(np.float32)
    return np.ascontiguousarray(scaled[:, :1]), np.ascontiguousarray(scaled[:, 1])


def weights() -> list[np.ndarray]:
    """Return what all sides start from, in Keras' order."""
    return side.weights(inputs=1, units=UNITS)


def epochs() -> int:
    """Return what the command line says of ``--epochs``."""
    return int(side.options("epochs").epochs)
