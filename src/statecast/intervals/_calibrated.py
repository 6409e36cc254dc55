"""Calibrated: the intervals of a fitted recipe, when it is known how far off it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from statecast.checks import whole_number
from statecast.intervals._levels import Levels, in_percent
from statecast.intervals._residuals import Residuals
from statecast.intervals._totals import Array
from statecast.series import Forecast
from statecast.storage import storable


class OneAhead(Protocol):
    """What is known of the errors one step ahead."""

    @property
    def smallest(self) -> Array:
        """The smallest observation of every series at the fit, which units go by, [S]; or [1] if it does not matter."""
        ...

    def around(self, expected: Array, levels: tuple[float, ...]) -> tuple[Array, Array]:
        """Return the lower and upper bounds [S, L, k] of what was expected one step ahead, [S, k, C]."""
        ...

    def typical(self) -> tuple[Array, Array]:
        """Return the mean size of an error, in units, and from how many rows it is known; [S], or [1] for all."""
        ...


class Intervals(OneAhead, Protocol):
    """How a fitted recipe gets the intervals of its forecasts."""

    def add_bounds(self, forecast: Forecast, level: Levels) -> Forecast:
        """Return a forecast with the bounds of its intervals, if a level is asked for.

        Where a series never was below zero, neither forecast nor bounds are; each forecast is within its bounds.

        Raises
        ------
        ParameterError
            If a level is not from 1 to 99.9.
        """
        ...

    def paths(self, mean: Array, paths: int, seed: int) -> Array:
        """Draw paths that the series may take around point forecasts [S, h], [S, paths, h].

        Raises
        ------
        ParameterError
            If paths, seed or the horizon is out of its range.
        """
        ...


@storable
@dataclass(frozen=True, eq=False)
class Calibrated:
    """What is known of the errors of a fitted recipe, whose intervals follow.

    Attributes
    ----------
    ids : tuple of str, S
    residuals : Residuals
    """

    ids: tuple[str, ...]
    residuals: Residuals

    def add_bounds(self, forecast: Forecast, level: Levels) -> Forecast:
        """Return a forecast with the bounds of its intervals, as ``Intervals`` says."""
        forecast = at_least(forecast, self.smallest)
        if not (levels := in_percent(level)):
            return forecast
        lower, upper = self.residuals.bounds(forecast.mean, levels)
        return replace(forecast, levels=levels, lower=lower, upper=upper)

    def paths(self, mean: Array, paths: int, seed: int) -> Array:
        """Draw paths around point forecasts, as ``Intervals`` says."""
        check_sample(mean.shape[1], paths, seed)
        return self.residuals.paths(mean, self.ids, paths, seed)

    @property
    def smallest(self) -> Array:
        """The smallest observation of every series at the fit, [S]."""
        return self.residuals.smallest

    def around(self, expected: Array, levels: tuple[float, ...]) -> tuple[Array, Array]:
        """Return the bounds of what was expected one step ahead, as ``OneAhead`` says."""
        return self.residuals.bounds(expected[..., 0], levels, one_ahead=True)

    def typical(self) -> tuple[Array, Array]:
        """Return the mean size of an error, as ``OneAhead`` says."""
        return self.residuals.typical()


def floor_of(smallest: Array) -> Array:
    """Return what no forecast of series goes below, [S], by their smallest observations: zero, or nothing."""
    return np.where(smallest >= 0, 0.0, -np.inf)


def at_least(forecast: Forecast, smallest: Array) -> Forecast:
    """Return a forecast that is nowhere below zero in series whose smallest observation, [S], is not."""
    floor = floor_of(smallest)
    if (
        not (forecast.mean < floor[:, np.newaxis]).any()
        and not (forecast.members < floor[:, np.newaxis, np.newaxis]).any()
    ):
        return forecast
    mean = np.maximum(forecast.mean, floor[:, np.newaxis])
    return replace(forecast, mean=mean, members=np.maximum(forecast.members, floor[:, np.newaxis, np.newaxis]))


def check_sample(horizon: int, paths: int, seed: int) -> None:
    """Raise ParameterError unless so many paths may be drawn so far ahead."""
    whole_number("paths", paths, 1, 1_000_000)
    whole_number("seed", seed, 0, 2**62)
    whole_number("horizon of a sample", horizon, 1, 2000)
