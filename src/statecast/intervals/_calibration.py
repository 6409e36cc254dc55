"""Calibration: a walk over the last part of the history that says how far off the recipe is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from statecast.errors import StatecastError
from statecast.intervals._calibrated import Calibrated, at_least, check_sample
from statecast.intervals._changes import Changes
from statecast.intervals._common import Common, Pool
from statecast.intervals._levels import Levels, in_percent
from statecast.intervals._residuals import Errors, Residuals, in_units, sizes, units
from statecast.intervals._totals import Array, Index
from statecast.series import Forecast, Panel, Recipe, origins, pretrain

_SHARE = 3  # of the history, one in so many is walked over
_MOST = 200  # origins
_MOST_ERRORS = 500_000  # that are held at once, in some series

_SHARED_SHARE = 2  # for a shared recipe, of a short series
_SHARED_ROWS = 6  # and of every other series, or the horizon
_SHARED_ORIGINS = 5  # from each, as neighbours say the same
_FEW = 500  # origins in all that small panels have from more of each
_SHORTEST = 3  # observations that a shared recipe takes
_MOST_SERIES = 20_000  # that are walked: more say nothing new


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
    least : int64 [S], optional
        Observations that the recipe must have to be what it was when fitted: so many are not walked over.

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
    least: Index | None = None

    def add_bounds(self, forecast: Forecast, level: Levels) -> Forecast:
        """Return a forecast with the bounds of its intervals, as ``Intervals`` says."""
        return self.stored().add_bounds(forecast, level) if in_percent(level) else at_least(forecast, self.smallest)

    def paths(self, mean: Array, paths: int, seed: int) -> Array:
        """Draw paths around point forecasts, as ``Intervals`` says."""
        check_sample(mean.shape[1], paths, seed)  # before the walk, which takes time
        return self.stored().paths(mean, paths, seed)

    @cached_property
    def smallest(self) -> Array:
        """The smallest observation of every series at the fit, [S]."""
        return _smallest(self.panel)

    def around(self, expected: Array, levels: tuple[float, ...]) -> tuple[Array, Array]:
        """Return the bounds of what was expected one step ahead, as ``OneAhead`` says."""
        return self.stored().around(expected, levels)

    def typical(self) -> tuple[Array, Array]:
        """Return the mean size of an error, as ``OneAhead`` says."""
        return self.stored().typical()

    def stored(self) -> Calibrated:
        """Return what is found, without the history: for the intervals and for a model file no more is needed."""
        return Calibrated(self.panel.ids, self.residuals)

    @property
    def learnt(self) -> Common | None:
        """What the errors of all series say together, for ``common`` of others; None where each is on its own."""
        return None if self.residuals.pool is None else self.residuals.pool.common

    @cached_property
    def residuals(self) -> Residuals:
        """What a walk over the last third of every series says, at most 200 origins, each as far as it is known.

        Series of one length of that third are walked together, some at a time, as errors take much memory. A shared
        recipe is walked over less, and what the errors of all series say counts for each.
        """
        if self.recipe.shared or self.common is not None:
            return self._pooled()
        parts = self._parts
        places = [some for part in np.unique(parts) for some in self._blocks(np.flatnonzero(parts == part), int(part))]
        return Residuals.joined([self._summary(some) for some in places], places)

    def _pooled(self) -> Residuals:
        """Summarise a walk of a shared recipe, or none where it is known what is common to all series."""
        panel = self.panel
        common, factors, errors = self.common, np.ones(len(panel)), Errors.joined([], len(panel))
        if common is None or self.recipe.shared:
            errors, before = self.shared_errors()
            found = errors.values, errors.series, errors.steps, self._changes(before), _sizes(before)
            common = Common.of(*found)
            factors = common.factors(*found)
        spread = common.spread(self._changes(panel), _sizes(panel))
        return Residuals.pooled(errors, _smallest(panel), spread, Pool(common, factors))

    def shared_errors(self) -> tuple[Errors, Panel]:
        """Return the errors of a shared recipe on the ends of all series, and the series without these.

        It learns once more, from all series without their ends, as long as the horizon, and is walked over these from a
        few origins; those of equally long ends side by side.
        """
        panel, parts = self.panel, self._ends
        before = panel.window(None, panel.lengths - parts)
        every = max(1, -(-int(parts.max()) // max(_SHARED_ORIGINS, _FEW // len(parts))))
        try:
            recipe = pretrain(self.recipe, before, threads=self.threads)
        except StatecastError:
            return Errors.joined([], len(panel)), before
        groups = [np.flatnonzero(parts == part) for part in np.unique(parts[parts > 0])]
        walks = [(series, self._walk(recipe, series, int(parts[series[0]]), every)) for series in groups]
        return Errors.joined(walks, len(panel)), before

    @property
    def _ends(self) -> Index:
        """How many observations of each series a shared recipe is walked over, [S]; of many series a sample by id."""
        lengths = self.panel.lengths
        parts = np.minimum(lengths // _SHARED_SHARE, max(self.horizon, _SHARED_ROWS))
        parts = np.where(lengths - parts >= _SHORTEST, parts, 0)
        if len(parts) > _MOST_SERIES:
            by_id = np.argsort(np.array(self.panel.ids), kind="stable")
            kept = by_id[np.linspace(0, len(parts) - 1, _MOST_SERIES).astype(np.int64)]
            parts[np.setdiff1d(by_id, kept)] = 0
        return parts

    def errors(self, series: Index) -> Errors:
        """Return the errors of a walk over some series, by their numbers, whose last thirds are of one length."""
        return Errors.of(self._walk(self.recipe, series, int(self._parts[series[0]])))

    @property
    def _parts(self) -> Index:
        """How many observations of each series are walked over, [S]."""
        parts = np.minimum(self.panel.lengths // _SHARE, _MOST)
        return np.asarray(
            parts if self.least is None else np.maximum(np.minimum(parts, self.panel.lengths - self.least), 0)
        )

    def _blocks(self, series: Index, part: int) -> list[Index]:
        at_once = max(_MOST_ERRORS // max(part * self.horizon, 1), 1)
        return np.split(series, range(at_once, len(series), at_once))

    def _summary(self, series: Index) -> Residuals:
        panel = self.panel.select(series)
        return Residuals.of(self.errors(series), _smallest(panel), self._changes(panel))

    def _changes(self, panel: Panel) -> Changes:
        values = in_units(panel.values, np.repeat(_smallest(panel), panel.lengths))
        horizon = max(self.horizon, panel.frequency.horizon)
        return Changes.of(values, panel.offsets, panel.frequency.season, horizon)

    def _walk(self, recipe: Recipe, series: Index, part: int, every: int = 1) -> Array:
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
            fitted = recipe.fit(history, threads=self.threads)
            for origin, at in zip(range(0, part, every), origins(fitted, held_out, part, every), strict=True):
                steps = min(self.horizon, part - origin)
                mean = at.forecast(steps).mean
                errors[:, origin, :steps] = (y[:, origin : origin + steps] - mean) / units(mean, smallest)
        except StatecastError:
            if len(series) > 1:
                middle = len(series) // 2
                return np.concatenate([self._walk(recipe, half, part, every) for half in np.split(series, [middle])])
        return errors


def _smallest(panel: Panel) -> Array:
    return np.minimum.reduceat(panel.values, panel.offsets[:-1])


def _sizes(panel: Panel) -> Array:
    return sizes(panel.values, panel.offsets, _smallest(panel))


def _observed(panel: Panel) -> Array:
    """Return the values, NaN where they were filled in."""
    return panel.values if panel.filled is None else np.where(panel.filled, np.nan, panel.values)
