"""What the scripts of all sides share, in every environment: initial parameters, timing, the line that they print."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeVar

import numpy as np

Result = TypeVar("Result")


@dataclass(frozen=True)
class Spent:
    """Seconds that a side took for the work, and those that it spends once before it (tracing, compiling).

    ``check`` holds a few results of the work, losses or outputs, in which all sides must agree.
    """

    seconds: float
    once: float = 0.0
    check: tuple[float, ...] = ()


Ways = dict[str, Spent]  # a side may do its work in several ways, each with a name


def weights(inputs: int, units: int, layers: int = 1, outputs: int = 1, seed: int = 1) -> list[np.ndarray]:
    """Return initial parameters as Keras draws them, in the order of its ``get_weights()``."""
    rng = np.random.default_rng(seed)

    def glorot(n_in: int, n_out: int) -> np.ndarray:
        limit = np.sqrt(6 / (n_in + n_out))
        return rng.uniform(-limit, limit, (n_in, n_out))

    arrays = []
    for width in (inputs, *[units] * (layers - 1)):
        orthonormal = np.linalg.qr(rng.normal(size=(4 * units, units)))[0].T
        arrays += [glorot(width, 4 * units), orthonormal, np.repeat([0.0, 1.0, 0.0, 0.0], units)]
    arrays += [glorot(units, outputs), np.zeros(outputs)]
    return [np.ascontiguousarray(array, np.float32) for array in arrays]


def options(*names: str) -> argparse.Namespace:
    """Read whole numbers from the command line."""
    parser = argparse.ArgumentParser()
    for name in names:
        parser.add_argument(f"--{name}", type=int, required=True)
    return parser.parse_args()


def timed(call: Callable[[], Result]) -> tuple[float, Result]:
    """Return the seconds that a call takes, and what it returns."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def per_call(call: Callable[[], object]) -> float:
    """Return the seconds of a call: the best of three goes of as many calls as take about 0.7 seconds."""
    count = max(1, int(0.7 / timed(call)[0]))

    def go() -> None:
        for _ in range(count):
            call()

    return min(timed(go)[0] for _ in range(3)) / count


def time_epochs(epoch: Callable[[], float], epochs: int) -> Spent:
    """Run one epoch that traces and compiles, then time ``epochs`` more; each call returns its loss.

    The first loss tells whether all sides do the same.
    """
    first, loss = timed(epoch)
    seconds, _ = timed(lambda: [epoch() for _ in range(epochs)])
    return Spent(seconds, max(0.0, first - seconds / epochs), (loss,))


def peak_mib() -> float:
    """Return the most memory that this process has had, in MiB; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def report(ways: Ways) -> None:
    """Print the one line that run.py reads."""
    print(json.dumps({"ways": {way: asdict(spent) for way, spent in ways.items()}, "peak_mib": peak_mib()}))
