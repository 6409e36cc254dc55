"""How training cost grows: fits the exponent of time in rows, epochs and chunk length; 1 is linear.

python benchmarks/speed/classic/exponents.py
"""

from __future__ import annotations

import time

import numpy as np

from statecast.network import Spec, initialise
from statecast.training import train_online

REPEATS = 7


def seconds(rows: int, epochs: int, bptt: int) -> float:
    """Return the best time of a training."""
    y = np.sin(0.7 * np.arange(rows + 1))
    parameters = initialise(Spec(inputs=1, units=4), seed=1)
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        train_online(parameters, y[:-1], y[1:], epochs=epochs, bptt=bptt)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the exponents."""
    cases = {
        "rows, 1,000 epochs": [(n, 1000, 1) for n in (50, 100, 200, 400, 800)],
        "epochs, 100 rows": [(100, n, 1) for n in (500, 1000, 2000, 4000, 8000)],
        "rows in chunks of 12, 1,000 epochs": [(n, 1000, 12) for n in (48, 96, 192, 384, 768)],
    }
    for name, points in cases.items():
        sizes = [max(rows * epochs, 1) for rows, epochs, _ in points]
        times = [seconds(*point) for point in points]
        exponent = np.polyfit(np.log(sizes), np.log(times), 1)[0]
        per_step = [1e9 * t / s for t, s in zip(times, sizes, strict=True)]
        print(f"{name}: exponent {exponent:.3f}; ns a step " + ", ".join(f"{ns:.0f}" for ns in per_step))


if __name__ == "__main__":
    main()
