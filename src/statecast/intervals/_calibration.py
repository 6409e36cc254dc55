"""Calibration: a walk over the last part of the history that says how far off the recipe is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from statecast.checks import whole_number
from statecast.errors import StatecastError
from statecast.intervals._changes import Changes
from statecast.intervals._common import Common, Pool
from statecast.intervals._levels import Levels, in_percent
from statecast.intervals._residuals import Residuals, in_units, sizes, units
from statecast.intervals._totals import Array, Index
from statecast.series import Forecast, Panel, Recipe, origins, pretrain

_SHARE = 3  # of the history, one in so many is walked over
_MOST = 200  # origins

_SHARED_SHARE = 2  # for a shared recipe, of a short series
_SHARED_ROWS = 6  # and of every other series, or the horizon
_SHARED_ORIGINS = 5  # from each, as neighbours say the same
_FEW = 500  # origins in all that small panels have from more of each
_SHORTEST = 3  # observations that a shared recipe takes


@dataclass(frozen=True, eq=False)
class Calibration:
    """How the intervals of a fitted recipe are found, when they are first asked for; all its updates share it.

    Attributes
    ----------
    recipe : Recipe
        Is fitted once more, to the history without its last third; a shared one without as many rows as the horizon.
    panel : Panel
        The whole history.
    horizon : int
        How far ahead it is walked.
    threads : int
        To train on; the numbers do not depend on it.
    common : Common, optional
        Of a shared recipe that was walked elsewhere, for one that it has pretrained: then nothing is walked.

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
    common: Common | None = None

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

    @property
    def learnt(self) -> Common | None:
        """What the errors of all series say together, for ``common`` of others; None where each is on its own."""
        return None if self.residuals.pool is None else self.residuals.pool.common

    @cached_property
    def residuals(self) -> Residuals:
        """The errors of a walk over the last third of every series, at most 200 origins, each as far as it is known.

        A series that the recipe refuses without its last third is not walked: its changes alone say how it moves. A
        shared recipe learns once more, from all series without their ends, and is walked over less: what the errors of
        all series say counts for each.
        """
        parts = self._parts()
        series, origin, step, error = np.concatenate([np.empty((4, 0)), *self._walks(parts)], axis=1)
        order = np.lexsort((step, origin, series))
        errors, series, step = error[order], series[order].astype(np.int64), step[order].astype(np.int64)
        return Residuals(
            errors=errors,
            series=series,
            steps=step,
            origins=np.bincount(series[step == 1], minlength=len(self.panel)),
            smallest=_smallest(self.panel),
            changes=self._changes(self.panel),
            pool=self._pool(errors, series, step, parts),
        )

    def _parts(self) -> Index:
        """Return how many rows are walked over at the end of every series, [S]."""
        lengths = self.panel.lengths
        if not self.recipe.shared:
            return np.asarray(np.minimum(lengths // _SHARE, _MOST if self.common is None else 0))
        parts = np.minimum(lengths // _SHARED_SHARE, max(self.horizon, _SHARED_ROWS))
        return np.where(lengths - parts >= _SHORTEST, parts, 0)

    def _walks(self, parts: Index) -> list[Array]:
        """Return the walks over these ends, those of equally long ones side by side."""
        recipe, every = self.recipe, 1
        if recipe.shared:
            every = -(-int(parts.max()) // max(_SHARED_ORIGINS, _FEW // len(parts))) or 1
            try:
                recipe = pretrain(recipe, self._before(parts), threads=self.threads)
            except StatecastError:
                return []
        groups = np.unique(parts[parts > 0])
        return [self._walk(recipe, np.flatnonzero(parts == part), int(part), every) for part in groups]

    def _pool(self, errors: Array, series: Index, steps: Index, parts: Index) -> Pool | None:
        """Return what the errors of all series say: those of this walk for a shared recipe, else what was given."""
        size = _sizes(self.panel)
        if not self.recipe.shared:
            return None if self.common is None else Pool(self.common, size, np.ones(len(parts)))
        before = self._before(parts)
        moved = self._changes(before), _sizes(before)
        common = Common.of(errors, series, steps, *moved)
        return Pool(common, size, common.factors(errors, series, steps, *moved))

    def _before(self, parts: Index) -> Panel:
        """Return all series without their ends."""
        return self.panel.window(None, self.panel.lengths - parts)

    def _changes(self, panel: Panel) -> Changes:
        values = in_units(panel.values, np.repeat(_smallest(panel), panel.lengths))
        horizon = max(self.horizon, panel.frequency.horizon)
        return Changes.of(values, panel.offsets, panel.frequency.season, horizon)

    def _walk(self, recipe: Recipe, series: Index, part: int, every: int) -> Array:
        """Return the series, origin, step and error of every forecast of a walk over the last observations, [4, R].

        Series that the recipe refuses are found by halves: those beside them are walked as if they were alone.
        """
        panel = self.panel.select(series)
        history, held_out = panel.window(None, -part), panel.window(-part, None)
        y = _observed(held_out).reshape(len(series), part)
        errors = np.full((len(series), part, min(self.horizon, part)), np.nan)
        smallest = _smallest(panel)
        try:
            fitted = recipe.fit(history, threads=self.threads)
            for origin, at in zip(range(0, part, every), origins(fitted, held_out, part, every), strict=True):
                steps = min(self.horizon, part - origin)
                mean = at.forecast(steps).mean
                errors[:, origin, :steps] = (y[:, origin : origin + steps] - mean) / units(mean, smallest)
        except StatecastError:
            if len(series) > 1:
                middle = len(series) // 2
                return np.concatenate(
                    [self._walk(recipe, half, part, every) for half in np.split(series, [middle])], axis=1
                )
        known = np.nonzero(np.isfinite(errors))
        return np.stack([series[known[0]], known[1], known[2] + 1, errors[known]])


def _smallest(panel: Panel) -> Array:
    return np.minimum.reduceat(panel.values, panel.offsets[:-1])


def _sizes(panel: Panel) -> Array:
    return sizes(panel.values, panel.offsets, _smallest(panel))


def _observed(panel: Panel) -> Array:
    """Return the values, NaN where they were filled in."""
    return panel.values if panel.filled is None else np.where(panel.filled, np.nan, panel.values)
