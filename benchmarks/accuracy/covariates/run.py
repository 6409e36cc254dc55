"""What covariates are worth: the automatic recipe with and without them, and AutoARIMA with the same regressors.

    python benchmarks/accuracy/covariates/run.py [--case bike] [--earlier] [--threads 2] [--json]

Mean absolute errors over all steps and origins. ``bike``: daily rentals, 7 days ahead from 26 origins, a week apart,
of the second half of 2012; ``electricity``: hourly demand of Victoria, 24 hours ahead from 91 origins, a day apart, at
the end of 2014; ``seatbelts``: British drivers killed or injured, monthly, 12 months ahead from the last 25 origins.
The weather of the days ahead is taken as known. Models are fitted before the first origin and carried on, and fitted
anew at every origin for ``seatbelts``, whose law comes within the test. With ``--earlier`` the origins lie in the half
year, the quarter, or the three years before: there the recipe's defaults were chosen. AutoARIMA is statsforecast's,
where that is installed; on the hourly data it learns from the last eight weeks, as all of it would take hours.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import statecast as sc
from statecast.series import Panel

REPOSITORY = Path(__file__).resolve().parents[3]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A file, its columns, and the origins."""

    file: str
    target: str
    known: str
    past: str
    horizon: int
    first: tuple[str, str]  # first step that is forecast: of the test, and of the earlier part
    every: int
    origins: tuple[int, int]
    refit: bool = False
    season: int | tuple[int, ...] | None = None
    arima_rows: int | None = None


CASES = {
    "bike": Case(
        "bike_sharing/daily.parquet",
        "y",
        "holiday,workingday,weathersit,temp,atemp,hum,windspeed",
        "",
        horizon=7,
        first=("2012-07-01", "2012-01-01"),
        every=7,
        origins=(26, 26),
    ),
    "electricity": Case(
        "vic_elec/hourly.parquet",
        "y",
        "temperature,holiday",
        "",
        horizon=24,
        first=("2014-10-01", "2014-07-01"),
        every=24,
        origins=(91, 91),
        arima_rows=8 * 168,
    ),
    "seatbelts": Case(
        "classics_multivariate/seatbelts_uk.csv",
        "drivers",
        "law",
        "kms,PetrolPrice",
        horizon=12,
        first=("1982-01-01", "1979-01-01"),
        every=1,
        origins=(25, 25),
        refit=True,
    ),
}


def load(case: Case, data: Path, covariates: bool) -> Panel:
    """Read the panel of a case, with or without its covariates."""
    path = REPOSITORY / data / case.file
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    if "weathersit" in frame:
        frame["weathersit"] = "w" + frame["weathersit"].astype(int).astype(str)
    columns = [name for name in (*case.known.split(","), *case.past.split(",")) if name]
    frame = frame[["ds", case.target, *(columns if covariates else [])]]
    known, past = (case.known or None, case.past or None) if covariates else (None, None)
    return sc.read(frame, target=case.target, time="ds", known=known, past=past)


def starts(case: Case, panel: Panel, earlier: bool) -> list[int]:
    """Return the rows that are the first step of each forecast."""
    first = int(np.searchsorted(panel.times, np.datetime64(case.first[earlier], "us")))
    return [first + k * case.every for k in range(case.origins[earlier])]


def walk(case: Case, panel: Panel, rows: list[int], threads: int) -> Array:
    """Forecast by the automatic recipe from every origin, [K, h]."""
    recipe, forecasts = sc.auto(horizon=case.horizon), []
    fitted = None
    for row, before in zip(rows, [0, *rows], strict=False):
        if fitted is None or case.refit:
            fitted = recipe.fit(panel.window(None, row), threads=threads)
        else:
            fitted = fitted.update(panel.window(before, row))
        forecasts.append(fitted.forecast(case.horizon).mean[0])
    return np.array(forecasts)


def arima(case: Case, panel: Panel, rows: list[int]) -> Array:
    """Forecast by AutoARIMA with the known columns as regressors, and the past ones as they were a horizon ago."""
    from statsforecast.models import AutoARIMA

    covariates = panel.covariates
    assert covariates is not None
    known = covariates.known_values[: len(panel.values)]
    late = np.roll(covariates.past_values, case.horizon, axis=0)
    late[: case.horizon] = covariates.past_values[:1]
    X, y = np.concatenate([known, late], axis=1), panel.values
    forecasts, model, used = [], None, list[int]()
    for row in rows:
        start = 0 if case.arima_rows is None else row - case.arima_rows
        if model is None or case.refit:
            used = _independent(X[start:row])
        history, ahead = X[start:row, used], X[row : row + case.horizon, used]
        if model is None or case.refit:
            model = AutoARIMA(season_length=panel.frequency.season).fit(y[start:row], history)
        forecasts.append(model.forward(y[start:row], case.horizon, history, ahead)["mean"])
    return np.array(forecasts)


def _independent(X: Array) -> list[int]:
    """Return columns that neither a constant nor the columns before give: AutoARIMA refuses others."""
    used: list[int] = []
    scaled = (X - X.mean(axis=0)) / np.maximum(X.std(axis=0), 1e-12)
    for column in range(X.shape[1]):
        if np.linalg.matrix_rank(scaled[:, [*used, column]], tol=1e-6 * np.sqrt(len(X))) > len(used):
            used.append(column)
    return used


def sides(case: Case, data: Path, earlier: bool, threads: int) -> dict[str, Callable[[], Array]]:
    """Return what gives each method's errors, [K, h]."""
    alone, panel = (load(case, data, covariates) for covariates in (False, True))
    at = starts(case, panel, earlier)
    truth = np.stack([panel.values[row : row + case.horizon] for row in at])
    season = alone.frequency.season
    last = np.stack([alone.values[row - season + np.arange(case.horizon) % season] for row in at])
    return {
        "last season": lambda: last - truth,
        "auto, no covariates": lambda: walk(case, alone, at, threads) - truth,
        "auto, covariates": lambda: walk(case, panel, at, threads) - truth,
        "AutoARIMA, covariates": lambda: arima(case, panel, at) - truth,
    }


def main() -> None:
    """Score and print."""
    warnings.simplefilter("ignore")  # of regressions inside AutoARIMA
    parser = argparse.ArgumentParser(description="What covariates are worth to the automatic recipe.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="relative to the repository's root")
    parser.add_argument("--case", choices=CASES, help="all if not given")
    parser.add_argument("--earlier", action="store_true", help="the origins before those of the test")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    given = parser.parse_args()
    rows = []
    for name in [given.case] if given.case else CASES:
        for side, errors in sides(CASES[name], given.data, given.earlier, given.threads).items():
            start = time.perf_counter()
            try:
                error = float(np.abs(errors()).mean())
            except ModuleNotFoundError:
                print(f"{name:12} {side:22} not run: statsforecast is not installed")
                continue
            seconds = time.perf_counter() - start
            rows.append({"case": name, "side": side, "mae": error, "seconds": seconds})
            print(f"{name:12} {side:22} MAE {error:8.1f}  {seconds:6.1f} s", flush=True)
    if given.json:
        print(json.dumps({"benchmark": "covariates", "earlier": given.earlier, "rows": rows}))


if __name__ == "__main__":
    main()
