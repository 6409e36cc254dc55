"""Taken: new observations that follow the last ones seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.series._covariates import Covariates
from statecast.series._revisions import Revisions

if TYPE_CHECKING:
    from statecast.series._origin import Origin


@dataclass(frozen=True, eq=False)
class Taken:
    """New observations.

    Attributes
    ----------
    values : float64 [S, k]
        NaN at a step that is missing and is to be forecast.
    origin : Origin
        After them.
    covariates : Covariates or None
        Of the new rows, k a series, and what is known of later ones. None where the panel had none, and where bare
        numbers were given that do not tell them.
    passed : int
        Rows of the table that are not later than the last observation: they were passed over.
    revisions : Revisions or None
        Those of them that have another value than the one seen before.
    """

    values: NDArray[np.float64]
    origin: Origin
    covariates: Covariates | None = None
    passed: int = 0
    revisions: Revisions | None = None

    @property
    def waits(self) -> bool:
        """Whether there is no step, as the rows end within a period, which the origin holds, or are revisions alone."""
        return not self.values.size

    def steps(self) -> Iterator[Taken]:
        """Give them one step after another; the origin is that after all."""
        series, count = self.values.shape
        if count == 1:
            yield self
            return
        first = np.arange(series) * count
        for step in range(count):
            covariates = self.covariates
            if covariates is not None:
                covariates = covariates.window(first + step, np.full(series, step))
            yield replace(self, values=self.values[:, step : step + 1], covariates=covariates)
