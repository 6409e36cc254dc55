"""Baselines that repeat what was last seen: they cost nothing, and every forecast has to beat them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from statecast.checks import whole_number
from statecast.errors import DataError
from statecast.intervals import UNTRACKED, Calibration, Intervals, Track, Watch, follow
from statecast.series import Forecast, Origin, Panel, Progress, SeasonClock, Sequences, Taken, places, read, save
from statecast.storage import storable

_SEASONS = 2  # that are kept where a clock tells the places of steps


@storable
@dataclass(frozen=True)
class LastSeason:
    """Forecast the value of the same step one season ago; with a season of 1, the last value.

    Parameters
    ----------
    season : int
        Steps in a season.
    longer : bool
        Whether it is one beside the usual season; then its name says how long.

    Examples
    --------
    >>> LastSeason(2).fit([1.0, 2.0, 3.0, 4.0]).forecast(3).mean
    array([[3., 4., 3.]])
    """

    season: int
    longer: bool = False

    def __post_init__(self) -> None:
        whole_number("season", self.season, 1, 1_000_000)

    @property
    def name(self) -> str:
        """``last_season``, ``last_season_168`` for a longer one, or ``last_value`` for a season of 1."""
        if self.season == 1:
            return "last_value"
        return f"last_season_{self.season}" if self.longer else "last_season"

    @property
    def seeds(self) -> Sequence[int]:
        """None: nothing is drawn."""
        return ()

    @property
    def shared(self) -> bool:
        """False: every series is fitted alone."""
        return False

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedLastSeason:
        """Keep the last season of every series.

        Raises
        ------
        DataError
            If a series is shorter than a season.
        """
        panel: Panel = read(data)
        if (shortest := int(panel.lengths.min())) < self.season:
            raise DataError(f"the last season takes {self.season} observations, got {shortest}.")
        origin, series = Origin.of(panel), Sequences(panel.values, panel.offsets)
        seasons = 1 if self.season == 1 or SeasonClock.of(panel) is None else _SEASONS
        tail = np.where(series.inside(seasons * self.season), series.tail(seasons * self.season), np.nan)
        return FittedLastSeason(origin, tail, Calibration(self, panel, origin.steps(None), threads), season=self.season)


def last_value() -> LastSeason:
    """Return the baseline that repeats the last value.

    Examples
    --------
    >>> last_value().fit([1.0, 5.0]).forecast(2).mean
    array([[5., 5.]])
    """
    return LastSeason(1)


@storable
@dataclass(frozen=True, eq=False)
class FittedLastSeason:
    """Knows the last season of every series.

    Attributes
    ----------
    origin : Origin
    tail : float64 [S, m]
        The last season in time order; the last two where a clock tells places, as the last one may lack a place: NaN
        before a series starts.
    calibration : Intervals
    track : Track
    season : int or None
        Steps in a season; those of the tail if None, as in models of before.
    """

    origin: Origin
    tail: NDArray[np.float64]
    calibration: Intervals
    track: Track = UNTRACKED
    season: int | None = None

    @property
    def recipe(self) -> LastSeason:
        """What was fitted."""
        season = self._season
        return LastSeason(season, longer=season not in (1, self.origin.frequency.season))

    @property
    def _season(self) -> int:
        return self.tail.shape[1] if self.season is None else self.season

    def forecast(self, horizon: int | None = None, level: float | Sequence[float] = ()) -> Forecast:
        """Repeat the season."""
        steps = self.origin.steps(horizon)
        mean = self._ahead(steps)
        forecast = self.origin.forecast(mean, mean[:, np.newaxis])
        return self.calibration.add_bounds(forecast, level)

    def _ahead(self, steps: int) -> NDArray[np.float64]:
        season, kept = self._season, self.tail.shape[1]
        plain = self.tail[:, kept - season + np.arange(steps) % season]
        origin = self.origin
        clock = SeasonClock.from_first(origin.last, origin.frequency, origin.columns.time_zone)
        if clock is None or season == 1:
            return plain
        series = np.arange(len(self.tail))[:, np.newaxis]
        seen, ahead = (places(clock, series, at) % season for at in (np.arange(1 - kept, 1), np.arange(1, steps + 1)))
        last = np.full((len(self.tail), season), np.nan)
        for step in range(kept):  # a later one of the same place takes its place
            last[series[:, 0], seen[:, step]] = self.tail[:, step]
        found = np.take_along_axis(last, ahead, axis=1)
        return np.where(np.isnan(found), plain, found)

    def sample(self, horizon: int | None = None, paths: int = 1000, seed: int = 1) -> NDArray[np.float64]:
        """Draw whole paths that the series may take, [S, paths, h]."""
        return self.calibration.paths(self.forecast(horizon).mean, paths, seed)

    def decisions(self, series: int = 0) -> tuple[str, ...]:
        """Return what was decided for a series: nothing."""
        return ()

    def save(self, path: str | Path) -> None:
        """Write a model file, whole or not at all, which ``statecast.load`` reads; raises FileError if it cannot be."""
        save(self, path)

    def update(self, rows: object, *, missing: str = "error", revisions: str = "report") -> FittedLastSeason:
        """Take in new observations, as ``Fitted`` says."""
        after, track = follow(self, self.origin.take(rows, missing, revisions))
        return replace(after, track=track)

    def expect(self, taken: Taken) -> NDArray[np.float64]:
        """Forecast the next observation of every series, [S, 1]."""
        return self._ahead(1)

    def take(self, taken: Taken) -> FittedLastSeason:
        """Take in observations without watching."""
        tail = np.concatenate([self.tail, taken.values], axis=1)[:, -self.tail.shape[1] :]
        return replace(self, origin=taken.origin, tail=tail)

    @property
    def watch(self) -> Watch:
        """How far off the forecasts were of the observations that ``update`` has taken in."""
        return Watch(self.origin, self.track, self.calibration)
