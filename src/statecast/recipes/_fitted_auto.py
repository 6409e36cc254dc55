"""The automatic recipe, fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.intervals import UNTRACKED, Intervals, Track, Watch, follow
from statecast.recipes._auto_influence import influence
from statecast.recipes._grouped import Grouped
from statecast.recipes._influence import Influence
from statecast.recipes._origins import forecasts_from
from statecast.recipes._part import Part
from statecast.series import Forecast, Origin, Panel, Taken, save
from statecast.storage import storable

if TYPE_CHECKING:
    from statecast.recipes._auto import Auto


@storable
@dataclass(frozen=True, eq=False)
class FittedAuto:
    """The automatic recipe, fitted: what was decided, the networks, and where every series stands.

    Attributes
    ----------
    recipe : Auto
    grouped : Grouped of Part
        The last observations seen, and the series of each size.
    calibration : Intervals
    track : Track
    """

    recipe: Auto
    grouped: Grouped[Part]
    calibration: Intervals
    track: Track = UNTRACKED

    @property
    def origin(self) -> Origin:
        """The last observations seen."""
        return self.grouped.origin

    def decisions(self, series: int = 0) -> tuple[str, ...]:
        """Return what was decided for a series, a few words each."""
        part, place = self.grouped.of(series)
        size = part.size
        network = f"{size.units} units, up to {size.epochs} epochs, trusted by {part.trust[place]:.2g}"
        return (*part.adjustment.decisions(place), network)

    def forecast(
        self, horizon: int | None = None, level: float | Sequence[float] = (), future: object = None
    ) -> Forecast:
        """Forecast the next steps of every series; beyond the recipe's horizon, every member sees its own forecasts.

        Parameters
        ----------
        horizon : int, optional
            Steps ahead; the recipe's horizon, else one season or 6, if None.
        level : float or sequence of float
            Of the intervals, in percent; none if empty.
        future : path or data frame, optional
            The known covariates of these steps, as ``read_future`` takes them; if None, as far as the data told them.

        Raises
        ------
        ParameterError
            If the horizon is no whole number above 0, or a level is not from 1 to 99.9.
        DataError
            If a known covariate is not known so far ahead.
        """
        horizon = self.origin.steps(self.recipe.horizon if horizon is None else horizon)
        grouped = self.grouped if future is None else self.grouped.foresee(future)
        return self.calibration.add_bounds(grouped.forecast(horizon, self.recipe.members), level)

    def sample(
        self, horizon: int | None = None, paths: int = 1000, seed: int = 1, future: object = None
    ) -> NDArray[np.float64]:
        """Draw whole paths that the series may take, [S, paths, h], so that sums over steps have honest intervals.

        Raises
        ------
        ParameterError
            If a number is out of its range.
        DataError
            As in ``forecast``.
        """
        return self.calibration.paths(self.forecast(horizon, future=future).mean, paths, seed)

    def save(self, path: str | Path) -> None:
        """Write a model file, whole or not at all, which ``statecast.load`` reads; raises FileError if it cannot be."""
        save(self, path)

    def update(self, rows: object, *, missing: str = "error", revisions: str = "report") -> FittedAuto:
        """Take in new observations: level and state are carried on, nothing is trained or decided anew.

        Parameters
        ----------
        rows
            What ``read`` takes; or a number, or a sequence of numbers, that follows the last observation.
        missing : {"error", "forecast"}
            Steps without an observation are refused, or what is forecast for them is taken in, and not watched.
        revisions : {"report", "refuse"}
            Rows that were seen and have another value now are told with a RevisionWarning, or refused.

        Raises
        ------
        DataError
            If the rows do not follow the last observation, or their covariates are missing.
        """
        after, track = follow(self, self.origin.take(rows, missing, revisions))
        return replace(after, track=track)

    def expect(self, taken: Taken) -> NDArray[np.float64]:
        """Forecast the next observation of every series, [S, 1], with the known covariates that come with it."""
        return self.grouped.expect(taken)

    def take(self, taken: Taken) -> FittedAuto:
        """Take in observations without watching."""
        return replace(self, grouped=self.grouped.take(taken))

    @property
    def watch(self) -> Watch:
        """How far off the forecasts were of the observations that ``update`` has taken in."""
        return Watch(self.origin, self.track, self.calibration)

    def influence(self, panel: Panel, window: int) -> Influence:
        """Return how the forecasts of a panel of one series change with what is in its last rows and ahead.

        Parameters
        ----------
        panel : Panel
            What the recipe was fitted to, or that up to an earlier step.
        window : int
            Rows at the end of the panel.
        """
        return influence(self.grouped.parts[0], panel, 0, window)

    def forecasts_from(self, panel: Panel) -> NDArray[np.float64]:
        """Forecast a panel of one series from where the recipe was fitted, and from every later step.

        Returns
        -------
        [K, M, h]
            What ``update`` and ``forecast`` give a step at a time, as long as h steps follow in the panel.
        """
        return forecasts_from(self.grouped.parts[0], panel, 0)
