"""Statecast: LSTM forecasting that keeps its state.

The public names are loaded when they are first used, so that ``import statecast`` costs nothing.

Examples
--------
>>> import statecast as sc
>>> panel = sc.read([266.0, 145.9, 183.1, 119.3, 180.3, 168.5, 231.8, 224.5])
>>> fitted = sc.classic(epochs=100).fit(panel)
>>> fitted.forecast(horizon=3).to_frame()["ds"].tolist()
[8, 9, 10]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statecast import baselines as baselines
    from statecast import distributed as distributed
    from statecast import errors as errors
    from statecast import evaluation as evaluation
    from statecast import explanation as explanation
    from statecast import intervals as intervals
    from statecast import metrics as metrics
    from statecast import network as network
    from statecast import recipes as recipes
    from statecast import report as report
    from statecast import series as series
    from statecast import training as training
    from statecast import transforms as transforms
    from statecast import tuning as tuning
    from statecast.evaluation import backtest as backtest
    from statecast.explanation import explain as explain
    from statecast.recipes import Auto, Classic, Counts, Shared
    from statecast.recipes import load as load
    from statecast.report import Report as Report
    from statecast.series import read as read
    from statecast.tuning import tune as tune

    auto = Auto
    classic = Classic
    counts = Counts
    shared = Shared
    __version__: str

_FROM = {
    "read": "series.read",
    "auto": "recipes.Auto",
    "classic": "recipes.Classic",
    "counts": "recipes.Counts",
    "shared": "recipes.Shared",
    "load": "recipes.load",
    "backtest": "evaluation.backtest",
    "explain": "explanation.explain",
    "tune": "tuning.tune",
    "Report": "report.Report",
}
_MODULES = (
    "baselines",
    "distributed",
    "errors",
    "evaluation",
    "explanation",
    "intervals",
    "metrics",
    "network",
    "recipes",
    "report",
    "series",
    "training",
    "transforms",
    "tuning",
)

__all__ = [
    "Report",
    "__version__",
    "auto",
    "backtest",
    "baselines",
    "classic",
    "counts",
    "distributed",
    "errors",
    "evaluation",
    "explain",
    "explanation",
    "intervals",
    "load",
    "metrics",
    "network",
    "read",
    "recipes",
    "report",
    "series",
    "shared",
    "training",
    "transforms",
    "tune",
    "tuning",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("statecast")
    if name in _MODULES:
        return import_module(f"statecast.{name}")
    if name in _FROM:
        module, _, attribute = _FROM[name].partition(".")
        return getattr(import_module(f"statecast.{module}"), attribute)
    raise AttributeError(f"module 'statecast' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
