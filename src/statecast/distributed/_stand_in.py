"""What stands in for a recipe: the simple baseline that did best on the end of each series."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from statecast.baselines import choose
from statecast.series import Forecast, Origin, Panel, Recipe


def stand_in(panel: Panel, steps: int, level: tuple[float, ...]) -> tuple[Forecast, tuple[str, ...]]:
    """Forecast every series by the best simple baseline that its length allows.

    The best is the one with the smallest squared error on the last steps, as many as are forecast but at most a
    quarter of the history, fitted to the rest; the last value where that leaves no steps.

    Returns
    -------
    forecast : Forecast
    methods : tuple of str, S
        The name of the baseline of every series.

    Examples
    --------
    >>> import statecast as sc
    >>> forecast, methods = stand_in(sc.read([float(k) for k in range(12)]), 2, ())
    >>> methods, forecast.mean
    (('drift',), array([[12., 13.]]))
    """
    mean = np.empty((len(panel), steps))
    lower, upper = (np.empty((len(panel), len(level), steps)) for _ in range(2))
    methods = np.empty(len(panel), dtype=object)
    times = np.empty((len(panel), steps), panel.times.dtype)
    with np.errstate(over="ignore", invalid="ignore"):  # of values that are nearly infinite
        for length in np.unique(panel.lengths):
            series = np.flatnonzero(panel.lengths == length)
            baselines = choose("simple", panel.frequency, int(length) - min(steps, int(length) // 4))
            best = _best(panel.select(series), baselines, min(steps, int(length) // 4))
            for k, (name, recipe) in enumerate(baselines.items()):
                own = series[best == k]
                if len(own) == 0:
                    continue
                ahead = recipe.fit(panel.select(own)).forecast(steps, level)
                mean[own], times[own], methods[own] = ahead.mean, ahead.times, name
                if ahead.lower is not None and ahead.upper is not None:
                    lower[own], upper[own] = ahead.lower, ahead.upper
    low, high = (lower, upper) if level else (None, None)
    zone = Origin.of(panel).time_zone
    return Forecast(panel.ids, times, mean, mean[:, np.newaxis], level, low, high, zone), tuple(methods)


def _best(panel: Panel, baselines: Mapping[str, Recipe], steps: int) -> NDArray[np.int64]:
    """Return which baseline has the smallest error on the last steps of every series, [S]; the first without steps."""
    if steps == 0:
        return np.zeros(len(panel), np.int64)
    history, end = panel.window(None, -steps), panel.window(-steps, None)
    y = end.values.reshape(-1, steps)
    seen = np.ones(y.shape, np.bool_) if end.filled is None else ~end.filled.reshape(-1, steps)
    means = [recipe.fit(history).forecast(steps).mean for recipe in baselines.values()]
    errors = np.stack([(np.where(seen, y - mean, 0.0) ** 2).sum(axis=1) for mean in means])
    best: NDArray[np.int64] = np.argmin(np.where(np.isfinite(errors), errors, np.inf), axis=0)
    return best
