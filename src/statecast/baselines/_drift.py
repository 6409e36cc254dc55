"""The drift: a straight line through the first and the last observation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.intervals import UNTRACKED, Calibration, Intervals, Track, Watch, floor_of, follow
from statecast.series import Forecast, Origin, Panel, Progress, Sequences, Taken, read, save
from statecast.storage import storable


@storable
@dataclass(frozen=True)
class Drift:
    """Forecast the last value plus the average change of a step so far, as often as there are steps.

    Hyndman and Athanasopoulos (2021, "Forecasting: principles and practice", 3rd edition, section 5.2).

    Examples
    --------
    >>> Drift().fit([1.0, 4.0, 5.0]).forecast(2).mean
    array([[7., 9.]])
    """

    @property
    def name(self) -> str:
        """``drift``."""
        return "drift"

    @property
    def seeds(self) -> Sequence[int]:
        """None: nothing is drawn."""
        return ()

    @property
    def shared(self) -> bool:
        """False: every series is fitted alone."""
        return False

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedDrift:
        """Keep the first and the last observation of every series.

        Raises
        ------
        DataError
            If a series has less than 2 observations.
        """
        panel: Panel = read(data)
        if (shortest := int(panel.lengths.min())) < 2:
            raise DataError(f"the drift takes 2 observations, got {shortest}.")
        last = Sequences(panel.values, panel.offsets).tail(1)[:, 0]
        origin = Origin.of(panel)
        calibration = Calibration(self, panel, origin.steps(None), threads)
        return FittedDrift(origin, panel.values[panel.offsets[:-1]], last, panel.lengths - 1, calibration)


@storable
@dataclass(frozen=True, eq=False)
class FittedDrift:
    """Knows the first and the last observation of every series, and the number of changes between them, each [S]."""

    origin: Origin
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    changes: NDArray[np.int64]
    calibration: Intervals
    track: Track = UNTRACKED

    @property
    def recipe(self) -> Drift:
        """What was fitted."""
        return Drift()

    def forecast(self, horizon: int | None = None, level: float | Sequence[float] = ()) -> Forecast:
        """Go on along the line."""
        steps = self.origin.steps(horizon)
        mean = self._ahead(steps)
        forecast = self.origin.forecast(mean, mean[:, np.newaxis])
        return self.calibration.add_bounds(forecast, level)

    def _ahead(self, steps: int) -> NDArray[np.float64]:
        slope = (self.last - self.first) / self.changes
        return np.asarray(self.last[:, np.newaxis] + slope[:, np.newaxis] * np.arange(1, steps + 1))

    def sample(self, horizon: int | None = None, paths: int = 1000, seed: int = 1) -> NDArray[np.float64]:
        """Draw whole paths that the series may take, [S, paths, h]."""
        return self.calibration.paths(self.forecast(horizon).mean, paths, seed)

    def decisions(self, series: int = 0) -> tuple[str, ...]:
        """Return what was decided for a series: nothing."""
        return ()

    def save(self, path: str | Path) -> None:
        """Write a model file, whole or not at all, which ``statecast.load`` reads; raises FileError if it cannot be."""
        save(self, path)

    def update(self, rows: object, *, missing: str = "error", revisions: str = "report") -> FittedDrift:
        """Take in new observations, as ``Fitted`` says."""
        after, track = follow(self, self.origin.take(rows, missing, revisions))
        return replace(after, track=track)

    def expect(self, taken: Taken) -> NDArray[np.float64]:
        """Forecast the next observation of every series, [S, 1]."""
        return np.asarray(np.maximum(self._ahead(1), floor_of(self.calibration.smallest)[:, np.newaxis]))

    def take(self, taken: Taken) -> FittedDrift:
        """Take in observations without watching."""
        if taken.waits:
            return replace(self, origin=taken.origin)
        values = taken.values
        return replace(self, origin=taken.origin, last=values[:, -1], changes=self.changes + values.shape[1])

    @property
    def watch(self) -> Watch:
        """How far off the forecasts were of the observations that ``update`` has taken in."""
        return Watch(self.origin, self.track, self.calibration)
