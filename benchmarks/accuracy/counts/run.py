"""Score the recipe for counts on series with a known distribution, beside the last value and the mean so far.

    python benchmarks/accuracy/counts/run.py [--length 60] [--series 150] [--json]

The continuous ranked probability score of the quantiles 0.1 to 0.9 and the coverage of 80 and 95 % over 8 steps, with
the smoothed level alone (trust 0), as it is by default, and with the network alone (trust 1); the coverage of 80 % for
the sum of the 8 steps, by 300 paths; and mean absolute errors of the point forecasts. Whole bounds cover more than they
promise: the smaller the counts, the more.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import statecast as sc

HORIZON = 8
QUANTILES = tuple(k / 10 for k in range(1, 10))
Counts = NDArray[np.int64]


def regimes(shape: tuple[int, int], rng: np.random.Generator) -> Counts:
    """Return counts of mean 1 or 8, which change places with probability 0.1 a step."""
    changes = rng.random(shape) < 0.1
    return rng.poisson(np.where(changes.cumsum(axis=1) % 2, 8, 1))


def wandering(shape: tuple[int, int], rng: np.random.Generator) -> Counts:
    """Return counts whose mean is a random walk in logs."""
    return rng.poisson(np.minimum(np.exp(1.5 + 0.1 * rng.standard_normal(shape).cumsum(axis=1)), 500))


WEEK = np.array([0.3, 0.6, 1.0, 1.0, 1.1, 1.8, 1.2])
Draw = Callable[[tuple[int, int], np.random.Generator], Counts]
DRAWS: dict[str, tuple[int, Draw]] = {  # season, and how they are drawn
    "Poisson of 0.3": (1, lambda shape, rng: rng.poisson(0.3, shape)),
    "Poisson of 3": (1, lambda shape, rng: rng.poisson(3, shape)),
    "Poisson of 300": (1, lambda shape, rng: rng.poisson(300, shape)),
    "negative binomial": (1, lambda shape, rng: rng.negative_binomial(2, 1 / 3, shape)),
    "now and then": (1, lambda shape, rng: rng.binomial(1, 0.25, shape) * (1 + rng.geometric(0.4, shape))),
    "yearly season": (12, lambda shape, rng: rng.poisson(6 + 4.2 * np.sin(np.arange(shape[1]) * np.pi / 6), shape)),
    "weekly season": (7, lambda shape, rng: rng.poisson(5 * WEEK[np.arange(shape[1]) % 7], shape)),
    "wandering mean": (1, wandering),
    "two regimes": (1, regimes),
    "every other step": (1, lambda shape, rng: rng.poisson(np.where(np.arange(shape[1]) % 2, 8, 1), shape)),
}


def score(values: Counts, season: int, trust: float) -> dict[str, float]:
    """Fit to all but the last steps and return the scores on these."""
    series, steps = values.shape
    known, y = values[:, :-HORIZON].astype(float), values[:, -HORIZON:].astype(float)
    ids = np.repeat([f"{s:05d}" for s in range(series)], steps - HORIZON)
    frame = pd.DataFrame({"unique_id": ids, "ds": np.tile(np.arange(steps - HORIZON), series), "y": known.ravel()})
    fitted = sc.counts(horizon=HORIZON, trust=trust).fit(sc.read(frame, season=season))
    ahead = fitted.forecast(level=(20, 40, 60, 80, 95))
    lower, upper = ahead.lower, ahead.upper
    assert lower is not None
    assert upper is not None
    quantiles = np.concatenate([lower[:, 3::-1], ahead.mean[:, np.newaxis], upper[:, :4]], axis=1)
    low, high = np.quantile(fitted.sample(paths=300).sum(axis=2), [0.1, 0.9], axis=1)
    return {
        "crps": sc.metrics.crps(y, np.moveaxis(quantiles, 1, 2), QUANTILES),
        "coverage_80": sc.metrics.coverage(y, lower[:, 3], upper[:, 3]),
        "coverage_95": sc.metrics.coverage(y, lower[:, 4], upper[:, 4]),
        "sum_80": sc.metrics.coverage(y.sum(axis=1), low, high),
        "mae": sc.metrics.mae(y, ahead.mean),
        "mae_last_value": sc.metrics.mae(y, np.repeat(known[:, -1:], HORIZON, axis=1)),
        "mae_mean": sc.metrics.mae(y, np.repeat(known.mean(axis=1, keepdims=True), HORIZON, axis=1)),
    }


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description="Score the recipe for counts on series of known distributions.")
    parser.add_argument("--length", type=int, default=60, help="of the training part")
    parser.add_argument("--series", type=int, default=150)
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    given = parser.parse_args()
    rows = []
    for name, (season, draw) in DRAWS.items():
        values = draw((given.series, given.length + HORIZON), np.random.default_rng(1))
        for trust in (0.0, 0.5, 1.0):
            got = score(values, season, trust)
            rows.append({"series": name, "trust": trust, **got})
            shown = "  ".join(f"{key} {value:.3f}" for key, value in got.items())
            print(f"{name:18} trust {trust:.1f}  {shown}", flush=True)
    if given.json:
        print(json.dumps({"benchmark": "counts", "length": given.length, "series": given.series, "rows": rows}))


if __name__ == "__main__":
    main()
