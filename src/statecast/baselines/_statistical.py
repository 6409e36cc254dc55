"""Statistical baselines: the automatic methods of statsforecast, each a recipe."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from statecast.checks import choice, whole_number
from statecast.errors import ParameterError
from statecast.intervals import UNTRACKED, Calibration, Intervals, Track, Watch, floor_of, follow
from statecast.series import Forecast, Origin, Panel, Progress, Taken, read, save
from statecast.storage import storable

METHODS = ("AutoETS", "AutoTheta", "DynamicOptimizedTheta", "AutoARIMA")
"""In the order of what they cost."""

Array = NDArray[np.float64]


class Model(Protocol):
    """A model of statsforecast, fitted."""

    def forward(self, y: Array, h: int) -> dict[str, Array]:
        """Forecast with its parameters from the end of y."""
        ...


@storable
@dataclass(frozen=True)
class Statistical:
    """A method of statsforecast (Garza, Mergenthaler, Challú and Olivares, 2022), with its defaults, a model a series.

    - ``AutoETS``: exponential smoothing, form and parameters chosen by the corrected criterion of Akaike (Hyndman,
      Koehler, Snyder and Grose, 2002, "A state space framework for automatic forecasting using exponential smoothing").
    - ``AutoTheta`` and ``DynamicOptimizedTheta``: Theta methods (Fiorucci, Pellegrini, Louzada, Petropoulos and
      Koehler, 2016, "Models for optimising the theta method and their relationship to state space models"). They
      decide by a test of their own whether there is a season, and miss one under a strong trend.
    - ``AutoARIMA`` (Hyndman and Khandakar, 2008, "Automatic time series forecasting: the forecast package for R").

    An update runs the fitted model over the longer series; its parameters stay, and the seasonal indices of the Theta
    methods are found again. A series that a method cannot be fitted to, a constant or a very short one, is forecast by
    its last value.

    Parameters
    ----------
    method : {"AutoETS", "AutoTheta", "DynamicOptimizedTheta", "AutoARIMA"}
    season : int, optional
        Steps in a season; that of the data if None.

    Raises
    ------
    ParameterError
        If there is no such method, or statsforecast is not installed.
    """

    method: str
    season: int | None = None

    def __post_init__(self) -> None:
        choice("method", self.method, METHODS)
        if self.season is not None:
            whole_number("season", self.season, 1, 1_000_000)
        if not installed():
            raise ParameterError(f"{self.method} takes the package statsforecast: pip install statecast[baselines].")

    @property
    def name(self) -> str:
        """The method's."""
        return self.method

    @property
    def seeds(self) -> Sequence[int]:
        """None: nothing is drawn."""
        return ()

    @property
    def shared(self) -> bool:
        """False: every series is fitted alone."""
        return False

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedStatistical:
        """Choose and fit a model for every series, in as many processes as threads; the numbers do not depend on it."""
        panel: Panel = read(data)
        recipe = replace(self, season=self.season or panel.frequency.season)
        series = np.split(np.asarray(panel.values, np.float64), panel.offsets[1:-1])
        models = recipe.models(series, threads, progress)
        origin = Origin.of(panel)
        calibration = Calibration(self, panel, origin.steps(None), threads)
        return FittedStatistical(recipe, origin, panel.lengths, tuple(series), calibration, models)

    def models(self, series: Sequence[Array], threads: int = 1, progress: Progress | None = None) -> tuple[Model, ...]:
        """Return a model for every series."""
        work = [(self.method, self.season or 1, y) for y in series]
        models: list[Model] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of searches that did not converge; of forks, in newer Pythons
            for model in _fitted(work, min(threads, len(work))):
                models.append(model)
                if progress is not None:
                    progress(len(models), len(work))
        return tuple(models)


def installed() -> bool:
    """Say whether statsforecast is there."""
    return find_spec("statsforecast") is not None


Work = tuple[str, int, Array]


