"""Batched training with JAX: one jitted update, its buffers donated, scans over the steps.

Two ways: one scan that takes every step through both layers, and a scan a layer, where the inputs' part of its gates is
one product for all steps before it. Unrolling the loop, or a device a core with a part of the sequences each, made both
slower.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array
from jax.flatten_util import ravel_pytree

import _side as side
from _jax import Adam, State, cell
from batched import workload

Layer = Sequence[Array]  # kernel, recurrent kernel, bias


def start(layer: Layer) -> State:
    """Return the state of a layer before the first step."""
    zero = jnp.zeros((workload.SEQUENCES, len(layer[1])))
    return zero, zero


def together(layers: Sequence[Layer], X: Array) -> Array:
    """Return what the last layer gives at all steps, [T, B, H], from X [T, B, I], by one scan."""

    def step(states: tuple[State, ...], out: Array) -> tuple[tuple[State, ...], Array]:
        after = []
        for (kernel, recurrent_kernel, bias), (h, c) in zip(layers, states, strict=True):
            after.append(cell(out @ kernel + h @ recurrent_kernel + bias, c))
            out = after[-1][0]
        return tuple(after), out

    outputs: Array = jax.lax.scan(step, tuple(map(start, layers)), X)[1]
    return outputs


def alone(layer: Layer, X: Array) -> Array:
    """Return what one layer gives."""
    kernel, recurrent_kernel, bias = layer

    def step(state: State, z: Array) -> tuple[State, Array]:
        h, c = cell(z + state[0] @ recurrent_kernel, state[1])
        return (h, c), h

    outputs: Array = jax.lax.scan(step, start(layer), X @ kernel + bias)[1]
    return outputs


def in_turn(layers: Sequence[Layer], X: Array) -> Array:
    """Return what the last layer gives, by a scan a layer."""
    for layer in layers:
        X = alone(layer, X)
    return X


def train(units: int, run: Callable[[Sequence[Layer], Array], Array]) -> side.Spent:
    """Train from the beginning and return what an update took."""
    X, y = map(jnp.asarray, workload.steps_first())
    flat, unravel = ravel_pytree([jnp.asarray(w) for w in workload.weights(units)])

    def loss_of(flat: Array, X: Array, y: Array) -> Array:
        *layers, head_kernel, head_bias = unravel(flat)
        out = run([layers[k : k + 3] for k in range(0, len(layers), 3)], X)
        return jnp.abs(out @ head_kernel + head_bias - y).mean()

    @partial(jax.jit, donate_argnums=0)
    def updated(adam: Adam, X: Array, y: Array) -> tuple[Adam, Array]:
        loss, g = jax.value_and_grad(loss_of)(adam.flat, X, y)
        clipped = g * jnp.minimum(1, workload.CLIP / jnp.linalg.norm(g))
        return adam.update(clipped, workload.LEARNING_RATE, workload.OUTSIDE_EPSILON), loss

    adam = Adam.start(flat)

    def update() -> float:
        nonlocal adam
        adam, loss = jax.block_until_ready(updated(adam, X, y))
        return float(loss)

    return workload.time_updates(update)


def main() -> None:
    """Train both ways and print what an update took."""
    units = workload.units()
    side.report({"layers together": train(units, together), "layer by layer": train(units, in_turn)})


if __name__ == "__main__":
    main()
