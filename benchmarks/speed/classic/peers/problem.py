"""What every side of the classic scenario trains on, starts from and prints; for all environments."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

UNITS, LEARNING_RATE = 4, 1e-3

SALES = (  # 36 months of shampoo sales
    *(266.0, 145.9, 183.1, 119.3, 180.3, 168.5, 231.8, 224.5, 192.8, 122.9, 336.5, 185.9),
    *(194.3, 149.5, 210.1, 273.3, 191.4, 287.0, 226.0, 303.6, 289.9, 421.6, 264.5, 342.3),
    *(339.7, 440.4, 315.9, 439.3, 401.3, 437.4, 575.5, 407.6, 682.0, 475.3, 581.3, 646.9),
)
TEST = 12


def rows() -> tuple[np.ndarray, np.ndarray]:
    """Return the 23 training rows, X [23, 1] and y [23]: the difference before and each one, in [-1, 1]."""
    d = np.diff(SALES)
    table = np.stack([np.concatenate([[0.0], d[:-1]]), d], axis=1)[:-TEST]
    low, high = table.min(axis=0), table.max(axis=0)
    scaled = (2 * (table - low) / (high - low) - 1).astype(np.float32)
    return np.ascontiguousarray(scaled[:, :1]), np.ascontiguousarray(scaled[:, 1])


def weights(seed: int = 1) -> list[np.ndarray]:
    """Return initial weights as Keras draws them, in the order of its ``get_weights()``."""
    rng = np.random.default_rng(seed)

    def glorot(n_in: int, n_out: int) -> np.ndarray:
        limit = np.sqrt(6 / (n_in + n_out))
        return rng.uniform(-limit, limit, (n_in, n_out))

    orthonormal = np.linalg.qr(rng.normal(size=(4 * UNITS, UNITS)))[0].T
    bias = np.repeat([0.0, 1.0, 0.0, 0.0], UNITS)
    arrays = [glorot(1, 4 * UNITS), orthonormal, bias, glorot(UNITS, 1), np.zeros(1)]
    return [np.ascontiguousarray(array, np.float32) for array in arrays]


def epochs() -> int:
    """Return what the command line says of ``--epochs``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, required=True, help="epochs to time")
    return int(parser.parse_args().epochs)


@dataclass(frozen=True)
class Timing:
    """What training took one way: all timed epochs, what came once before them, and the last epoch's loss."""

    seconds: float
    compile_seconds: float
    loss: float


def time_epochs(epoch: Callable[[], float], epochs: int) -> Timing:
    """Run one epoch that traces and compiles, then time ``epochs`` more; each call returns its loss."""
    start = time.perf_counter()
    epoch()
    first = time.perf_counter() - start

    start = time.perf_counter()
    for _ in range(epochs):
        loss = epoch()
    seconds = time.perf_counter() - start
    return Timing(seconds, max(0.0, first - seconds / epochs), loss)


def report(peer: str, epochs: int, ways: dict[str, Timing], versions: dict[str, str]) -> None:
    """Print the one line that run.py reads: the fastest way's figures, and those of all ways by name."""
    lines = {
        way: {
            "seconds_per_epoch": timing.seconds / epochs,
            "epochs": epochs,
            "seconds": timing.seconds,
            "compile_seconds": timing.compile_seconds,
            "loss": timing.loss,
        }
        for way, timing in ways.items()
    }
    best = min(lines.values(), key=lambda line: line["seconds"])
    print(json.dumps({"peer": peer, **best, "ways": lines, "versions": versions}))
