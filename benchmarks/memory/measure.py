"""Measure, in this process, how much memory a call needs at most beyond what is there before it: what run.py starts.

python benchmarks/memory/measure.py CALL UNITS LAYERS SEQUENCES STEPS WINDOW EPOCHS THREADS
"""

from __future__ import annotations

import ctypes
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from formula import INPUTS, OUTPUTS, Case
from statecast.network import initialise
from statecast.network._core import core
from statecast.training import Adam, Dropout, Loss, Schedule

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")

Work = Callable[[int], object]  # makes all buffers and runs so many epochs


def peak() -> int:
    """Return the most bytes that this process has had since the last start over."""
    line = re.search(r"^VmHWM:\s+(\d+) kB", STATUS.read_text(), re.MULTILINE)
    if line is None:
        raise SystemExit(f"expected VmHWM in {STATUS}, which Linux gives")
    return int(line[1]) * 1024


def start_over() -> int:
    """Give back what is free, forget the peak so far, and return what is left."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's; else buffers would go where others have been
    if trim is not None:
        trim(0)
    CLEAR.write_text("5")
    return peak()


def online(case: Case, threads: int) -> Work:
    """Prepare ``train_online``."""
    rng = np.random.default_rng(1)
    X, y = (rng.normal(size=(case.steps, width)).astype(np.float32) for width in (INPUTS, OUTPUTS))
    flat, losses, outcomes = initialise(case.spec, seed=1).to_flat()[None], np.ones((1, 1)), np.zeros((1, 3), np.int64)
    data = X, y, None, np.array([0, case.steps]), np.zeros(1, np.int64), None
    how = Schedule().parts, Loss().parts, Adam().parts

    def work(epochs: int) -> None:
        length = epochs, case.window, 0
        core.train_online(case.spec.sizes, flat, *data, length, *how, losses, None, outcomes, threads, None)

    return work


def batched(case: Case, threads: int) -> Work:
    """Prepare ``BatchedTrainer``, or ``batched_loss`` with its gradient or without."""
    rng = np.random.default_rng(1)
    size = case.sequences, case.steps
    X, y = (rng.normal(size=(*size, width)).astype(np.float32) for width in (INPUTS, OUTPUTS))
    flat, loss, adam = initialise(case.spec, seed=1).to_flat(), Loss("absolute").parts, Adam(clip=1.0).parts
    data = case.spec.sizes, flat, X, y, None, None
    order, rates = np.arange(case.sequences), np.full(-(-case.steps // case.window), 1e-3)
    gradient = flat.copy() if case.call == "batched_loss, gradient" else None

    def train(epochs: int) -> None:
        trainer = core.BatchedTrainer32(*data, case.sequences, case.window, loss, adam, Dropout().parts, 0)
        for _ in range(epochs):
            trainer.epoch(order, rates, threads)

    def losses(epochs: int) -> None:
        for _ in range(epochs):
            core.batched_loss(*data, loss, gradient, threads)

    return train if case.call == "BatchedTrainer" else losses


def main() -> None:
    """Prepare, run and print."""
    call, *words = sys.argv[1:]
    *sizes, epochs, threads = map(int, words)
    prepare = online if call == "train_online" else batched
    prepare(Case(call, 4, 1, 1, 8, 4), threads)(1)  # loads what is loaded lazily
    work = prepare(Case(call, *sizes), threads)
    before = start_over()
    work(epochs)
    print(json.dumps({"bytes": peak() - before}))


if __name__ == "__main__":
    main()
