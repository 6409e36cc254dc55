"""Calibration: a walk over the last part of the history that says how far off the recipe is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from statecast.checks import whole_number
from statecast.errors import StatecastError
from statecast.intervals._changes import Changes
from statecast.intervals._levels import Levels, in_percent
from statecast.intervals._residuals import Errors, Residuals, in_units, units
from statecast.intervals._totals import Array, Index
from statecast.series import Forecast, Panel, Recipe, origins

_SHARE = 3  # of the history, one in so many is walked over
_MOST = 200  # origins
_MOST_ERRORS = 500_000  # that are held at once, in some series


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
        """What a walk over the last third of every series says, at most 200 origins, each as far as it is known.

        Series of one length of that third are walked together, some at a time, as errors take much memory.
        """
        parts = self._parts
        places = [some for part in np.unique(parts) for some in self._blocks(np.flatnonzero(parts == part), int(part))]
        return Residuals.joined([self._summary(some) for some in places], places)

    def errors(self, series: Index) -> Errors:
        """Return the errors of a walk over some series, by their numbers, whose last thirds are of one length."""
        return Errors.of(self._walk(series, int(self._parts[series[0]])))

    @property
    def _parts(self) -> Index:
        """How many observations of each series are walked over, [S]."""
        return np.asarray(np.minimum(self.panel.lengths // _SHARE, _MOST))

    def _blocks(self, series: Index, part: int) -> list[Index]:
        at_once = max(_MOST_ERRORS // max(part * self.horizon, 1), 1)
        return np.split(series, range(at_once, len(series), at_once))

    def _summary(self, series: Index) -> Residuals:
        panel = self.panel.select(series)
        smallest = _smallest(panel)
        changes = Changes.of(
            in_units(panel.values, np.repeat(smallest, panel.lengths)),
            panel.offsets,
            panel.frequency.season,
            max(self.horizon, panel.frequency.horizon),
        )
        return Residuals.of(self.errors(series), smallest, changes)

    def _walk(self, series: Index, part: int) -> Array:
        """Return the errors of a walk over the last observations, [S, part, h], NaN where there is none.

        A series that the recipe refuses without its last third is not walked: its changes alone say how it moves. Such
        series are found by halves: those beside them are walked as if they were alone.
        """
        panel = self.panel.select(series)
        errors = np.full((len(series), part, min(self.horizon, part)), np.nan)
        if part == 0:
            return errors
        history, held_out = panel.window(None, -part), panel.window(-part, None)
        y = _observed(held_out).reshape(len(series), part)
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
                return np.concatenate([self._walk(half, part) for half in np.split(series, [middle])])
        return errors


def _smallest(panel: Panel) -> Array:
    return np.minimum.reduceat(panel.values, panel.offsets[:-1])


def _observed(panel: Panel) -> Array:
    """Return the values, NaN where they were filled in."""
    return panel.values if panel.filled is None else np.where(panel.filled, np.nan, panel.values)
