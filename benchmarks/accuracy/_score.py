"""A recipe on a panel cut into training and test parts: its mean scores over the series, and its time."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

import statecast as sc
from statecast.series import Recipe


def score(table: pd.DataFrame, recipe: Recipe, horizon: int, season: int, threads: int = 1) -> dict[str, float]:
    """Fit to the training parts, forecast, and return the mean scores and the seconds in all and a series."""
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
    mase, smape = (float(np.nanmean([getattr(one, name) for one in scores])) for name in ("mase", "smape"))
    return {"mase": mase, "smape": smape, "seconds": seconds, "seconds_a_series": seconds / len(panel)}


def said(subset: str, name: str, got: dict[str, float]) -> str:
    """Return a line of the table."""
    spent = f"{got['seconds']:.1f} s, {got['seconds_a_series'] * 1e3:.1f} ms a series"
    return f"{subset:10} {name:28} MASE {got['mase']:.3f}  sMAPE {got['smape']:.2f}  {spent}"
