"""The shared recipe, fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError, ParameterError
from statecast.intervals import Calibration
from statecast.recipes._shared_model import Carried, blocks
from statecast.series import Forecast, Origin, Panel, Recipe, read_future

if TYPE_CHECKING:
    from statecast.recipes._shared import Pretrained


@dataclass(frozen=True, eq=False)
class FittedShared:
    """The shared recipe, fitted: the networks, and where every series stands.

    Attributes
    ----------
    pretrained : Pretrained
        The networks as a recipe: for other series, or for these later on.
    origin : Origin
        The last observations seen.
    groups : tuple of int64 arrays
        The numbers of the series in each part.
    parts : tuple of Carried
        Series of like length.
    calibration : Calibration
        Of the intervals.
    """

    pretrained: Pretrained
    origin: Origin
    groups: tuple[NDArray[np.int64], ...]
    parts: tuple[Carried, ...]
    calibration: Calibration

    @classmethod
    def over(cls, pretrained: Pretrained, panel: Panel, recipe: Recipe, threads: int) -> FittedShared:
        """Run networks over a panel; ``recipe`` is what is fitted anew to less of it for the intervals."""
        model, covariates = pretrained.model, panel.covariates
        seen = 0 if model.columns is None else len(model.columns.past.mean) + len(model.columns.known.mean)
        given = 0 if covariates is None else len(covariates.past) + len(covariates.known)
        if seen != given or (model.columns is None) != (covariates is None):
            raise DataError(
                f"expected series with the {seen} past and known columns that the networks learnt from, got {given}. "
                "Give the same columns."
            )
        groups = tuple(blocks(panel.lengths))
        parts = tuple(Carried.over(model, panel.select(group)) for group in groups)
        calibration = Calibration(recipe, panel, model.horizon, threads, pretrained.common)
        return cls(pretrained, Origin.of(panel), groups, parts, calibration)

    def decisions(self, series: int = 0) -> tuple[str, ...]:
        """Return what was decided for a series, a few words each."""
        for group, part in zip(self.groups, self.parts, strict=True):
            if series in group:
                model = part.model
                network = f"{model.networks.spec.units} units, trusted by {model.trust:g}"
                return (*part.standing.decisions(int(np.searchsorted(group, series))), network)
        raise ParameterError(f"series must be from 0 to {len(self.origin.ids) - 1}, got {series!r}.")

    def forecast(
        self, horizon: int | None = None, level: float | Sequence[float] = (), future: object = None
    ) -> Forecast:
        """Forecast the next steps of every series; beyond the recipe's horizon, every member sees its own forecasts.

        Parameters
        ----------
        horizon : int, optional
            Steps ahead; the recipe's horizon if None.
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
        horizon = self.origin.steps(self.pretrained.horizon if horizon is None else horizon)
        if (known := min(part.known_ahead for part in self.parts)) < horizon:
            raise DataError(
                f"a forecast of {horizon} steps takes the known columns {', '.join(self.origin.columns.known)} for as "
                f"many steps after the last observation, got {known}. Give their rows with --future FILE (future=), or "
                "below the others with a blank target; or forecast fewer steps with --horizon."
            )
        by_member = np.empty((len(self.origin.ids), len(self.pretrained.seeds), horizon))
        for group, part in zip(self.groups, self.parts, strict=True):
            by_member[group] = part.forecast(horizon)
        forecast = Forecast(self.origin.ids, self.origin.times(horizon), by_member.mean(axis=1), by_member)
        return self.calibration.add_bounds(forecast, level)

    def sample(
        self, horizon: int | None = None, paths: int = 1000, seed: int = 1, future: object = None
    ) -> NDArray[np.float64]:
        """Draw whole paths that the series may take, [S, paths, h].

        Raises
        ------
        ParameterError
            If a number is out of its range.
        DataError
            As in ``forecast``.
        """
        return self.calibration.paths(self.forecast(horizon, future=future).mean, paths, seed)

    def _foresee(self, future: object) -> FittedShared:
        known = read_future(future, self.origin)
        parts = tuple(
            part.foresee(known.select(np.empty(0, np.int64), group))
            for group, part in zip(self.groups, self.parts, strict=True)
        )
        return replace(self, origin=replace(self.origin, covariates=known), parts=parts)

    def update(self, rows: object) -> FittedShared:
        """Take in new observations: level, slope and state are carried on, nothing is trained or decided anew.

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
        if covariates is None and any(part.beside is not None for part in self.parts):
            raise DataError("expected new rows with the covariates that the recipe was fitted with, got none.")
        parts = []
        for group, part in zip(self.groups, self.parts, strict=True):
            rows_of = (group[:, np.newaxis] * steps + np.arange(steps)).ravel()
            given = None if covariates is None else covariates.select(rows_of, group)
            parts.append(part.update(taken.values[group], given))
        return replace(self, origin=taken.origin, parts=tuple(parts))
