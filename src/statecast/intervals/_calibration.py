"""Calibration: a walk over the last part of the history that says how far off the recipe is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from statecast.checks import whole_number
from statecast.errors import StatecastError
from statecast.intervals._changes import Changes
from statecast.intervals._levels import Levels, in_percent
from statecast.intervals._residuals import Residuals, in_units, units
from statecast.intervals._totals import Array, Index
from statecast.series import Forecast, Panel, Recipe, origins

_SHARE = 3  # of the history, one in so many is walked over
_MOST = 200  # origins


@dataclass(frozen=True, eq=False)
class Calibration:
    """How the intervals of a fitted recipe are found, when they are first asked for; all its updates share it.

    Attributes
    ----------
    recipe : Recipe
        Is fitted once more, to the history without its last third.
    panel : Panel
        The whole history.
    horizon : int
        How far ahead it is walked.
    threads : int
        To train on; the numbers do not depend on it.

    Examples
    --------
    >>> from statecast.baselines import last_value
    >>> fitted = last_value().fit([5.0, 6.0, 4.0, 5.0, 7.0, 6.0])
    >>> ahead = fitted.calibration.add_bounds(fitted.forecast(2), level=80)
    >>> {name: bound.round(1).tolist() for name, bound in ahead.bounds.items()}
    {'lo-80': [[2.8, 2.1]], 'hi-80': [[9.2, 9.9]]}
    """

    recipe: Recipe
    panel: Panel
    horizon: int
    threads: int = 1

    def add_bounds(self, forecast: Forecast, level: Levels) -> Forecast:
        """Return a forecast with the bounds of its intervals; as it is where no level is asked for.

        Raises
        ------
        ParameterError
            If a level is not from 1 to 99.9.
        """
        if not (levels := in_percent(level)):
            return forecast
        lower, upper = self.residuals.bounds(forecast.mean, levels)
        return replace(forecast, levels=levels, lower=lower, upper=upper)

    def paths(self, mean: Array, paths: int, seed: int) -> Array:
        """Draw paths that the series may take around point forecasts [S, h], [S, paths, h].

        Raises
        ------
        ParameterError
            If paths, seed or the horizon is out of its range.
        """
        whole_number("paths", paths, 1, 1_000_000)
        whole_number("seed", seed, 0, 2**62)
        whole_number("horizon of a sample", mean.shape[1], 1, 2000)
        return self.residuals.paths(mean, self.panel.ids, paths, seed)

    @cached_property
    def residuals(self) -> Residuals:
        """The errors of a walk over the last third of every series, at most 200 origins, each as far as it is known.

        A series that the recipe refuses without its last third is not walked: its changes alone say how it moves.
        """
        panel = self.panel
        parts = np.minimum(panel.lengths // _SHARE, _MOST)
        walked = [self._walk(np.flatnonzero(parts == part), int(part)) for part in np.unique(parts[parts > 0])]
        series, origin, step, error = np.concatenate([np.empty((4, 0)), *walked], axis=1)
        order = np.lexsort((step, origin, series))
        series, step = series[order].astype(np.int64), step[order].astype(np.int64)
        smallest = _smallest(panel)
        horizon = max(self.horizon, panel.frequency.horizon)
        return Residuals(
            errors=error[order],
            series=series,
            steps=step,
            origins=np.bincount(series[step == 1], minlength=len(panel)),
            smallest=smallest,
            changes=Changes.of(
                in_units(panel.values, np.repeat(smallest, panel.lengths)),
                panel.offsets,
                panel.frequency.season,
                horizon,
            ),
        )

    def _walk(self, series: Index, part: int) -> Array:
        """Return the series, origin, step and error of every forecast of a walk over the last observations, [4, R].

        Series that the recipe refuses are found by halves: those beside them are walked as if they were alone.
        """
        panel = self.panel.select(series)
        history, held_out = panel.window(None, -part), panel.window(-part, None)
        y = _observed(held_out).reshape(len(series), part)
        errors = np.full((len(series), part, min(self.horizon, part)), np.nan)
        smallest = _smallest(panel)
        try:
            fitted = self.recipe.fit(history, threads=self.threads)
            for origin, at in enumerate(origins(fitted, held_out, part)):
                steps = min(self.horizon, part - origin)
                mean = at.forecast(steps).mean
                errors[:, origin, :steps] = (y[:, origin : origin + steps] - mean) / units(mean, smallest)
        except StatecastError:
            if len(series) > 1:
                middle = len(series) // 2
                return np.concatenate([self._walk(half, part) for half in np.split(series, [middle])], axis=1)
        known = np.nonzero(np.isfinite(errors))
        return np.stack([series[known[0]], known[1], known[2] + 1, errors[known]])


def _smallest(panel: Panel) -> Array:
    return np.minimum.reduceat(panel.values, panel.offsets[:-1])


def _observed(panel: Panel) -> Array:
    """Return the values, NaN where they were filled in."""
    return panel.values if panel.filled is None else np.where(panel.filled, np.nan, panel.values)
