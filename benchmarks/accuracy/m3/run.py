"""Score the automatic recipe on the M3 competition, each series on its own, beside the repeating baselines.

    python benchmarks/accuracy/m3/run.py [--subset monthly] [--held-out] [--trust 0.5] [--combination] [--json]

The whole test part, from one origin; with --held-out the last horizon of the training part instead, for choices.
sMAPE is the mean of 200 |y - f| / (|y| + |f|), MASE the mean absolute error over that of the seasonal naive method in
the training part; both a series, then averaged. The data folder has a Parquet file a subset, with the columns
unique_id, ds, y and split. The defaults of the recipe were chosen on held-out ends of the training parts, and so were
the methods that --combination averages it with, of statsforecast (extra baselines).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

import statecast as sc
from statecast.baselines import Drift, LastSeason, Statistical, last_value
from statecast.recipes import Combination
from statecast.series import Recipe

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from _m3 import SUBSETS, load

COMBINED = ("AutoETS", "DynamicOptimizedTheta")  # with the recipe, in equal parts
PUBLISHED = {  # statsforecast 2.1.1, defaults: MASE, sMAPE
    "monthly": {"AutoETS": (0.863, 14.16), "DynamicOptimizedTheta": (0.850, 13.72)},
    "quarterly": {"AutoETS": (1.143, 9.45), "DynamicOptimizedTheta": (1.126, 9.32)},
    "yearly": {"AutoETS": (2.695, 16.19), "DynamicOptimizedTheta": (2.576, 15.79)},
    "other": {"AutoETS": (1.801, 4.34), "DynamicOptimizedTheta": (1.923, 4.54)},
}


def score(table: pd.DataFrame, recipe: Recipe, horizon: int, season: int, threads: int) -> dict[str, float]:
    """Fit to the training parts, forecast, and return the mean scores and the seconds a series."""
    train, test = (table[table.split == part].drop(columns="split") for part in ("train", "test"))
    panel = sc.read(train, season=season)
    start = time.perf_counter()
    ahead = recipe.fit(panel, threads=threads).forecast(horizon)
    seconds = time.perf_counter() - start
    truth = test.set_index("unique_id").loc[list(ahead.ids), "y"].to_numpy().reshape(-1, horizon)
    scores = [
        sc.metrics.scores(truth[s], ahead.mean[s], panel.values[a:b], season)
        for s, (a, b) in enumerate(zip(panel.offsets[:-1], panel.offsets[1:], strict=True))
    ]
    mase, smape = (float(np.mean([getattr(one, name) for one in scores])) for name in ("mase", "smape"))
    return {"mase": mase, "smape": smape, "seconds_a_series": seconds / len(panel)}


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description="Score the automatic recipe on the M3 competition.")
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data/m3"), help="relative to the repository's root"
    )
    parser.add_argument("--subset", choices=SUBSETS, help="all if not given")
    parser.add_argument("--members", type=int, default=5)
    parser.add_argument("--trust", type=float, default=0.5, help="as in sc.auto")
    parser.add_argument("--combination", action="store_true", help="also combined with statistical methods")
    parser.add_argument("--held-out", action="store_true", help="test on the ends of the training parts")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    given = parser.parse_args()
    rows = []
    for subset in [given.subset] if given.subset else SUBSETS:
        horizon, season = SUBSETS[subset]
        table = load(given.data, subset, given.held_out)
        auto = sc.auto(members=given.members, trust=given.trust, horizon=horizon)
        recipes: list[Recipe] = [auto, last_value(), Drift()]
        recipes += [LastSeason(season)] if season > 1 else []
        if given.combination:
            recipes += [Combination((auto, *(Statistical(method) for method in COMBINED)))]
        for recipe in recipes:
            got = score(table, recipe, horizon, season, given.threads)
            rows.append({"subset": subset, "method": recipe.name, **got})
            spent = f"{got['seconds_a_series'] * 1e3:.1f} ms a series"
            print(f"{subset:10} {recipe.name:12} MASE {got['mase']:.3f}  sMAPE {got['smape']:.2f}  {spent}", flush=True)
        for method, (mase, smape) in ({} if given.held_out else PUBLISHED[subset]).items():
            print(f"{subset:10} {method}: MASE {mase:.3f}, sMAPE {smape:.2f}, as published")
    if given.json:
        print(json.dumps({"benchmark": "m3", "rows": rows}))


if __name__ == "__main__":
    main()
