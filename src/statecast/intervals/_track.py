"""Track: what was forecast one step ahead for the observations taken in since the fit, and what came."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from statecast.intervals._residuals import units
from statecast.intervals._totals import Array
from statecast.series import Taken
from statecast.storage import storable

KEPT = 100
"""Steps that are kept one by one at least, and twice as many at most."""


@storable
@dataclass(frozen=True, eq=False)
class Track:
    """The last steps one by one, and sums of those before: its size does not grow, and nothing is judged yet.

    Attributes
    ----------
    smallest : float64 [S]
        The smallest observation of every series when it was fitted, which the units of the errors go by.
    observed : float64 [S, n]
        NaN where a step was missing.
    expected : float64 [S, n, C]
        What ``expect`` gave just before each: the point forecast, the unit of its error if the recipe has one of its
        own, and what else tells its interval.
    latest : int
        How many of them came with the last update.
    passed : int
        Rows that the last update passed over, as they were seen already.
    sums : float64 [3, S]
        Of the steps no longer kept: how many were observed, their errors, and the sizes of their errors, in units.
    """

    smallest: Array
    observed: Array
    expected: Array
    latest: int
    passed: int
    sums: Array

    @classmethod
    def begin(cls, smallest: Array, columns: int) -> Track:
        """Return that of series [S] of which nothing was forecast yet; ``expect`` gives so many columns."""
        series = len(smallest)
        none = np.empty((series, 0))
        return cls(smallest, none, np.empty((series, 0, columns)), 0, 0, np.zeros((3, series)))

    def after(self, taken: Taken, expected: Array) -> Track:
        """Go on with new observations, and what was expected of them, [S, k, C]."""
        observed = np.concatenate([self.observed, taken.values], axis=1)
        expected = np.concatenate([self.expected, expected], axis=1)
        longer = Track(self.smallest, observed, expected, taken.values.shape[1], taken.passed, self.sums)
        return longer if observed.shape[1] <= 2 * KEPT else longer._shortened()

    def _shortened(self) -> Track:
        """Keep the last steps, at least those of the last update, and add up those before."""
        gone = self.observed.shape[1] - max(KEPT, self.latest)
        error = self.errors[:, :gone]
        counts = np.isfinite(error)
        error = np.where(counts, error, 0.0)
        sums = self.sums + np.stack([counts.sum(axis=1), error.sum(axis=1), np.abs(error).sum(axis=1)])
        return replace(self, observed=self.observed[:, gone:], expected=self.expected[:, gone:], sums=sums)

    @property
    def errors(self) -> Array:
        """Observation less forecast, in units, [S, n]; NaN where there was no observation, or no forecast."""
        mean = self.expected[..., 0]
        if self.expected.shape[2] == 1:
            return np.asarray((self.observed - mean) / units(mean, self.smallest))
        unit, error = self.expected[..., 1], self.observed - mean
        return np.where(
            unit > 0, error / np.where(unit > 0, unit, 1.0), np.where(error == 0, error, np.copysign(np.inf, error))
        )


UNTRACKED = Track(np.empty(0), np.empty((0, 0)), np.empty((0, 0, 1)), 0, 0, np.zeros((3, 0)))
"""That of a recipe that has taken nothing in."""
