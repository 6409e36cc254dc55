"""The classic training with JAX: one program, a scan over epochs of a scan over rows, compiled apart."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jax.flatten_util import ravel_pytree

import _side as side
from _jax import Adam, State, cell
from classic import workload

EPSILON = 1e-7


def train(weights: list[Array], X: Array, y: Array, epochs: int) -> tuple[list[Array], Array]:
    """Return the trained weights and the loss of each epoch."""
    initial, unravel = ravel_pytree(weights)
    zero = jnp.zeros(weights[1].shape[0])

    def loss_and_state(flat: Array, state: State, x: Array, target: Array) -> tuple[Array, State]:
        kernel, recurrent_kernel, bias, head_kernel, head_bias = unravel(flat)
        h, c = cell(x @ kernel + state[0] @ recurrent_kernel + bias, state[1])
        return (h @ head_kernel + head_bias - target)[0] ** 2, (h, c)

    def row(carry: tuple[Adam, State], sample: tuple[Array, Array]) -> tuple[tuple[Adam, State], Array]:
        adam, state = carry
        (loss, state), g = jax.value_and_grad(loss_and_state, has_aux=True)(adam.flat, state, *sample)
        return (adam.update(g, workload.LEARNING_RATE, EPSILON), state), loss

    def epoch(adam: Adam, _: None) -> tuple[Adam, Array]:
        (adam, _), losses = jax.lax.scan(row, (adam, (zero, zero)), (X, y))
        return adam, losses.mean()

    adam, losses = jax.lax.scan(epoch, Adam.start(initial), length=epochs)
    return unravel(adam.flat), losses


def main() -> None:
    """Train and print what it took."""
    epochs = workload.epochs()
    X, y = map(jnp.asarray, workload.rows())
    weights = [jnp.asarray(w) for w in workload.weights()]

    once, compiled = side.timed(lambda: jax.jit(train, static_argnums=3).lower(weights, X, y, epochs).compile())
    seconds, (_, losses) = side.timed(lambda: jax.block_until_ready(compiled(weights, X, y)))
    side.report({"scan": side.Spent(seconds, once, (float(losses[0]),))})


if __name__ == "__main__":
    main()
