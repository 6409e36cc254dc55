"""Variational dropout as plain NumPy: which numbers of a network a sequence does without in an epoch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.lstm import Array


class Kept(NamedTuple):
    """Factors for one sequence in one epoch: 0 where a number is left out, else 1 / (1 - share left out)."""

    inputs: Array  # [I]
    recurrent: Array  # [L, H], of each layer's state as its gates see it
    layers: Array  # [L, H], of what each layer gives


def mix(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble numbers by the finaliser of SplitMix64 (Steele, Lea and Flood, 2014)."""
    with np.errstate(over="ignore"):
        z = z + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(z ^ (z >> np.uint64(31)), np.uint64)


def factors(seed: int, epoch: int, sequence: int, place: int, share: float, count: int) -> Array:
    """Return the factors of one place: 0 the inputs, 1 + 2l the state of layer l, 2 + 2l what it gives."""
    key: NDArray[np.uint64] = mix(np.array([seed], np.uint64))
    for part in (epoch, sequence, place):
        key = mix(key + np.uint64(part))
    places = np.asarray(key + np.arange(count, dtype=np.uint64), np.uint64)
    uniform = (mix(places) >> np.uint64(11)) * 2.0**-53
    return np.where(uniform < share, 0.0, 1 / (1 - share))


def draw(seed: int, epoch: int, sequence: int, sizes: tuple[int, int, int], shares: tuple[float, float, float]) -> Kept:
    """Return what a sequence keeps in an epoch; sizes are I, L, H, shares those of inputs, layers and recurrent."""
    (inputs, layers, units), (of_inputs, of_layers, of_states) = sizes, shares
    return Kept(
        factors(seed, epoch, sequence, 0, of_inputs, inputs),
        np.stack([factors(seed, epoch, sequence, 1 + 2 * layer, of_states, units) for layer in range(layers)]),
        np.stack([factors(seed, epoch, sequence, 2 + 2 * layer, of_layers, units) for layer in range(layers)]),
    )
