"""Adjustment: how a series becomes what a network sees, and what the network gives becomes a forecast."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.recipes._anchor import Anchor
from statecast.recipes._drivers import Drivers, Effect
from statecast.recipes._size import Size
from statecast.series import LATE_SEASONS, Panel, SeasonClock, Sequences, places
from statecast.storage import storable
from statecast.transforms import FittedLog, FittedPipeline, FittedSeason, FittedTrend, Log, Season, Trend, aligned

Array = NDArray[np.float64]

_ROUNDS = 2  # of effects from a level, and a level freed of the effects


@dataclass(frozen=True, eq=False)
class Rows:
    """What networks learn from: x [R], y [R, h], and weights [R, h], 0 where a target is not known."""

    x: Array
    y: Array
    weights: Array


@dataclass(frozen=True, eq=False)
class Decided:
    """What was decided for every series: whether it is logged, [S], its seasons, [seasons, S], a steady trend, [S]."""

    logged: NDArray[np.bool_]
    seasonal: NDArray[np.bool_]
    steady: NDArray[np.bool_]

    def select(self, series: NDArray[np.int64]) -> Decided:
        """Return what was decided for some of the series."""
        return Decided(self.logged[series], self.seasonal[:, series], self.steady[series])

    def least(self, periods: tuple[int, ...]) -> NDArray[np.int64]:
        """Return how many observations it takes to have the seasons that were found, [S]."""
        return np.asarray(np.max(2 * np.array(periods)[:, np.newaxis] * self.seasonal, axis=0))


@storable
@dataclass(frozen=True, eq=False)
class Adjustment:
    """What was decided for every series, and the level that its forecasts start from.

    A series is logged, then freed of the effects of its covariates, then of its seasons.

    Attributes
    ----------
    log : FittedLog
    effects : tuple of Effect, S; empty where there are no covariates
    seasons : tuple of FittedSeason
        The shortest season first.
    anchor : Anchor
    floor : float64 [S]
        Below which no forecast is: 0 where nothing lower was observed.
    trend : FittedTrend
        The straight lines of series with a steady trend, taken off after the seasons.
    """

    log: FittedLog
    effects: tuple[Effect, ...]
    seasons: tuple[FittedSeason, ...]
    anchor: Anchor
    floor: Array
    trend: FittedTrend | None = None  # as in models of before

    @classmethod
    def fit(
        cls, panel: Panel, drivers: tuple[Drivers, ...], size: Size, horizon: int, decided: Decided | None = None
    ) -> Adjustment:
        """Decide for every series from its observations and covariates, where that is not decided already."""
        series = Sequences(panel.values, panel.offsets)
        log = Log(panel.frequency.season).fit(series, None if decided is None else decided.logged)
        periods = (panel.frequency.season, *panel.frequency.longer)
        plan = _Plan(periods, size, horizon, decided, SeasonClock.of(panel))
        logged = log.apply(series)
        effects: tuple[Effect, ...] = ()
        floor = np.where(np.minimum.reduceat(series.values, series.offsets[:-1]) >= 0, 0.0, -np.inf)
        fitted = plan.fit(logged, log, effects, floor)
        for _ in range(_ROUNDS if drivers else 0):
            effects = fitted._find_effects(logged, drivers, horizon)
            freed = Sequences(logged.values - _on_all(effects, drivers, logged), logged.offsets)
            fitted = plan.fit(freed, log, effects, floor)
        return fitted

    def rows(self, panel: Panel, drivers: tuple[Drivers, ...], horizon: int) -> Rows:
        """Return a row for each observation: its distance from the level, and those of the steps ahead."""
        adjusted = self.adjusted(Sequences(panel.values, panel.offsets), drivers)
        levels, of_row = self.anchor.levels(adjusted), adjusted.of_row
        index = np.arange(len(of_row))[:, np.newaxis] + np.arange(1, horizon + 1)
        known = index < adjusted.offsets[1:][of_row][:, np.newaxis]
        index = np.minimum(index, len(of_row) - 1)
        if panel.filled is not None:
            known &= ~panel.filled[index]
        x = self.anchor.inputs(adjusted.values, levels, of_row)
        y = self.anchor.targets(adjusted.values[index], levels, of_row)
        return Rows(x, y, known.astype(np.float64))

    def adjusted(self, series: Sequences, drivers: tuple[Drivers, ...]) -> Sequences:
        """Return whole series, logged and freed of effects and seasons."""
        logged = self.log.apply(series)
        freed = Sequences(logged.values - _on_all(self.effects, drivers, logged), logged.offsets)
        return self._pipeline.apply(freed)

    def adjusted_alone(self, panel: Panel, s: int, drivers: Drivers | None) -> Array:
        """Return one series, logged and freed of effects and seasons."""
        part = slice(panel.offsets[s], panel.offsets[s + 1])
        steps = np.arange(part.stop - part.start)
        values = self.log.of(panel.values[part], np.full(len(steps), s))
        effect = self.effects[s].on(drivers, steps) if drivers else 0.0
        return values - effect - self.season(s, steps)

    def season(self, s: int, steps: NDArray[np.int64]) -> Array:
        """Return what all seasons of a series, and its line, add at steps [n]."""
        line = np.zeros(len(steps)) if self.trend is None else self.trend.slope[s] * steps
        return sum((season.at(np.full(len(steps), s), steps) for season in self.seasons), line)

    def places(self, series: NDArray[np.int64], steps: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return steps of series as their seasons count them; arrays that broadcast."""
        return places(self.seasons[0].clock, series, steps)

    def advance(self, values: Array, effect: Array) -> tuple[Adjustment, Array]:
        """Take in observations [S, k] and the effect on them; give how far they are from the level, [S, k]."""
        pipeline, anchor = self._pipeline, self.anchor
        distances = np.empty(values.shape)
        for step, observed in enumerate(values.T):
            _, logged = self.log.advance(observed)
            pipeline, adjusted = pipeline.advance(logged - effect[:, step])
            anchor, distances[:, step] = anchor.advance(adjusted)
        return self._with(pipeline, anchor), distances

    def forecasts(self, outputs: Array, effect: Array) -> Array:
        """Return what a network's outputs [S, h], and the effect on these steps, mean in the units of the series."""
        ahead = self.log.invert(self._pipeline.invert(self.anchor.forecasts(outputs)) + effect)
        return np.maximum(ahead, self.floor[:, np.newaxis])

    def repeat(self, times: int) -> Adjustment:
        """Stand every series' state ``times`` times."""
        again = replace(self, log=self.log.repeat(times), floor=np.repeat(self.floor, times))
        return again._with(self._pipeline.repeat(times), self.anchor.repeat(times))

    def decisions(self, series: int) -> tuple[str, ...]:
        """Return what was decided for a series, a few words each."""
        taken = [str(s.indices.shape[1]) for s in self.seasons if s.seasonal[series]]
        seasons = f"season{'s' if len(taken) > 1 else ''} of {' and '.join(taken)} taken off" if taken else "no season"
        lags = [f"effects of covariates up to lag {self.effects[series].lags}"] if self.effects else []
        return (
            "logged" if self.log.logged[series] else "not logged",
            *lags,
            seasons,
            f"level smoothed with {self.anchor.rate[series]:.2f}",
            *(["steady trend"] if self.steady[series] else []),
        )

    @property
    def decided(self) -> Decided:
        """What was decided, to be kept in another fit."""
        return Decided(self.log.logged, np.stack([season.seasonal for season in self.seasons]), self.steady)

    @property
    def steady(self) -> NDArray[np.bool_]:
        """Which series have a steady trend, [S]."""
        return np.zeros(len(self.floor), np.bool_) if self.trend is None else self.trend.slope != 0

    @property
    def _pipeline(self) -> FittedPipeline:
        return FittedPipeline(self.seasons if self.trend is None else (*self.seasons, self.trend))

    def _with(self, pipeline: FittedPipeline, anchor: Anchor) -> Adjustment:
        seasons = tuple(step for step in pipeline.steps if isinstance(step, FittedSeason))
        trends = [step for step in pipeline.steps if isinstance(step, FittedTrend)]
        return replace(self, seasons=seasons, anchor=anchor, trend=trends[0] if trends else None)

    def _find_effects(self, logged: Sequences, drivers: tuple[Drivers, ...], horizon: int) -> tuple[Effect, ...]:
        """Find the effects on every series by the level, the line and the seasons that it has now."""
        values = logged.values if self.trend is None else self.trend.apply(logged).values
        return tuple(
            Effect.fit(
                drivers[s],
                values[start:stop],
                float(self.anchor.rate[s]),
                tuple(season.indices.shape[1] for season in self.seasons if season.seasonal[s]),
                horizon,
            )
            for s, (start, stop) in enumerate(zip(logged.offsets[:-1], logged.offsets[1:], strict=True))
        )


