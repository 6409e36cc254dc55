"""The classic training with Statecast: all epochs are one call into the core."""

from __future__ import annotations

import sys
import time
from importlib.metadata import version
from pathlib import Path

from statecast.network import Spec, initialise
from statecast.training import train_online

sys.path.insert(0, str(Path(__file__).resolve().parent / "peers"))
import problem


def main() -> None:
    """Train and print what it took."""
    epochs = problem.epochs()
    X, y = problem.rows()
    parameters = initialise(Spec(inputs=X.shape[1], units=problem.UNITS), seed=1)
    train_online(parameters, X, y, epochs=1, bptt=1)  # loads what is loaded lazily

    start = time.perf_counter()
    result = train_online(parameters, X, y, epochs=epochs, bptt=1)
    seconds = time.perf_counter() - start

    timing = problem.Timing(seconds, 0.0, float(result.losses[-1]))
    problem.report("statecast", epochs, {"core": timing}, {"statecast": version("statecast")})


if __name__ == "__main__":
    main()
