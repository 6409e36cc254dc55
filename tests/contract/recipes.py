"""The recipes that the contracts are tried on."""

from __future__ import annotations

from importlib.util import find_spec

import statecast as sc
from reference.pooled import Pooled
from statecast.baselines import METHODS, Drift, LastSeason, Statistical, last_value
from statecast.recipes import Combination

RECIPES = {
    "classic": sc.classic(epochs=10),
    "classic ensemble": sc.classic(epochs=10, members=3, lags=2, bptt=4),
    "classic, dropped": sc.classic(epochs=10, lags=2, fill="drop", difference=12),
    "auto": sc.auto(epochs=10),
    "auto, one network, 3 steps at once": sc.auto(epochs=10, members=1, horizon=3),
    "counts": sc.counts(epochs=10, members=2),
    "last value": last_value(),
    "last season": LastSeason(12),
    "drift": Drift(),
    "combination": Combination((sc.auto(epochs=10, members=2), Drift())),
    "combination, weighed": Combination((sc.classic(epochs=10), last_value(), Drift()), "inverse_error"),
    "shared": sc.shared(epochs=5, members=2, units=6),
    "shared, the smallest there is": Pooled(),
    "combination with a shared recipe": Combination((sc.auto(epochs=10, members=2), Pooled()), "inverse_error"),
}
if find_spec("statsforecast"):
    RECIPES |= {method: Statistical(method) for method in METHODS}
    RECIPES["combination, statistical"] = Combination((sc.auto(epochs=10), Statistical("AutoETS")))
