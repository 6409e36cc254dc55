"""Score the shared recipe on the turnover of Australian retailers, 152 monthly series of 8 to 417 months.

    python benchmarks/accuracy/retail/run.py [--held-out] [--combination] [--threads 1] [--json]

Two years are forecast from one origin; with --held-out the last two years of the training parts, for choices, of the
series that have six years. --combination: averaged with methods of statsforecast (extra baselines). The data folder has
a Parquet file with the columns unique_id, ds, y and split. Scores as in accuracy/m3.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import pandas as pd

import statecast as sc
from statecast.baselines import Statistical
from statecast.recipes import WEIGHTS, Combination
from statecast.series import Recipe

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from _m3 import REPOSITORY, held_out_ends
from _score import said, score

HORIZON, SEASON = 24, 12
COMBINED = ("AutoETS", "DynamicOptimizedTheta")
PUBLISHED = {
    "last season": (1.465, 7.55),
    "AutoETS": (1.269, 6.62),
    "DynamicOptimizedTheta": (1.468, 7.69),
}  # statsforecast 2.1.1, defaults


def load(folder: Path, held_out: bool) -> pd.DataFrame:
    """Return unique_id, ds, y and split."""
    table = pd.read_parquet(REPOSITORY / folder / "monthly.parquet")[["unique_id", "ds", "y", "split"]]
    if not held_out:
        return table
    months = table[table.split == "train"].groupby("unique_id").size()
    return held_out_ends(table[table.unique_id.isin(months[months >= 3 * HORIZON].index)], HORIZON)


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description="Score the shared recipe on Australian retail turnover.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/aus_retail"), help="relative to the root")
    parser.add_argument("--combination", action="store_true", help="also combined with statistical methods")
    parser.add_argument("--held-out", action="store_true", help="test on the ends of the training parts")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    given = parser.parse_args()
    table = load(given.data, given.held_out)
    shared = sc.shared(horizon=HORIZON)
    recipes: dict[str, Recipe] = {"shared": shared, "auto": sc.auto(horizon=HORIZON)}
    if given.combination:
        statistical = tuple(Statistical(method) for method in COMBINED)
        recipes |= {one.name: one for one in statistical}
        recipes |= {f"combination, {w}": Combination((shared, *statistical), w) for w in WEIGHTS}
    rows = []
    for name, recipe in recipes.items():
        got = score(table, recipe, HORIZON, SEASON, given.threads)
        rows.append({"method": name, **got})
        print(said("retail", name, got), flush=True)
    for method, (mase, smape) in ({} if given.held_out else PUBLISHED).items():
        print(f"retail     {method}: MASE {mase:.3f}, sMAPE {smape:.2f}, as published")
    if given.json:
        print(json.dumps({"benchmark": "retail", "rows": rows}))


if __name__ == "__main__":
    main()
