"""1,000 small networks with JAX: the classic recipe's program under vmap, a device a core with a part of them each."""

from __future__ import annotations

import os

import jax
from jax import Array

import _side as side
from classic.peers.jax import train
from panel import workload

DEVICES = int(os.environ["OMP_NUM_THREADS"])  # XLA would leave the work of one device to one core
jax.config.update("jax_num_cpu_devices", DEVICES)

Data = tuple[list[Array], Array, Array]  # weights, X, y


def data() -> Data:
    """Return the networks' weights and their data, cut into a part a device: [D, 1000 / D, ...]."""
    X, y = workload.data()
    arrays: Data = jax.tree.map(
        lambda array: array.reshape(DEVICES, -1, *array.shape[1:]), (workload.weights(), X[:, :, None], y)
    )
    return arrays


def main() -> None:
    """Train and print what it took."""
    epochs = int(side.options("epochs").epochs)
    arrays = data()
    networks = jax.pmap(jax.vmap(lambda weights, X, y: train(weights, X, y, epochs)))
    once, compiled = side.timed(lambda: networks.lower(*arrays).compile())
    seconds, (_, losses) = side.timed(lambda: jax.block_until_ready(compiled(*arrays)))
    side.report({"vmap": side.Spent(seconds, once, (float(losses[..., 0].mean()),))})


if __name__ == "__main__":
    main()
