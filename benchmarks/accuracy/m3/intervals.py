"""Score the intervals of a recipe on the M3 competition, a local one on each series alone, beside those of AutoETS.

    python benchmarks/accuracy/m3/intervals.py [--recipe auto] [--subset monthly] [--held-out] [--statsforecast PYTHON]

Coverage of 80 and 95 % over the whole test part from one origin; the weighted quantile loss of the quantiles 0.1 to
0.9: twice the sum of the pinball losses by the sum of |y|, the mean over quantiles, then over series; the interval
score of 95 %: the width, and what is missed by times 2 / 5 %, by the mean |y|; and the coverage of 80 % for the sum
over all steps, from 400 sample paths. With --held-out the last horizon of the training part instead, for choices, of
those series that are then no shorter than the shortest training part. AutoETS runs in an environment that has
statsforecast, pandas and pyarrow, whose Python is given by --statsforecast; without it, what it gave before is printed.
--json prints a document as the last line.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import statecast as sc
from statecast.intervals import _residuals
from statecast.recipes import KINDS

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from _m3 import SUBSETS, load

PEER = Path(__file__).parent / "peers" / "autoets.py"
LEVELS = (20, 40, 60, 80, 95)
QUANTILES = tuple(k / 10 for k in range(1, 10))
SHORTEST = {"monthly": 48, "quarterly": 16, "yearly": 14}  # of the training parts
BEFORE = "statsforecast 2.1.1"
STORED = {  # subset, held out: loss, coverage of 80 and 95 %
    ("monthly", False): (0.1118, 0.747, 0.897),
    ("quarterly", False): (0.0749, 0.695, 0.857),
    ("yearly", False): (0.1347, 0.705, 0.836),
    ("monthly", True): (0.0935, 0.681, 0.852),
    ("quarterly", True): (0.0735, 0.708, 0.863),
    ("yearly", True): (0.2422, 0.598, 0.794),
}

Columns = dict[str, NDArray[np.float64]]


def ours(train: pd.DataFrame, horizon: int, season: int, recipe: str) -> tuple[Columns, float]:
    """Return mean, lo-80, hi-80 and so on, [S, h], the bounds of the sums, [S], and the seconds of CPU a series."""
    panel = sc.read(train, season=season)
    start = time.process_time()
    fitted = replace(KINDS[recipe](), horizon=horizon).fit(panel)
    ahead = fitted.forecast(level=LEVELS)
    seconds = (time.process_time() - start) / len(panel)
    low, high = np.quantile(fitted.sample(paths=400).sum(axis=2), [0.1, 0.9], axis=1)
    return {"mean": ahead.mean, **ahead.bounds, "lo-sum": low, "hi-sum": high}, seconds


def autoets(python: Path, train: pd.DataFrame, horizon: int, season: int) -> tuple[Columns, float]:
    """Return the same from AutoETS, run in another environment; its start counts, and is little."""
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "train.parquet", Path(folder) / "ahead.parquet"
        train.to_parquet(given, index=False)
        levels = ",".join(map(str, LEVELS))
        start = children()
        subprocess.run([python, PEER, given, str(horizon), str(season), levels, out], check=True)
        seconds = children() - start
        ahead = pd.read_parquet(out)
    ids = sorted(train.unique_id.unique())
    ahead = ahead.set_index("unique_id").loc[ids]
    names = [name for name in ahead.columns if name == "mean" or name[:3] in ("lo-", "hi-")]
    clean = {name: ahead[name].to_numpy().reshape(-1, horizon) for name in names}
    return {name.removesuffix(".0"): values for name, values in clean.items()}, seconds / len(ids)


def children() -> float:
    """Return the seconds of CPU of all ended processes that this one started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def score(truth: NDArray[np.float64], ahead: Columns) -> dict[str, float]:
    """Return coverages and the mean weighted quantile loss."""
    lower = [ahead[f"lo-{level}"] for level in (80, 60, 40, 20)]
    upper = [ahead[f"hi-{level}"] for level in (20, 40, 60, 80)]
    quantiles = np.stack([*lower, ahead["mean"], *upper], axis=-1)
    missed = np.maximum(ahead["lo-95"] - truth, 0) + np.maximum(truth - ahead["hi-95"], 0)
    score_95 = (ahead["hi-95"] - ahead["lo-95"] + 2 / 0.05 * missed).mean(axis=1) / np.abs(truth).mean(axis=1)
    losses = [sc.metrics.weighted_quantile_loss(y, f, QUANTILES) for y, f in zip(truth, quantiles, strict=True)]
    return {
        "wql": float(np.mean(losses)),
        "score_95": float(np.mean(score_95)),
        **{f"coverage_{k}": sc.metrics.coverage(truth, ahead[f"lo-{k}"], ahead[f"hi-{k}"]) for k in (80, 95)},
        **(
            {"sum_80": sc.metrics.coverage(truth.sum(axis=1), ahead["lo-sum"], ahead["hi-sum"])}
            if "lo-sum" in ahead
            else {}
        ),
    }


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description="Score intervals on the M3 competition.")
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data/m3"), help="relative to the repository's root"
    )
    parser.add_argument("--recipe", choices=KINDS, default="auto", help="auto if not given")
    parser.add_argument("--subset", choices=SHORTEST, help="all if not given")
    parser.add_argument("--held-out", action="store_true", help="test on the ends of the training parts")
    parser.add_argument("--statsforecast", type=Path, help="Python of an environment that has it")
    parser.add_argument("--growth", type=float, help="power of the forecast that errors grow with, below 1")
    parser.add_argument("--free", type=float, help="independent errors that an origin counts for")
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    given = parser.parse_args()
    _residuals.GROWTH = _residuals.GROWTH if given.growth is None else given.growth
    _residuals.FREE = _residuals.FREE if given.free is None else given.free
    rows: list[dict[str, object]] = []

    def show(subset: str, method: str, got: dict[str, float], spent: str) -> None:
        rows.append({"subset": subset, "method": method, **got, "time": spent})
        covered = f"80 %: {got['coverage_80']:.1%}  95 %: {got['coverage_95']:.1%}"
        covered += f"  score of 95 %: {got['score_95']:.3f}" if "score_95" in got else ""
        covered += f"  sum, 80 %: {got['sum_80']:.1%}" if "sum_80" in got else ""
        print(f"{subset:10} {method:10} WQL {got['wql']:.4f}  {covered}  {spent}", flush=True)

    for subset in [given.subset] if given.subset else SHORTEST:
        horizon, season = SUBSETS[subset]
        table = load(given.data, subset, given.held_out)
        train, test = (table[table.split == part].drop(columns="split") for part in ("train", "test"))
        long = train.groupby("unique_id")["y"].transform("size") >= SHORTEST[subset]
        train = train[long]
        ids = sorted(train.unique_id.unique())
        truth = test.set_index("unique_id").loc[ids, "y"].to_numpy().reshape(-1, horizon)
        ahead, seconds = ours(train, horizon, season, given.recipe)
        show(subset, given.recipe, score(truth, ahead), f"{seconds * 1e3:.1f} ms of CPU a series")
        if given.statsforecast:
            ahead, seconds = autoets(given.statsforecast, train, horizon, season)
            show(subset, "AutoETS", score(truth, ahead), f"{seconds * 1e3:.1f} ms of CPU a series")
        elif (subset, given.held_out) in STORED:
            wql, narrow, wide = STORED[subset, given.held_out]
            show(subset, "AutoETS", {"wql": wql, "coverage_80": narrow, "coverage_95": wide}, f"{BEFORE}, as before")
    if given.json:
        print(json.dumps({"benchmark": "m3-intervals", "held_out": given.held_out, "rows": rows}))


if __name__ == "__main__":
    main()
