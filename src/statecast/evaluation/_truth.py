"""What was observed after every origin, and how forecasts of it are scored: what was filled in does not count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.evaluation._refits import Plan
from statecast.metrics import Scores, mean_scores
from statecast.series import Panel, Sequences

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Truth:
    """What forecasts of a walk are compared with.

    Attributes
    ----------
    origins : [S, K]
        Times of the last observation before each forecast.
    times, y : [S, K, h]
    scored : bool [S, K, h]
        Where y was observed, and not filled in.
    history : Panel
        What came before the first origin; what was filled in is NaN.
    windows : int
        Test parts, each with as many of the origins.
    """

    origins: NDArray[np.generic]
    times: NDArray[np.generic]
    y: Array
    scored: NDArray[np.bool_]
    history: Panel
    windows: int

    @classmethod
    def of(cls, panel: Panel, plan: Plan) -> Truth:
        """Return the truth of a walk through a panel.

        Raises
        ------
        DataError
            If everything was filled in.
        """
        filled = np.zeros(len(panel.values), np.bool_) if panel.filled is None else panel.filled
        origins = panel.offsets[1:, np.newaxis] - plan.left - 1
        ahead = origins[:, :, np.newaxis] + np.arange(1, plan.horizon + 1)
        if filled[ahead].all():
            raise DataError(
                f"all {np.unique(ahead).size} observations of the test part were missing and filled in, so there is "
                "nothing to test on. Hold out more with --test."
            )
        history = replace(panel, values=np.where(filled, np.nan, panel.values)).window(None, -plan.held_out)
        return cls(panel.times[origins], panel.times[ahead], panel.values[ahead], ~filled[ahead], history, plan.windows)

    def scores(self, forecast: Array) -> Scores:
        """Return the mean of the scores of the series, without those of which nothing was observed."""
        return mean_scores(self.y, forecast, self.scored, self._scale)

    @cached_property
    def _scale(self) -> Array:
        """The mean change at the season's lag of each history, [S]; as ``naive_scale``, for all at once."""
        series = Sequences(self.history.values, self.history.offsets)
        season = self.history.frequency.season
        lags = np.where(series.lengths > season, season, 1)[series.of_row]
        rows = np.flatnonzero(series.position >= lags)
        changes = np.abs(series.values[rows] - series.values[rows - lags[rows]])
        known = ~np.isnan(changes)
        total, count = (np.bincount(series.of_row[rows[known]], w, len(series)) for w in (changes[known], None))
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def differences(self, forecast: Array, baseline: Array) -> Array:
        """Return by how much the squared error of a baseline is larger, from every origin, [windows, K / windows].

        In shares of the baseline's own mean squared error of a series, averaged over the steps and the series; NaN
        where nothing was observed.
        """
        ours, theirs = ((self.y - f) ** 2 for f in (forecast, baseline))
        size = _mean(theirs, self.scored, (1, 2))[:, np.newaxis]
        by_origin = _mean(theirs - ours, self.scored, 2) / np.where(size > 0, size, 1.0)
        return _mean(by_origin, ~np.isnan(by_origin), 0).reshape(self.windows, -1)


def _mean(values: Array, known: NDArray[np.bool_], axis: int | tuple[int, ...]) -> Array:
    """Return the mean of what is known along axes; NaN where nothing is."""
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
