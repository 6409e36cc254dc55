"""The classic training with JAX: one program, a scan over epochs of a scan over rows, compiled apart.

Adam is written out in Keras' form, on one flat vector of all weights: XLA has one update to fuse, not five.
"""

from __future__ import annotations

import time
from typing import Any

import jax
import jax.numpy as jnp
import problem
from jax import Array
from jax.flatten_util import ravel_pytree

State = tuple[Array, Array]

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7


def main() -> None:
    """Train and print what it took."""
    epochs = problem.epochs()
    X, y = problem.rows()
    initial, unravel = ravel_pytree([jnp.asarray(w) for w in problem.weights()])

    def loss_and_state(flat: Array, state: State, x: Array, target: Array) -> tuple[Array, State]:
        kernel, recurrent_kernel, bias, head_kernel, head_bias = unravel(flat)
        h, c = state
        i, f, g, o = jnp.split(x @ kernel + h @ recurrent_kernel + bias, 4)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h @ head_kernel + head_bias - target)[0] ** 2, (h, c)

    def row(carry: tuple[Any, ...], sample: tuple[Array, Array]) -> tuple[tuple[Any, ...], Array]:
        flat, m, v, power_1, power_2, state = carry
        (loss, state), g = jax.value_and_grad(loss_and_state, has_aux=True)(flat, state, *sample)
        m = BETA_1 * m + (1 - BETA_1) * g
        v = BETA_2 * v + (1 - BETA_2) * g**2
        power_1, power_2 = power_1 * BETA_1, power_2 * BETA_2
        rate = problem.LEARNING_RATE * jnp.sqrt(1 - power_2) / (1 - power_1)
        flat = flat - rate * m / (jnp.sqrt(v) + EPSILON)
        return (flat, m, v, power_1, power_2, state), loss

    def epoch(carry: tuple[Any, ...], _: None) -> tuple[tuple[Any, ...], Array]:
        zero = jnp.zeros(problem.UNITS)
        (*learnt, _), losses = jax.lax.scan(row, (*carry, (zero, zero)), (X, y))
        return tuple(learnt), losses.mean()

    def train(flat: Array) -> tuple[Array, Array]:
        zero, one = jnp.zeros_like(flat), jnp.ones(())
        (flat, *_), losses = jax.lax.scan(epoch, (flat, zero, zero, one, one), length=epochs)
        return flat, losses

    start = time.perf_counter()
    compiled = jax.jit(train).lower(initial).compile()
    compile_seconds = time.perf_counter() - start

    start = time.perf_counter()
    _, losses = jax.block_until_ready(compiled(initial))
    seconds = time.perf_counter() - start

    problem.report(
        "jax_scan",
        epochs,
        {"scan": problem.Timing(seconds, compile_seconds, float(losses[-1]))},
        {"jax": jax.__version__, "jaxlib": jax.lib.__version__},
    )


if __name__ == "__main__":
    main()