def _fitted(work: Sequence[Work], processes: int) -> Iterator[Model]:
    """Yield the models in the order of the series. statsforecast holds the interpreter's lock: threads gain nothing."""
    if processes < 2 or sys.platform != "linux":  # elsewhere a new process would run the user's script again
        yield from map(_fit, work)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from statsforecast import models  # noqa: F401  # loaded once, before the fork

    with ProcessPoolExecutor(processes, get_context("fork")) as pool:
        yield from pool.map(_fit, work, chunksize=max(1, min(50, len(work) // (4 * processes))))


def _fit(work: Work) -> Model:
    """Fit a method to one series; where it cannot be, the last value."""
    from statsforecast import models

    method, season, y = work
    kinds = {
        "AutoETS": models.AutoETS,
        "AutoTheta": models.AutoTheta,
        "DynamicOptimizedTheta": models.DynamicOptimizedTheta,
        "AutoARIMA": models.AutoARIMA,
    }
    with np.errstate(all="ignore"):
        try:
            model: Model = kinds[method](season_length=season).fit(y)
            usable = np.ptp(y) > 0 and bool(np.isfinite(model.forward(y, 1)["mean"]).all())
        except Exception:  # statsforecast raises the bare one
            usable = False
        last_value: Model = models.Naive().fit(y)
        return model if usable else last_value


@storable
@dataclass(frozen=True, eq=False)
class FittedStatistical:
    """The model of every series, and the series themselves, which a model runs over again at every origin.

    Attributes
    ----------
    recipe : Statistical
        With the season that was fitted.
    origin : Origin
    counts : int64 [S]
        Observations that each model was fitted to.
    series : tuple of float64 [n], S
    calibration : Intervals
    given : tuple of Model, S
        Fitted again where there are none: a model file holds nothing of another package.
    track : Track
    """

    recipe: Statistical
    origin: Origin
    counts: NDArray[np.int64]
    series: tuple[Array, ...]
    calibration: Intervals
    given: tuple[Model, ...] = ()
    track: Track = UNTRACKED

    def stored(self) -> FittedStatistical:
        """Return it without its models, for a model file."""
        return replace(self, given=())

    @cached_property
    def models(self) -> tuple[Model, ...]:
        """The model of every series."""
        return self.given or self.recipe.models([y[:count] for y, count in zip(self.series, self.counts, strict=True)])

    def forecast(self, horizon: int | None = None, level: float | Sequence[float] = ()) -> Forecast:
        """Forecast from the end of every series."""
        steps = self.origin.steps(horizon)
        mean = self._ahead(steps)
        forecast = self.origin.forecast(mean, mean[:, np.newaxis])
        return self.calibration.add_bounds(forecast, level)

    def _ahead(self, steps: int) -> Array:
        with _quiet():
            means = [model.forward(y, steps)["mean"] for model, y in zip(self.models, self.series, strict=True)]
        return np.stack(means).astype(np.float64)

    def sample(self, horizon: int | None = None, paths: int = 1000, seed: int = 1) -> NDArray[np.float64]:
        """Draw whole paths that the series may take, [S, paths, h]."""
        return self.calibration.paths(self.forecast(horizon).mean, paths, seed)

    def decisions(self, series: int = 0) -> tuple[str, ...]:
        """Return what was decided for a series: the models do not say it in words."""
        return ()

    def save(self, path: str | Path) -> None:
        """Write a model file, whole or not at all, which ``statecast.load`` reads; raises FileError if it cannot be."""
        save(self, path)

    def update(self, rows: object, *, missing: str = "error", revisions: str = "report") -> FittedStatistical:
        """Take in new observations, as ``Fitted`` says; parameters stay."""
        after, track = follow(self, self.origin.take(rows, missing, revisions))
        return replace(after, track=track)

    def expect(self, taken: Taken) -> Array:
        """Forecast the next observation of every series, [S, 1]."""
        return np.asarray(np.maximum(self._ahead(1), floor_of(self.calibration.smallest)[:, np.newaxis]))

    def take(self, taken: Taken) -> FittedStatistical:
        """Take in observations without watching."""
        series = tuple(np.concatenate([y, new]) for y, new in zip(self.series, taken.values, strict=True))
        return replace(self, origin=taken.origin, series=series, given=self.models)

    @property
    def watch(self) -> Watch:
        """How far off the forecasts were of the observations that ``update`` has taken in."""
        return Watch(self.origin, self.track, self.calibration)


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
