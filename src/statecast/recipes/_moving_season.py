"""Moving season: indices of a long series that follow its habits, where those of a short one are fixed."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from statecast.recipes._anchor import by_step
from statecast.series import LATE_SEASONS, Sequences
from statecast.storage import storable
from statecast.transforms import Season

Array = NDArray[np.float64]
Steps = NDArray[np.int64]

_SHARE = 0.2  # of the way to what the last season showed, that an index moves


@dataclass(frozen=True, eq=False)
class Moved:
    """Whole series freed of their seasons.

    The index of a place in the season at a step is its ``places`` less the ``shift`` of that step.

    Attributes
    ----------
    values : float64 [S, T]
        Freed of the indices as they are after each step; NaN after the end of a series.
    raw : float64 [S, T]
        With their seasons.
    places : float64 [S, m + T]
        Of the season before the first step, and of every step.
    shift : float64 [S, T]
    """

    values: Array
    raw: Array
    places: Array
    shift: Array

    def ahead(self, horizon: int) -> Array:
        """Return the next values of each step, freed of the indices as that step knows them, [S, T, h]."""
        width = self.raw.shape[1]
        period = self.places.shape[1] - width
        steps, ahead = np.arange(width)[:, np.newaxis], np.arange(1, horizon + 1)
        index = steps + ahead
        indices = self.places[:, steps + period - (-ahead) % period] - self.shift[:, :, np.newaxis]
        return np.where(index < width, self.raw[:, np.minimum(index, width - 1)] - indices, np.nan)


@storable
@dataclass(frozen=True, eq=False)
class MovingSeason:
    """Seasonal indices of every series, after its last observation; arrays are [S].

    Where ``Season`` finds a season in a series of more than 12 seasons, its indices start as those of the first 12,
    and go a fifth of the way to each observation freed of a smoothed level: as in the method of Holt and Winters
    (Winters, 1960, "Forecasting sales by exponentially weighted moving averages"), but with a level of their own, the
    exponentially weighted mean over about a season. All indices sum to zero. A shorter series has fixed ones.

    Attributes
    ----------
    start : float64 [S, m]
        Indices before the first observation.
    share : float64
        Of the way; 0 for fixed indices.
    places : float64 [S, m]
        Indices of the next steps, and the shift.
    shift : float64
    level : float64
    seen : int64
        Observations.
    """

    start: Array
    share: Array
    places: Array
    shift: Array
    level: Array
    seen: Steps

    @classmethod
    def fit_moved(cls, sequences: Sequences, period: int) -> tuple[MovingSeason, Moved]:
        """Find the indices of whole series, and move them to the end of each; give the series freed of them as well."""
        seasons = sequences.lengths / period
        late = Season(period, LATE_SEASONS).fit(sequences)
        early = sequences.position < LATE_SEASONS * period
        first = Season(period).fit(sequences.keep(early, sequences.values[early]), late.seasonal)
        share = np.where(late.seasonal & (seasons > LATE_SEASONS), _SHARE, 0.0)
        zero = np.zeros(len(sequences))
        at = cls(first.indices, share, first.indices, zero, zero, np.zeros(len(sequences), np.int64))
        return at._walk(by_step(sequences))

    @property
    def period(self) -> int:
        """Steps in a season."""
        return int(self.start.shape[1])

    @property
    def seasonal(self) -> NDArray[np.bool_]:
        """Which series have a season, [S]."""
        return np.asarray(self.start.any(axis=1))

    def moved(self, sequences: Sequences) -> Moved:
        """Take the season off whole series."""
        zero = np.zeros(len(sequences))
        before = replace(self, places=self.start, shift=zero, level=zero, seen=np.zeros(len(sequences), np.int64))
        return before._walk(by_step(sequences))[1]

    def invert(self, forecasts: Array) -> Array:
        """Put the indices on forecasts, [S, h]."""
        places = self.places[:, np.arange(forecasts.shape[1]) % self.period]
        return np.asarray(forecasts + (places - self.shift[:, np.newaxis]))

    def advance(self, values: Array) -> tuple[MovingSeason, Array]:
        """Take in the next observation of every series, NaN where it has ended; give it freed of the season."""
        here = ~np.isnan(values)
        away = values - (self.places[:, 0] - self.shift) - self.level
        step = np.where(here & (self.seen > 0), self.share * away, 0.0)
        shift = self.shift + step / self.period
        place = self.places[:, 0] + step
        freed = values - (place - shift)
        level = np.where(here, self.level + self._rate(self.seen) * (freed - self.level), self.level)
        places = np.concatenate([self.places[:, 1:], place[:, np.newaxis]], axis=1)
        places = np.where(here[:, np.newaxis], places, self.places)
        return MovingSeason(self.start, self.share, places, shift, level, self.seen + here), freed

    def back(self, by_freed: Array) -> Array:
        """Return the slopes of forecasts by the values of whole series, from those by the values freed of the season.

        Both are [S, h, T], of the forecasts 1 to h steps ahead, on which the indices after the last step are put. This
        is ``advance`` and ``invert`` the other way round.
        """
        series, horizon, steps = by_freed.shape
        ahead = np.arange(horizon)
        by_place = np.zeros((series, horizon, self.period + steps))
        by_place[:, ahead, steps + ahead % self.period] = 1
        by_shift, by_level = np.full((series, horizon), -1.0), np.zeros((series, horizon))
        by_value = np.empty_like(by_freed)
        for t in reversed(range(steps)):
            rate, share = self._rate(np.array(t)), self.share[:, np.newaxis] * (t > 0)
            freed = by_freed[..., t] + rate * by_level
            place, by_shift = by_place[..., self.period + t] - freed, by_shift + freed
            step = share * (place + by_shift / self.period)
            by_value[..., t] = freed + step
            by_place[..., t] += place - step
            by_shift, by_level = by_shift + step, (1 - rate) * by_level - step
        return by_value

    def repeat(self, times: int) -> MovingSeason:
        """Stand every series' state ``times`` times."""
        return MovingSeason(*(np.repeat(getattr(self, field.name), times, axis=0) for field in fields(self)))

    def _rate(self, seen: Steps) -> Array:
        """Return how much of the way the level goes after so many observations."""
        return np.maximum(2 / (self.period + 1), 1 / (seen + 1))

    def _walk(self, steps: Array) -> tuple[MovingSeason, Moved]:
        """Take in steps [S, T] one after another."""
        at = self
        values, shift = np.empty_like(steps), np.empty_like(steps)
        places = np.concatenate([self.places, np.empty_like(steps)], axis=1)
        for t, step in enumerate(steps.T):
            at, values[:, t] = at.advance(step)
            places[:, self.period + t], shift[:, t] = at.places[:, -1], at.shift
        return at, Moved(values, steps, places, shift)
