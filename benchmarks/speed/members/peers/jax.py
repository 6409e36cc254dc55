"""16 members with JAX: the classic recipe's program under vmap, compiled apart."""

from __future__ import annotations

import jax
import jax.numpy as jnp

import _side as side
from classic import workload as classic
from classic.peers.jax import train
from members import workload


def main() -> None:
    """Train and print what it took."""
    X, y = map(jnp.asarray, classic.rows())
    weights = [jnp.asarray(w) for w in workload.weights()]
    members = jax.jit(jax.vmap(lambda one: train(one, X, y, workload.EPOCHS)))
    once, compiled = side.timed(lambda: members.lower(weights).compile())
    seconds, (_, losses) = side.timed(lambda: jax.block_until_ready(compiled(weights)))
    side.report({"vmap": side.Spent(seconds, once, (float(losses[:, 0].mean()),))})


if __name__ == "__main__":
    main()
