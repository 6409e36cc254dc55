"""Standing: where every series stands for a shared recipe, and what a network sees of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.recipes._anchor import Anchor
from statecast.recipes._moving_season import Moved, MovingSeason
from statecast.series import LATE_SEASONS, Panel, SeasonClock, Sequences
from statecast.storage import storable
from statecast.transforms import FittedLog, FittedPipeline, FittedSeason, Log, Season, aligned

Array = NDArray[np.float64]

_RATES = tuple(np.arange(0.1, 1.0, 0.05))
_JUDGED = 3  # steps ahead that the smoothing of the level is judged by
_REACH = 5.0  # mean changes that an observation may be away from the level
_SEEN = 20.0  # mean changes from the level that a network sees at most


@storable
@dataclass(frozen=True, eq=False)
class Slope:
    """Half the slope of the straight line through each series so far, which the Theta method goes on by; arrays [S].

    It is that of all observations up to a step and of none later, so that a row to learn from knows no more than the
    last one. Values count from the first one of their series.

    Attributes
    ----------
    first : float64
        Value.
    count : int64
    total, moment : float64
        Sums of the values, and of step times value.
    """

    first: Array
    count: NDArray[np.int64]
    total: Array
    moment: Array

    @classmethod
    def before(cls, first: Array) -> Slope:
        """Return that of series of which nothing is seen yet."""
        zero = np.zeros(len(first))
        return cls(first, np.zeros(len(first), np.int64), zero, zero)

    def take(self, values: Array) -> Slope:
        """Take in the next value of every series; NaN where a series has ended, which stays as it is."""
        value = np.where(np.isnan(values), 0.0, values - self.first)
        return Slope(self.first, self.count + ~np.isnan(values), self.total + value, self.moment + self.count * value)

    @property
    def half(self) -> Array:
        """Half a slope, a step; zero before there are three values."""
        n = self.count.astype(np.float64)
        times, squares = n * (n - 1) / 2, (n - 1) * n * (2 * n - 1) / 6
        known = self.count >= 3
        spread = np.where(known, squares - times * times / np.maximum(n, 1.0), 1.0)
        return np.where(known, (self.moment - self.total * times / np.maximum(n, 1.0)) / spread / 2, 0.0)


@dataclass(frozen=True, eq=False)
class Seen:
    """Adjusted values, and the line that starts at each of them; arrays [S, T], NaN after the end of a series."""

    moved: Moved
    levels: Array
    slopes: Array
    scale: Array  # [S, 1]; 1 for a series that does not vary

    @property
    def values(self) -> Array:
        """Adjusted values."""
        return self.moved.values

    def inputs(self, lags: int) -> Array:
        """Return how far the last values are from the level, the latest first, [S, T, lags]."""
        steps = np.arange(self.values.shape[1])
        back = np.maximum(steps[:, np.newaxis] - np.arange(lags), 0)
        away = (self.values[:, back] - self.levels[:, :, np.newaxis]) / self.scale[:, :, np.newaxis]
        return np.clip(away, -_SEEN, _SEEN)

    def targets(self, horizon: int) -> Array:
        """Return how far the next values are from the line, [S, T, h]; NaN where there are none."""
        ahead = np.arange(1, horizon + 1)
        lines = self.levels[:, :, np.newaxis] + self.slopes[:, :, np.newaxis] * ahead
        return np.asarray((self.moved.ahead(horizon) - lines) / self.scale[:, :, np.newaxis])


@storable
@dataclass(frozen=True, eq=False)
class Standing:
    """How series are adjusted, and where they stand after the last observation.

    A series is logged, freed of its seasons, which move if it is long, and smoothed to a level.
    From there a line goes on by half the slope so far, and a network forecasts how far the series will be from it.

    Attributes
    ----------
    log : FittedLog
    fixed : tuple of FittedSeason
        Seasons within the longest one, the shortest first; all of them where a clock tells their places.
    season : MovingSeason
        The longest one of the others.
    anchor : Anchor
        Its drift is zero: the slope takes its place.
    slope : Slope
    recent : float64 [S, lags]
        Adjusted values, the latest first; before its start a series is taken to be at its first value.
    floor : float64 [S]
        Below which no forecast is: 0 where nothing lower was observed.
    """

    log: FittedLog
    fixed: tuple[FittedSeason, ...]
    season: MovingSeason
    anchor: Anchor
    slope: Slope
    recent: Array
    floor: Array

    @classmethod
    def fit(cls, panel: Panel, lags: int) -> Standing:
        """Adjust every series by what it is up to its end."""
        series = Sequences(panel.values, panel.offsets)
        log = Log(panel.frequency.season).fit(series)
        adjusted, fixed = log.apply(series), []
        *within, longest = panel.frequency.season, *panel.frequency.longer
        if (clock := aligned(SeasonClock.of(panel), adjusted)) is not None:  # tells the places of fixed indices alone
            within, longest = [*within, longest], 1
        for period in within:
            fixed.append(Season(period, LATE_SEASONS).fit(adjusted, clock=clock))
            adjusted = fixed[-1].apply(adjusted)
        season, moved = MovingSeason.fit_moved(adjusted, longest)
        values = moved.values
        adjusted = Sequences(values[~np.isnan(values)], series.offsets)
        anchor = Anchor.fit(adjusted, _RATES, _JUDGED, _REACH)
        anchor = replace(anchor, drift=np.zeros(len(panel)))
        floor = np.where(np.minimum.reduceat(series.values, series.offsets[:-1]) >= 0, 0.0, -np.inf)
        slope = Slope.before(values[:, 0])
        for step in values.T:
            slope = slope.take(step)
        back = np.maximum(adjusted.lengths[:, np.newaxis] - 1 - np.arange(lags), 0)
        return cls(log, tuple(fixed), season, anchor, slope, np.take_along_axis(values, back, axis=1), floor)

    def seen(self, panel: Panel) -> Seen:
        """Return what there is to see of whole series, adjusted as they were fitted."""
        series = FittedPipeline(self.fixed).apply(self.log.apply(Sequences(panel.values, panel.offsets)))
        moved = self.season.moved(series)
        values = moved.values
        adjusted = Sequences(values[~np.isnan(values)], series.offsets)
        levels, slopes = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
        levels[adjusted.of_row, adjusted.position] = self.anchor.levels(adjusted)
        slope = Slope.before(values[:, 0])
        for t, step in enumerate(values.T):
            slope = slope.take(step)
            slopes[:, t] = slope.half
        return Seen(moved, levels, slopes, self._scale[:, np.newaxis])

    def forecasts(self, outputs: Array) -> Array:
        """Return what a network's outputs [S, h] mean in the units of the series."""
        ahead = np.arange(1, outputs.shape[1] + 1)
        lines = self.anchor.level[:, np.newaxis] + self.slope.half[:, np.newaxis] * ahead
        adjusted = lines + self.anchor.scale[:, np.newaxis] * outputs
        in_units = self.log.invert(FittedPipeline(self.fixed).invert(self.season.invert(adjusted)))
        return np.maximum(in_units, self.floor[:, np.newaxis])

    def advance(self, values: Array) -> tuple[Standing, Array]:
        """Take in observations [S, k]; give what a network sees of each, [S, k, lags]."""
        at, inputs = self, []
        for observed in values.T:
            at = at._step(observed)
            away = (at.recent - at.anchor.level[:, np.newaxis]) / at._scale[:, np.newaxis]
            inputs.append(np.clip(away, -_SEEN, _SEEN))
        return at, np.stack(inputs, axis=1)

    def _step(self, observed: Array) -> Standing:
        _, logged = self.log.advance(observed)
        within, logged = FittedPipeline(self.fixed).advance(logged)
        season, adjusted = self.season.advance(logged)
        anchor, _ = self.anchor.advance(adjusted)
        recent = np.concatenate([adjusted[:, np.newaxis], self.recent[:, :-1]], axis=1)
        fixed = tuple(step for step in within.steps if isinstance(step, FittedSeason))
        slope = self.slope.take(adjusted)
        return replace(self, fixed=fixed, season=season, anchor=anchor, slope=slope, recent=recent)

    def decisions(self, series: int) -> tuple[str, ...]:
        """Return what was decided for a series, a few words each."""
        taken = [str(s.indices.shape[1]) for s in self.fixed if s.seasonal[series]]
        taken += [str(self.season.period)] if self.season.seasonal[series] else []
        seasons = f"season{'s' if len(taken) > 1 else ''} of {' and '.join(taken)} taken off" if taken else "no season"
        logged = "logged" if self.log.logged[series] else "not logged"
        return logged, seasons, f"level smoothed with {self.anchor.rate[series]:.2f}"

    @property
    def varies(self) -> NDArray[np.bool_]:
        """Which series are not constant, [S]."""
        return np.asarray(self.anchor.scale > 0)

    @property
    def _scale(self) -> Array:
        return np.where(self.anchor.scale > 0, self.anchor.scale, 1.0)
