"""Adjustment: how a series becomes what a network sees, and what the network gives becomes a forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.recipes._anchor import Anchor
from statecast.series import Sequences
from statecast.transforms import FittedLog, FittedPipeline, FittedSeason, Log, Season

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rows:
    """What networks learn from: x [R], y [R, h], and weights [R, h], 0 where a target is not known yet."""

    x: Array
    y: Array
    weights: Array


@dataclass(frozen=True, eq=False)
class Decided:
    """What was decided for every series, [S] each: whether it is logged, and whether it has a season."""

    logged: NDArray[np.bool_]
    seasonal: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Adjustment:
    """Log and season as decided for every series, and the level that its forecasts start from."""

    log: FittedLog
    season: FittedSeason
    anchor: Anchor

    @classmethod
    def fit(cls, series: Sequences, period: int, decided: Decided | None = None) -> Adjustment:
        """Decide for every series from its observations, where that is not decided already."""
        log = Log().fit(series, None if decided is None else decided.logged)
        logged = log.apply(series)
        season = Season(period).fit(logged, None if decided is None else decided.seasonal)
        return cls(log, season, Anchor.fit(season.apply(logged)))

    def rows(self, series: Sequences, horizon: int) -> Rows:
        """Return a row for each observation: its distance from the level, and those of the steps ahead."""
        adjusted = self._pipeline.apply(series)
        levels, of_row = self.anchor.levels(adjusted), adjusted.of_row
        index = np.arange(len(of_row))[:, np.newaxis] + np.arange(1, horizon + 1)
        known = index < adjusted.offsets[1:][of_row][:, np.newaxis]
        ahead = adjusted.values[np.minimum(index, len(of_row) - 1)]
        x, y = self.anchor.inputs(adjusted.values, levels, of_row), self.anchor.targets(ahead, levels, of_row)
        return Rows(x, y, known.astype(np.float64))

    def advance(self, values: Array) -> tuple[Adjustment, NDArray[np.float32]]:
        """Take in observations [S, k]; give what a network sees of them, [S, k]."""
        season, anchor = self.season, self.anchor
        inputs = np.empty(values.shape, np.float32)
        for step, observed in enumerate(values.T):
            _, logged = self.log.advance(observed)
            season, adjusted = season.advance(logged)
            anchor, inputs[:, step] = anchor.advance(adjusted)
        return Adjustment(self.log, season, anchor), inputs

    def forecasts(self, outputs: Array) -> Array:
        """Return what a network's outputs [S, h] mean in the units of the series."""
        return self._pipeline.invert(self.anchor.forecasts(outputs))

    def repeat(self, times: int) -> Adjustment:
        """Stand every series' state ``times`` times."""
        return Adjustment(self.log.repeat(times), self.season.repeat(times), self.anchor.repeat(times))

    def decisions(self, series: int) -> tuple[str, ...]:
        """Return what was decided for a series, a few words each."""
        return (
            "logged" if self.log.logged[series] else "not logged",
            f"season of {self.season.indices.shape[1]} taken off" if self.season.seasonal[series] else "no season",
            f"level smoothed with {self.anchor.rate[series]:.2f}",
        )

    @property
    def decided(self) -> Decided:
        """What was decided, to be kept in another fit."""
        return Decided(self.log.logged, self.season.seasonal)

    @property
    def _pipeline(self) -> FittedPipeline:
        return FittedPipeline((self.log, self.season))