@dataclass(frozen=True, eq=False)
class _Plan:
    """How seasons and levels are found."""

    periods: tuple[int, ...]
    size: Size
    horizon: int
    decided: Decided | None
    clock: SeasonClock | None

    def fit(self, series: Sequences, log: FittedLog, effects: tuple[Effect, ...], floor: Array) -> Adjustment:
        """Free series of one season after another and of a steady trend, and smooth what is left."""
        seasons: list[FittedSeason] = []
        clock = aligned(self.clock, series)
        for place, period in enumerate(self.periods):
            seasonal = None if self.decided is None else self.decided.seasonal[place]
            seasons.append(Season(period, LATE_SEASONS).fit(series, seasonal, clock))
            series = seasons[-1].apply(series)
        anchor = self._smooth(series)
        steady = anchor.is_trend_steady(series, self.horizon) if self.decided is None else self.decided.steady
        trend = Trend().fit(series, steady)
        if steady.any():
            anchor = self._smooth(trend.apply(series))
        return Adjustment(log, effects, tuple(seasons), anchor, floor, trend)

    def _smooth(self, series: Sequences) -> Anchor:
        judged = self.horizon if self.size.judged is None else self.size.judged
        return Anchor.fit(series, self.size.rates, judged, self.size.reach)


def _on_all(effects: tuple[Effect, ...], drivers: tuple[Drivers, ...], series: Sequences) -> Array:
    """Return the effects on all observations, [R]."""
    if not effects:
        return np.zeros(len(series.values))
    pairs = zip(effects, drivers, series.lengths, strict=True)
    return np.concatenate([effect.on(driver, np.arange(length)) for effect, driver, length in pairs])
