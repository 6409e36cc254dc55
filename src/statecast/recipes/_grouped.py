"""Grouped: series of a panel that are forecast in groups, each by a part of a fitted recipe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError, ParameterError
from statecast.series import Covariates, Forecast, Origin, Taken, read_future
from statecast.storage import storable

Array = NDArray[np.float64]


class Together(Protocol):
    """Series that are forecast together, S of them."""

    @property
    def known_ahead(self) -> int:
        """Steps after the origin for which the known columns of every series are known."""
        ...

    @property
    def sees_covariates(self) -> bool:
        """Whether new observations must come with theirs."""
        ...

    def forecast(self, horizon: int) -> Array:
        """Forecast every series by every member, [S, M, horizon]."""
        ...

    def foresee(self, covariates: Covariates) -> Self:
        """Replace what is known of the steps after the origin."""
        ...

    def update(self, values: Array, covariates: Covariates | None) -> Self:
        """Take in observations [S, k]."""
        ...


P = TypeVar("P", bound=Together)


@storable
@dataclass(frozen=True, eq=False)
class Grouped(Generic[P]):
    """The series of a panel in groups.

    Attributes
    ----------
    origin : Origin
        The last observations seen.
    groups : tuple of int64 arrays
        The numbers of the series of each group.
    parts : tuple of P
        What forecasts each group.
    """

    origin: Origin
    groups: tuple[NDArray[np.int64], ...]
    parts: tuple[P, ...]

    def of(self, series: int) -> tuple[P, int]:
        """Return the part that forecasts a series, and the number that the series has there.

        Raises
        ------
        ParameterError
            If there is no such series.
        """
        for group, part in zip(self.groups, self.parts, strict=True):
            if series in group:
                return part, int(np.searchsorted(group, series))
        raise ParameterError(f"series must be from 0 to {len(self.origin.ids) - 1}, got {series!r}.")

    @property
    def known_ahead(self) -> int:
        """Steps after the origin for which the known columns of every series are known."""
        return min(part.known_ahead for part in self.parts)

    def forecast(self, horizon: int, members: int) -> Forecast:
        """Forecast every series by so many members, whose mean is the forecast.

        Raises
        ------
        DataError
            If a known covariate is not known so far ahead.
        """
        self.origin.check_known(self.known_ahead, horizon)
        by_member = np.empty((len(self.origin.ids), members, horizon))
        for group, part in zip(self.groups, self.parts, strict=True):
            by_member[group] = part.forecast(horizon)
        return self.origin.forecast(by_member.mean(axis=1), by_member)

    def expect(self, taken: Taken) -> Array:
        """Forecast the next observation of every series, [S, 1], with known covariates that come with it if need be."""
        mean = np.empty((len(self.origin.ids), 1))
        for group, part in zip(self.groups, self.parts, strict=True):
            given = None if part.known_ahead > 0 else taken.covariates
            at = part if given is None else part.foresee(given.select(np.empty(0, np.int64), group))
            mean[group] = at.forecast(1).mean(axis=1)
        return mean

    def foresee(self, future: object) -> Grouped[P]:
        """Replace what is known of the steps after the origin: all that ``read_future`` takes.

        Raises
        ------
        DataError
            If it is wrong.
        """
        known = read_future(future, self.origin)
        parts = tuple(
            part.foresee(known.select(np.empty(0, np.int64), group))
            for group, part in zip(self.groups, self.parts, strict=True)
        )
        return replace(self, origin=replace(self.origin, covariates=known), parts=parts)

    def take(self, taken: Taken) -> Grouped[P]:
        """Take in observations.

        Raises
        ------
        DataError
            If their covariates are missing.
        """
        if taken.waits:
            return replace(self, origin=taken.origin)
        steps, covariates = taken.values.shape[1], taken.covariates
        if covariates is None and any(part.sees_covariates for part in self.parts):
            raise DataError("expected new rows with the covariates that the recipe was fitted with, got none.")
        parts = []
        for group, part in zip(self.groups, self.parts, strict=True):
            rows_of = (group[:, np.newaxis] * steps + np.arange(steps)).ravel()
            given = None if covariates is None else covariates.select(rows_of, group)
            parts.append(part.update(taken.values[group], given))
        return replace(self, origin=taken.origin, parts=tuple(parts))
