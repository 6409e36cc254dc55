"""One observation at a time with JAX: a jitted step, parameters known when it is compiled, the state in one array."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
from jax import Array

import _side as side
from _jax import cell
from step import workload


def main() -> None:
    """Run and print what a step took."""
    *layers, head_kernel, head_bias = map(jnp.asarray, workload.weights())
    x = jnp.asarray(workload.observation())

    @partial(jax.jit, donate_argnums=0)
    def step(states: Array, out: Array) -> tuple[Array, Array]:
        after = []
        for k, (h, c) in enumerate(states):
            kernel, recurrent_kernel, bias = layers[3 * k : 3 * k + 3]
            after.append(jnp.stack(cell(out @ kernel + h @ recurrent_kernel + bias, c)))
            out = after[-1][0]
        return jnp.stack(after), out @ head_kernel + head_bias

    def run(steps: int) -> float:
        states = jnp.zeros((workload.LAYERS, 2, workload.UNITS))
        for _ in range(steps):
            states, out = step(states, x)
            out.block_until_ready()
        return float(out[0])

    side.report({"jit": workload.time_steps(run)})


if __name__ == "__main__":
    main()
