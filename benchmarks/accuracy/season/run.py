"""How often a season is found where there is one and where there is none, and how good the forecasts are there.

    python benchmarks/accuracy/season/run.py [--series 50] [--forecasts 200] [--statsforecast] [--json]

Simulated series of 24 to 120 steps, seasons of 4, 7, 12 and 24, at least three of them, amplitude 10: a sine, one that
is high at one place alone, one of any shape; a trend of 0 to 3 amplitudes a season, noise with a standard deviation of
0.1 to 1 amplitudes. Beside them series without a season, from two seasons on. The MASE of `auto` a season ahead is that
on a sample of those with a season, around 100; with --statsforecast (extra baselines) beside AutoETS'.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

import statecast as sc
from statecast.series import Sequences, are_seasonal

Array = NDArray[np.float64]
PERIODS, LENGTHS = (4, 7, 12, 24), (24, 36, 48, 60, 84, 120)
TRENDS, NOISES, SHAPES = (0.0, 0.5, 1.2, 3.0), (0.1, 0.25, 0.5, 1.0), ("sine", "one place", "any")
AMPLITUDE, LEVEL = 10.0, 100.0


def shape_of(kind: str, period: int, rng: np.random.Generator) -> Array:
    """Return a season from -1 to 1."""
    places = np.arange(period)
    if kind == "sine":
        return np.asarray(np.sin(2 * np.pi * (places + rng.integers(period)) / period))
    if kind == "one place":
        return np.where(places == rng.integers(period), 1.0, -1.0)
    shape = rng.uniform(-1, 1, period)
    return np.asarray((shape - shape.mean()) / np.abs(shape - shape.mean()).max())


def seasonal(kind: str, period: int, steps: int, trend: float, noise: float, rng: np.random.Generator) -> Array:
    """Return a series with a season, on a line."""
    at = np.arange(steps)
    wave = shape_of(kind, period, rng)[at % period]
    return LEVEL + AMPLITUDE * np.asarray(wave + trend * at / period + noise * rng.normal(size=steps))


def autoregression(e: Array, rho: float) -> Array:
    """Return a stationary autoregression of these innovations."""
    y = e.copy()
    for t in range(1, len(y)):
        y[t] += rho * y[t - 1]
    return y


WITHOUT: dict[str, Callable[[Array, np.random.Generator], Array]] = {
    "noise": lambda e, _: e,
    "line": lambda e, rng: e + rng.choice([0.1, 0.5, 3.0]) * np.arange(len(e)),
    "random walk": lambda e, _: np.cumsum(e),
    "random walk with drift": lambda e, _: np.cumsum(e + 0.5),
    "autoregression, 0.8": lambda e, _: autoregression(e, 0.8),
    "level shift": lambda e, rng: e + 5 * (np.arange(len(e)) > rng.integers(4, len(e) - 4)),
    "outlier": lambda e, rng: e + 15 * (np.arange(len(e)) == rng.integers(len(e))),
    "growth, logged": lambda e, _: np.log(100 * 1.03 ** np.arange(len(e)) * np.exp(0.1 * e)),
}


def cells() -> Iterator[tuple[str, int, int, float, float]]:
    """Yield all kinds of series with a season."""
    for period in PERIODS:
        for steps in LENGTHS:
            if steps >= 3 * period:
                yield from ((k, period, steps, t, n) for k in SHAPES for t in TRENDS for n in NOISES)


def found(series: list[Array], period: int) -> float:
    """Return the share of the series whose season is found."""
    together = Sequences.of(np.concatenate(series), np.array([len(one) for one in series]))
    return float(are_seasonal(together, period).mean())


def decisions(count: int) -> list[dict[str, object]]:
    """Return how often a season is found, by noise where there is one and by kind where there is none."""
    rng, shares = np.random.default_rng(1), defaultdict(list)
    for kind, period, steps, trend, noise in cells():
        share = found([seasonal(kind, period, steps, trend, noise, rng) for _ in range(count)], period)
        shares[f"a season, noise of {noise:g} amplitudes"].append(share)
        if noise <= 0.5:
            shares[f"a season of {period}, noise of at most 0.5"].append(share)
    for period in PERIODS:
        for steps in (steps for steps in LENGTHS if steps >= 2 * period):
            for kind, make in WITHOUT.items():
                shares[f"none: {kind}"].append(found([make(rng.normal(size=steps), rng) for _ in range(count)], period))
    return [{"series": name, "found": float(np.mean(values))} for name, values in shares.items()]


def errors(count: int, beside: bool) -> list[dict[str, object]]:
    """Return the MASE a season ahead of auto, and of AutoETS, over a sample of the kinds with noise of at most 0.5."""
    rng = np.random.default_rng(7)
    kinds = [cell for cell in cells() if cell[4] <= 0.5]
    scores = defaultdict(list)
    for place in rng.choice(len(kinds), min(count, len(kinds)), replace=False):
        kind, period, steps, trend, noise = kinds[place]
        values = seasonal(kind, period, steps + period, trend, noise, rng)
        past, truth = values[:steps], values[steps:]
        ahead = {"auto": sc.auto(horizon=period).fit(sc.read(past, season=period)).forecast().mean[0]}
        if beside:
            from statsforecast.models import AutoETS

            ahead["AutoETS"] = np.asarray(AutoETS(season_length=period).fit(past).predict(period)["mean"], np.float64)
        for name, mean in ahead.items():
            scores[name].append(np.abs(mean - truth).mean() / np.abs(past[period:] - past[:-period]).mean())
    return [{"method": name, "mase": float(np.mean(values)), "series": len(values)} for name, values in scores.items()]


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description="Score the decision whether series have a season.")
    parser.add_argument("--series", type=int, default=50, help="of every kind")
    parser.add_argument("--forecasts", type=int, default=200, help="series that are forecast")
    parser.add_argument("--statsforecast", action="store_true", help="AutoETS beside auto")
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    given = parser.parse_args()
    decided, scored = decisions(given.series), errors(given.forecasts, given.statsforecast)
    for row in decided:
        print(f"{row['series']:45} found in {100 * float(str(row['found'])):5.1f} %")
    for row in scored:
        print(f"{row['method']:45} MASE {row['mase']:.3f} over {row['series']} series")
    if given.json:
        print(json.dumps({"benchmark": "season", "decisions": decided, "forecasts": scored}))


if __name__ == "__main__":
    main()
