"""What the JAX peers share: the cell, and Adam written out on one flat vector of all parameters.

One vector, so that XLA has one update to fuse, not one an array.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

State = tuple[Array, Array]  # h, c

BETA_1, BETA_2 = 0.9, 0.999


def cell(z: Array, c: Array) -> State:
    """Return the next h and c from the gates before their activation and the last c."""
    i, f, g, o = jnp.split(z, 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    return jax.nn.sigmoid(o) * jnp.tanh(c), c


class Adam(NamedTuple):
    """The parameters under training, their moments, and the powers of beta so far."""

    flat: Array
    m: Array
    v: Array
    power_1: Array
    power_2: Array

    @classmethod
    def start(cls, flat: Array) -> Adam:
        """Return it before the first update."""
        return cls(flat, jnp.zeros_like(flat), jnp.zeros_like(flat), jnp.ones(()), jnp.ones(()))

    def update(self, g: Array, learning_rate: float, epsilon: float) -> Adam:
        """Make an update; epsilon stands outside the correction of the moments, as in Keras."""
        m = BETA_1 * self.m + (1 - BETA_1) * g
        v = BETA_2 * self.v + (1 - BETA_2) * g**2
        power_1, power_2 = self.power_1 * BETA_1, self.power_2 * BETA_2
        rate = learning_rate * jnp.sqrt(1 - power_2) / (1 - power_1)
        return Adam(self.flat - rate * m / (jnp.sqrt(v) + epsilon), m, v, power_1, power_2)
