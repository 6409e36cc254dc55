"""The automatic recipe, fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError, ParameterError
from statecast.intervals import Calibration
from statecast.recipes._influence import Influence, influence
from statecast.recipes._origins import forecasts_from
from statecast.recipes._part import Part
from statecast.series import Forecast, Origin, Panel, read_future

if TYPE_CHECKING:
    from statecast.recipes._auto import Auto


@dataclass(frozen=True, eq=False)
class FittedAuto:
    """The automatic recipe, fitted: what was decided, the networks, and where every series stands.

    Attributes
    ----------
    recipe : Auto
    origin : Origin
        The last observations seen.
    groups : tuple of int64 arrays
        The numbers of the series in each part.
    parts : tuple of Part
        The series of each size.
    calibration : Calibration
        Of the intervals.
    """

    recipe: Auto
    origin: Origin
    groups: tuple[NDArray[np.int64], ...]
    parts: tuple[Part, ...]
    calibration: Calibration

    def decisions(self, series: int = 0) -> tuple[str, ...]:
        """Return what was decided for a series, a few words each."""
        for group, part in zip(self.groups, self.parts, strict=True):
            if series in group:
                size = part.size
                network = f"{size.units} units, up to {size.epochs} epochs, trusted by {size.trust:g}"
                return (*part.adjustment.decisions(int(np.searchsorted(group, series))), network)
        raise ParameterError(f"series must be from 0 to {len(self.origin.ids) - 1}, got {series!r}.")

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
        if future is not None:
            return self._foresee(future).forecast(horizon, level)
        horizon = self.origin.steps(self.recipe.horizon if horizon is None else horizon)
        if (known := min(part.known_ahead for part in self.parts)) < horizon:
            raise DataError(
                f"a forecast of {horizon} steps takes the known columns {', '.join(self.origin.columns.known)} for as "
                f"many steps after the last observation, got {known}. Give their rows with --future FILE (future=), or "
                "below the others with a blank target; or forecast fewer steps with --horizon."
            )
        by_member = np.empty((len(self.origin.ids), self.recipe.members, horizon))
        for group, part in zip(self.groups, self.parts, strict=True):
            by_member[group] = part.forecast(horizon)
        forecast = Forecast(self.origin.ids, self.origin.times(horizon), by_member.mean(axis=1), by_member)
        return self.calibration.add_bounds(forecast, level)

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

    def _foresee(self, future: object) -> FittedAuto:
        known = read_future(future, self.origin)
        parts = []
        for group, part in zip(self.groups, self.parts, strict=True):
            chosen = known.select(np.empty(0, np.int64), group)
            parts.append(part.foresee(chosen.known_values, chosen.known_offsets))
        return replace(self, origin=replace(self.origin, covariates=known), parts=tuple(parts))

    def update(self, rows: object) -> FittedAuto:
        """Take in new observations: level and state are carried on, nothing is trained or decided anew.

        Parameters
        ----------
        rows
            What ``read`` takes; or a number, or a sequence of numbers, that follows the last observation.

        Raises
        ------
        DataError
            If the rows do not follow the last observation, or their covariates are missing.
        """
        taken = self.origin.take(rows)
        steps, covariates = taken.values.shape[1], taken.covariates
        if covariates is None and any(part.drivers for part in self.parts):
            raise DataError("expected new rows with the covariates that the recipe was fitted with, got none.")
        parts = []
        for group, part in zip(self.groups, self.parts, strict=True):
            rows_of = (group[:, np.newaxis] * steps + np.arange(steps)).ravel()
            given = None if covariates is None else covariates.select(rows_of, group)
            parts.append(part.update(taken.values[group], given))
        return replace(self, origin=taken.origin, parts=tuple(parts))

    def influence(self, panel: Panel, window: int) -> Influence:
        """Return how the forecasts of a panel of one series change with what is in its last rows and ahead.

        Parameters
        ----------
        panel : Panel
            What the recipe was fitted to, or that up to an earlier step.
        window : int
            Rows at the end of the panel.
        """
        return influence(self.parts[0], panel, 0, window)

    def forecasts_from(self, panel: Panel) -> NDArray[np.float64]:
        """Forecast a panel of one series from where the recipe was fitted, and from every later step.

        Returns
        -------
        [K, M, h]
            What ``update`` and ``forecast`` give a step at a time, as long as h steps follow in the panel.
        """
        return forecasts_from(self.parts[0], panel, 0)
