"""Batched training with Statecast: one epoch is one update of all 64 sequences."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from statecast.network import Spec, initialise
from statecast.network._core import core
from statecast.training import Adam, Dropout, Loss

sys.path.insert(0, str(Path(__file__).resolve().parent / "peers"))
import workload


def main() -> None:
    """Train and print what an update took."""
    given = workload.arguments()
    X, y = workload.data()
    spec = Spec(workload.INPUTS, given.units, workload.LAYERS, workload.OUTPUTS)
    # What train_batched calls for each epoch: its checks and its result are no part of an update.
    trainer = core.BatchedTrainer32(
        spec.sizes,
        initialise(spec, seed=1).to_flat(),
        X,
        y,
        None,
        None,
        workload.SEQUENCES,
        workload.STEPS,
        Loss("absolute").parts,
        Adam("pytorch", clip=workload.CLIP).parts,
        Dropout().parts,
        0,
    )
    order, rates = np.arange(workload.SEQUENCES), np.full(1, workload.LEARNING_RATE)
    workload.report(lambda: trainer.epoch(order, rates, given.threads), given.units)


if __name__ == "__main__":
    main()
