"""What both sides of the batched scenario train on; for all environments."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

import numpy as np

SEQUENCES, STEPS, INPUTS, OUTPUTS, LAYERS = 64, 96, 20, 18, 2
LEARNING_RATE, CLIP = 1e-3, 1.0


def data() -> tuple[np.ndarray, np.ndarray]:
    """Return X [64, 96, 20] and y [64, 96, 18]."""
    rng = np.random.default_rng(1)
    sizes = ((SEQUENCES, STEPS, INPUTS), (SEQUENCES, STEPS, OUTPUTS))
    X, y = (rng.normal(size=size).astype(np.float32) for size in sizes)
    return X, y


def arithmetic(units: int) -> float:
    """Return the floating-point operations of the matrix products of one update: forward, and twice that back."""
    layers = 2 * 4 * units * (INPUTS + units) + (LAYERS - 1) * 2 * 4 * units * 2 * units
    return 3.0 * SEQUENCES * STEPS * (layers + 2 * units * OUTPUTS)


def arguments() -> argparse.Namespace:
    """Read units and threads from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def report(update: Callable[[], object], units: int) -> None:
    """Time updates for about two seconds after a warm-up, and print the best of three goes as a line of JSON."""
    update()
    start = time.perf_counter()
    update()
    count = max(1, int(0.7 / (time.perf_counter() - start)))
    goes = []
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(count):
            update()
        goes.append((time.perf_counter() - start) / count)
    print(json.dumps({"seconds": min(goes), "gflops": arithmetic(units) / min(goes) / 1e9}))
