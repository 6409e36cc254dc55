"""Score the shared recipe on the M3 competition, a model a frequency, and the automatic one, each series on its own.

    python benchmarks/accuracy/m3/run.py [--subset monthly] [--held-out] [--trust 0.5] [--combination] [--json]

The whole test part, from one origin; with --held-out the last horizon of the training part instead, for choices.
sMAPE is the mean of 200 |y - f| / (|y| + |f|), MASE the mean absolute error over that of the seasonal naive method in
the training part; both a series, then averaged. The data folder has a Parquet file a subset, with the columns
unique_id, ds, y and split. The defaults of the recipes were chosen on held-out ends of the training parts, and so were
the methods of statsforecast (extra baselines) that --combination averages the shared recipe with.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import statecast as sc
from statecast.baselines import Drift, LastSeason, Statistical, last_value
from statecast.recipes import WEIGHTS, Combination
from statecast.series import Recipe

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from _m3 import SUBSETS, load
from _score import said, score

COMBINED = ("AutoETS", "DynamicOptimizedTheta")  # with the shared recipe
PUBLISHED = {  # statsforecast 2.1.1, defaults: MASE, sMAPE
    "monthly": {"AutoETS": (0.863, 14.16), "DynamicOptimizedTheta": (0.850, 13.72)},
    "quarterly": {"AutoETS": (1.143, 9.45), "DynamicOptimizedTheta": (1.126, 9.32)},
    "yearly": {"AutoETS": (2.695, 16.19), "DynamicOptimizedTheta": (2.576, 15.79)},
    "other": {"AutoETS": (1.801, 4.34), "DynamicOptimizedTheta": (1.923, 4.54)},
}


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description="Score the shared and the automatic recipe on the M3 competition.")
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data/m3"), help="relative to the repository's root"
    )
    parser.add_argument("--subset", choices=SUBSETS, help="all if not given")
    parser.add_argument("--members", type=int, default=5)
    parser.add_argument("--trust", type=float, help="as in sc.auto; what each series earns if not given")
    parser.add_argument("--combination", action="store_true", help="also combined with statistical methods")
    parser.add_argument("--held-out", action="store_true", help="test on the ends of the training parts")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    given = parser.parse_args()
    rows = []
    for subset in [given.subset] if given.subset else SUBSETS:
        horizon, season = SUBSETS[subset]
        table = load(given.data, subset, given.held_out)
        shared = sc.shared(members=given.members, horizon=horizon)
        auto = sc.auto(members=given.members, trust=given.trust, horizon=horizon)
        recipes: dict[str, Recipe] = {one.name: one for one in (shared, auto, last_value(), Drift())}
        recipes |= {"last_season": LastSeason(season)} if season > 1 else {}
        if given.combination:
            statistical = tuple(Statistical(method) for method in COMBINED)
            recipes |= {one.name: one for one in statistical}
            recipes |= {f"combination, {w}": Combination((shared, *statistical), w) for w in WEIGHTS}
        for name, recipe in recipes.items():
            got = score(table, recipe, horizon, season, given.threads)
            rows.append({"subset": subset, "method": name, **got})
            print(said(subset, name, got), flush=True)
        for method, (mase, smape) in ({} if given.held_out else PUBLISHED[subset]).items():
            print(f"{subset:10} {method}: MASE {mase:.3f}, sMAPE {smape:.2f}, as published")
    if given.json:
        print(json.dumps({"benchmark": "m3", "rows": rows}))


if __name__ == "__main__":
    main()
