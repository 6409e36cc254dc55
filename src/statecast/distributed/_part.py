"""The forecast of some series together: those that a recipe refuses are named, and a baseline takes over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.distributed._stand_in import stand_in
from statecast.errors import DataError, TrainingError
from statecast.intervals import in_percent
from statecast.series import Fitted, Forecast, Origin, Panel, Recipe

Index = NDArray[np.int64]


@dataclass(frozen=True)
class Failure:
    """A series that the recipe could not forecast.

    Attributes
    ----------
    unique_id : str
        Its name.
    reason : str
        Why, a sentence.
    method : str
        The baseline whose forecast stands in its place; "none" where there is nothing to forecast from.
    """

    unique_id: str
    reason: str
    method: str


@dataclass(frozen=True, eq=False)
class Part:
    """What became of some series.

    Attributes
    ----------
    forecast : Forecast
        Of all series that have one, in their order.
    failures : tuple of Failure
        Those that the recipe could not forecast, in the same order.
    fitted : Fitted or None
        What has forecast all the others, where it was to be kept.
    """

    forecast: Forecast
    failures: tuple[Failure, ...]
    fitted: Fitted | None = None


def forecast_part(
    panel: Panel,
    recipe: Recipe,
    horizon: int | None = None,
    level: float | Sequence[float] = (),
    threads: int = 1,
    keep: bool = False,
) -> Part:
    """Fit a recipe to all series of a panel, and forecast; a series that it refuses gets the best simple baseline.

    A series is refused where it is too short, where training ends without a usable network, and where the forecast is
    not finite. Of those that no length tells of, the one is found by halves: the series beside it are fitted as if it
    were not there, so that the forecast of a local recipe does not change by a bit.

    Parameters
    ----------
    panel : Panel
    recipe : Recipe
        A local one, or a shared one that is trained already.
    horizon : int, optional
        Steps ahead of all series; the recipe's own horizon, else a season, if None.
    level : float or sequence of float
        Of the intervals, in percent; none if empty.
    threads : int
        To train on; the numbers do not depend on it.
    keep : bool
        Whether to keep what was fitted: one for all series that the recipe does not refuse.

    Raises
    ------
    ParameterError
        If the horizon or a level is out of its range.

    Examples
    --------
    >>> import pandas as pd
    >>> import statecast as sc
    >>> frame = pd.DataFrame({"unique_id": list("aaaaab"), "ds": [1, 2, 3, 4, 5, 5], "y": [3.0, 5, 4, 6, 5, 7]})
    >>> part = forecast_part(sc.read(frame), sc.auto(epochs=5), horizon=2)
    >>> part.forecast.mean.shape, part.failures[0].unique_id, part.failures[0].method
    ((2, 2), 'b', 'last_value')
    """
    steps = steps_of(panel, recipe, horizon)
    attempt = _Attempt(panel, recipe, steps, in_percent(level), threads)
    shortest = getattr(recipe, "shortest", 1)
    made: list[Made] = []
    reasons = {
        int(s): f"the recipe takes at least {shortest} observations, got {panel.lengths[s]}."
        for s in np.flatnonzero(panel.lengths < shortest)
    }
    for series, outcome in attempt.halves(np.flatnonzero(panel.lengths >= shortest)):
        if isinstance(outcome, str):
            reasons |= dict.fromkeys(series.tolist(), outcome)
        else:
            made.append(outcome)
    done = [(one.series, one.forecast) for one in made]
    refused = np.array(sorted(reasons), np.int64)
    methods: Sequence[str] = ()
    if len(refused):
        forecast, methods = stand_in(panel.select(refused), steps, attempt.level)
        done.append((refused, forecast))
    failures = tuple(Failure(panel.ids[s], reasons[int(s)], name) for s, name in zip(refused, methods, strict=True))
    return Part(in_order(done), failures, attempt.whole(made) if keep and made else None)


def steps_of(panel: Panel, recipe: Recipe, horizon: int | None) -> int:
    """Return how many steps are forecast: those asked for, else the recipe's own, else a season."""
    return Origin.of(panel).steps(getattr(recipe, "horizon", None) if horizon is None else horizon)


@dataclass(frozen=True, eq=False)
class Made:
    """The forecast of series, by their numbers, and what made it, which may have been fitted to others as well."""

    series: Index
    forecast: Forecast
    fitted: Fitted


@dataclass(frozen=True, eq=False)
class _Attempt:
    """A recipe, tried on series of a panel."""

    panel: Panel
    recipe: Recipe
    steps: int
    level: tuple[float, ...]
    threads: int

    def halves(self, series: Index) -> Iterator[tuple[Index, Made | str]]:
        """Give series with their forecast, or with the reason why the recipe has none."""
        if len(series) == 0:
            return
        try:
            fitted = self.recipe.fit(self.panel.select(series), threads=self.threads)
            forecast = fitted.forecast(self.steps, self.level)
        except (DataError, TrainingError) as error:
            if len(series) == 1:
                yield series, str(error)
                return
            for half in np.split(series, [len(series) // 2]):
                yield from self.halves(half)
            return
        finite = np.isfinite(forecast.mean).all(axis=1)
        for bound in forecast.bounds.values():
            finite &= np.isfinite(bound).all(axis=1)
        if finite.any():
            own = series[finite]
            yield own, Made(own, forecast.select(np.flatnonzero(finite)), fitted)
        if not finite.all():
            yield series[~finite], "the forecast is not finite."

    def whole(self, made: Sequence[Made]) -> Fitted:
        """Return what is fitted to all series that have a forecast: fitted anew where it was done in parts."""
        first, series = made[0], np.sort(np.concatenate([one.series for one in made]))
        if first.fitted.origin.ids == tuple(self.panel.ids[s] for s in series):
            return first.fitted
        return self.recipe.fit(self.panel.select(series), threads=self.threads)


def in_order(done: Sequence[tuple[Index, Forecast]]) -> Forecast:
    """Return the forecasts of several groups of series as one, in the order of the numbers of the series.

    Where ensembles are of different sizes, those of a single member are counted as often as the largest has members.
    """
    if not done:
        return Forecast((), np.empty((0, 0), np.int64), np.empty((0, 0)), np.empty((0, 0, 0)))
    order = np.argsort(np.concatenate([series for series, _ in done]))
    forecasts = [forecast for _, forecast in done]
    members = max(forecast.members.shape[1] for forecast in forecasts)
    ids = [name for forecast in forecasts for name in forecast.ids]
    lower, upper = ([b for f in forecasts if (b := getattr(f, side)) is not None] for side in ("lower", "upper"))
    return Forecast(
        tuple(ids[s] for s in order),
        np.concatenate([f.times for f in forecasts])[order],
        np.concatenate([f.mean for f in forecasts])[order],
        np.concatenate([np.repeat(f.members, members // f.members.shape[1], axis=1) for f in forecasts])[order],
        forecasts[0].levels,
        np.concatenate(lower)[order] if lower else None,
        np.concatenate(upper)[order] if upper else None,
        forecasts[0].time_zone,
    )
