"""Count how often the verdict claims that the network beats the baselines where nothing can, or hardly anything.

    python benchmarks/accuracy/verdict/run.py [--walks 150] [--json]

Random walks of 60 and 200 steps, and the daily stock indices of R's EuStockMarkets; the automatic recipe and the
classic one, one step ahead and twelve, one window and several. A claim is false on a random walk; of the indices it is
unlikely to be right.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import statecast as sc
from statecast.series import Recipe

REPOSITORY = Path(__file__).resolve().parents[3]
METHODS: dict[tuple[str, int], Recipe] = {  # by name and horizon
    ("auto", 1): sc.auto(horizon=1),
    ("auto", 12): sc.auto(horizon=12),
    ("classic", 1): sc.classic(epochs=100),
    ("classic", 12): sc.classic(epochs=100),
}
INDICES = ("DAX", "SMI", "CAC", "FTSE")
Tests = dict[int, Sequence[tuple[int, int]]]
OF_WALKS: Tests = {1: ((12, 1), (12, 2), (6, 4)), 12: ((12, 1), (24, 1), (12, 3))}  # horizon: rows, windows
OF_INDICES: Tests = {1: ((50, 4), (200, 1), (200, 3)), 12: ((60, 4), (12, 10))}


def count(series: Sequence[NDArray[np.float64]], tests: Tests, threads: int) -> dict[str, Counter[str]]:
    """Return how often each verdict was given, by recipe and test."""
    found: dict[str, Counter[str]] = {}
    for (name, horizon), recipe in METHODS.items():
        for rows, windows in tests[horizon]:
            results = [sc.backtest(y, recipe, rows, horizon=horizon, windows=windows, threads=threads) for y in series]
            counts = Counter(kind(result.verdict) for result in results)
            found[f"{name}, horizon {horizon}, {windows} x {rows} rows"] = counts
    return found


def kind(verdict: str) -> str:
    """Return which of the verdicts it is."""
    starts = {"The network beats": "claims", "The network was": "hints", "No winner": "ties"}
    return next((word for start, word in starts.items() if verdict.startswith(start)), "baseline wins")


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description="Count the verdict's claims where nothing should beat the baselines.")
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data/classics_multivariate"), help="relative to the root"
    )
    parser.add_argument("--walks", type=int, default=150, help="of each length")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    given = parser.parse_args()
    rng = np.random.default_rng(5)
    table = pd.read_csv(REPOSITORY / given.data / "eu_stock_markets.csv")
    cases = {
        f"random walks of {n}": ([100 + walk for walk in rng.normal(size=(given.walks, n)).cumsum(axis=1)], OF_WALKS)
        for n in (60, 200)
    } | {"stock indices": ([table[name].to_numpy(np.float64) for name in INDICES], OF_INDICES)}
    rows = []
    for data, (series, tests) in cases.items():
        total: Counter[str] = Counter()
        for case, counts in count(series, tests, given.threads).items():
            rows.append({"data": data, "case": case, **counts})
            total += counts
            print(f"{data}; {case}: {dict(counts)}", flush=True)
        print(f"{data}, all: {total['claims']} claims in {total.total()} verdicts, {dict(total)}\n")
    if given.json:
        print(json.dumps({"benchmark": "verdict", "rows": rows}))


if __name__ == "__main__":
    main()
