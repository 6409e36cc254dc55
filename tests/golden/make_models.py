"""Make the model files of this folder's ``models``, and what they forecast.

    python tests/golden/make_models.py NAME

They go into a folder of that name, and stay as they are: later versions must read them. Those of "first" were written
before a model kept what it took in; "watched" have taken observations in.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

import statecast as sc
from statecast.baselines import Drift, LastSeason
from statecast.recipes import Combination

FOLDER = Path(__file__).resolve().parent / "models"
TAKEN, NEXT = (33.0, 60.0), (31.0, 62.0)
RECIPES = {
    "classic": sc.classic(epochs=20, units=2, members=2),
    "auto": sc.auto(epochs=5, members=2),
    "shared": sc.shared(epochs=3, members=2, units=4),
    "counts": sc.counts(epochs=5, members=2),
    "combination": Combination((sc.classic(epochs=5), LastSeason(12), Drift()), "inverse_error"),
}


def history() -> pd.DataFrame:
    """Return two short series of whole numbers."""
    rng = np.random.default_rng(11)
    frames = []
    for s, name in enumerate(("a", "b")):
        y = np.round(30 * (s + 1) + 5 * np.sin(np.arange(40) * np.pi / 6) + rng.normal(size=40))
        frames.append(
            pd.DataFrame({"unique_id": name, "ds": pd.date_range("2020-01-01", periods=40, freq="MS"), "y": y})
        )
    return pd.concat(frames)


def main(folder: Path) -> None:
    """Write the files, and the forecasts before and after an update."""
    folder.mkdir(parents=True, exist_ok=True)
    forecasts = {}
    for name, recipe in RECIPES.items():
        fitted = recipe.fit(history()).update(list(TAKEN))
        fitted.save(folder / f"{name}.statecast")
        both = [one.forecast(4, level=80) for one in (fitted, fitted.update(list(NEXT)))]
        forecasts[name] = [{"mean": a.mean.tolist(), "lower": np.asarray(a.lower).tolist()} for a in both]
    (folder / "forecasts.json").write_text(json.dumps(forecasts, indent=1) + "\n")


if __name__ == "__main__":
    main(FOLDER / sys.argv[1])
