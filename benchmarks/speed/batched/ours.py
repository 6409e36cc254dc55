"""Batched training with Statecast: one epoch is one update of all 64 sequences."""

from __future__ import annotations

import numpy as np

import _side as side
from batched import workload
from statecast.network import Parameters
from statecast.network._core import core
from statecast.training import Adam, Dropout, Loss


def main() -> None:
    """Train and print what an update took."""
    given = side.options("units", "threads")
    X, y = workload.data()
    start = Parameters.from_keras(workload.weights(given.units))
    # What train_batched calls for each epoch: its checks and its result are no part of an update.
    trainer = core.BatchedTrainer32(
        start.spec.sizes,
        start.to_flat(),
        X,
        y,
        None,
        None,
        workload.SEQUENCES,
        workload.STEPS,
        Loss("absolute").parts,
        Adam("pytorch", epsilon=workload.EPSILON, clip=workload.CLIP).parts,
        Dropout().parts,
        0,
    )
    order, rates = np.arange(workload.SEQUENCES), np.full(1, workload.LEARNING_RATE)
    side.report({"core": workload.time_updates(lambda: trainer.epoch(order, rates, given.threads)[0])})


if __name__ == "__main__":
    main()
