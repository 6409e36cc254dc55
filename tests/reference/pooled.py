"""The smallest shared recipe: one number is learnt from all series, how much they change in a step on average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import fsum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.intervals import UNTRACKED, Calibration, Common, Track, Watch, floor_of, follow
from statecast.series import Forecast, Origin, Panel, Progress, Taken, read, save
from statecast.storage import storable


@storable
@dataclass(frozen=True)
class Pooled:
    """Forecast the last value plus the mean change of all series.

    ``change`` is None until it is learnt: then the recipe is a local one that trains nothing. ``common`` is what the
    errors of all series say, ``fits`` keeps the panels that were learnt from, in their order.
    """

    change: float | None = None
    common: Common | None = None
    fits: list[Panel] = field(default_factory=list, compare=False, repr=False)

    def stored(self) -> Pooled:
        """Return it without the panels, for a model file."""
        return replace(self, fits=())  # type: ignore[arg-type]

    shortest = 3
    horizon = None

    @property
    def name(self) -> str:
        """``pooled``."""
        return "pooled"

    @property
    def seeds(self) -> Sequence[int]:
        """None: nothing is drawn."""
        return ()

    @property
    def shared(self) -> bool:
        """Whether the change is still to be learnt."""
        return self.change is None

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedPooled:
        """Learn the mean change, if it is not known."""
        panel: Panel = read(data)
        if panel.lengths.min() < 3:
            raise DataError(f"the recipe takes at least 3 observations, got {panel.lengths.min()}.")
        change = self.change
        if change is None:
            self.fits.append(panel)
            within = np.delete(np.diff(panel.values), panel.offsets[1:-1] - 1)
            change = fsum(within) / len(within)  # the same in any order
        origin = Origin.of(panel)
        calibration = Calibration(self, panel, origin.steps(None), threads, self.common)
        return FittedPooled(self, change, origin, panel.values[panel.offsets[1:] - 1], calibration)


@storable
@dataclass(frozen=True, eq=False)
class FittedPooled:
    """Knows the mean change and the last value of every series."""

    recipe: Pooled
    change: float
    origin: Origin
    last: NDArray[np.float64]
    calibration: Calibration
    track: Track = UNTRACKED

    @property
    def pretrained(self) -> Pooled:
        """The recipe with what it has learnt."""
        return replace(self.recipe, change=self.change)

    def forecast(self, horizon: int | None = None, level: float | Sequence[float] = ()) -> Forecast:
        """Go on by the mean change."""
        steps = self.origin.steps(horizon)
        mean = self.last[:, np.newaxis] + self.change * np.arange(1, steps + 1)
        forecast = Forecast(self.origin.ids, self.origin.times(steps), mean, mean[:, np.newaxis])
        return self.calibration.add_bounds(forecast, level)

    def sample(self, horizon: int | None = None, paths: int = 1000, seed: int = 1) -> NDArray[np.float64]:
        """Draw paths."""
        return self.calibration.paths(self.forecast(horizon).mean, paths, seed)

    def decisions(self, series: int = 0) -> tuple[str, ...]:
        """Return nothing."""
        return ()

    def save(self, path: str | Path) -> None:
        """Write a model file."""
        save(self, path)

    def update(self, rows: object, *, missing: str = "error", revisions: str = "report") -> FittedPooled:
        """Take in new observations."""
        after, track = follow(self, self.origin.take(rows, missing, revisions))
        return replace(after, track=track)

    def expect(self, taken: Taken) -> NDArray[np.float64]:
        """Forecast the next step."""
        return np.maximum(self.last + self.change, floor_of(self.calibration.smallest))[:, np.newaxis]

    def take(self, taken: Taken) -> FittedPooled:
        """Take in observations without watching."""
        last = self.last if taken.waits else taken.values[:, -1]
        return replace(self, origin=taken.origin, last=last)

    @property
    def watch(self) -> Watch:
        """How far off it was."""
        return Watch(self.origin, self.track, self.calibration)
