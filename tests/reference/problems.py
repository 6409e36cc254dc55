"""Random networks and data, and what is compared, for the tests."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from statecast.network import Parameters, Spec, State

Array = NDArray[np.floating[Any]]
Type = type[np.floating[Any]]


def draw_parameters(spec: Spec, seed: int, dtype: Type = np.float64) -> Parameters:
    """Return a network whose weights, biases included, are all different from zero and from each other."""
    rng = np.random.default_rng(seed)
    scale = 0.3 + 1 / np.sqrt(spec.units)
    return Parameters.from_flat(spec, rng.uniform(-scale, scale, spec.parameter_count).astype(dtype))


def draw_data(spec: Spec, rows: int, seed: int, dtype: Type = np.float64) -> tuple[Array, Array]:
    """Return X [rows, I] and y [rows, O] in [-1, 1]."""
    rng = np.random.default_rng([seed, rows])
    X, y = rng.uniform(-1, 1, (rows, spec.inputs)), rng.uniform(-1, 1, (rows, spec.outputs))
    return X.astype(dtype), y.astype(dtype)


def draw_state(spec: Spec, seed: int, dtype: Type = np.float64) -> State:
    """Return a state in the middle of a sequence."""
    rng = np.random.default_rng([seed, 1])
    hidden, cell = rng.uniform(-0.9, 0.9, (1, spec.units)), rng.uniform(-1.5, 1.5, (1, spec.units))
    return State(hidden.astype(dtype), cell.astype(dtype))


def distance(got: list[Array], expected: list[Array]) -> float:
    """Return the largest |got - expected| / max(1, |expected|) over all arrays."""
    pairs = zip(got, expected, strict=True)
    return max(float(np.max(np.abs(a - b) / np.maximum(1, np.abs(b)))) for a, b in pairs)
