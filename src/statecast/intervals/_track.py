"""Track: what was forecast one step ahead for the observations taken in since the fit, and what came."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from statecast.intervals._checkpoint import Checkpoint
from statecast.intervals._residuals import units
from statecast.intervals._revised import Revised
from statecast.intervals._totals import Array
from statecast.series import Revisions, Taken
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
    revisions : Revisions or None
        Of the last update.
    exact : int
        How many of these were taken in, the steps since having been gone over anew; of others a new fit makes use.
    revised : Revised
        How many there were since the fit, and how large.
    checkpoint : Checkpoint or None
        From which steps are gone over anew; None before the first update, and in a model file of an older version.
    """

    smallest: Array
    observed: Array
    expected: Array
    latest: int
    passed: int
    sums: Array
    revisions: Revisions | None = None
    exact: int = 0
    revised: Revised = field(default_factory=Revised)
    checkpoint: Checkpoint | None = None

    @classmethod
    def begin(cls, smallest: Array, columns: int) -> Track:
        """Return that of series [S] of which nothing was forecast yet; ``expect`` gives so many columns."""
        series = len(smallest)
        none = np.empty((series, 0))
        return cls(smallest, none, np.empty((series, 0, columns)), 0, 0, np.zeros((3, series)))

    def after(self, taken: Taken, expected: Array, checkpoint: Checkpoint | None = None) -> Track:
        """Go on with new observations, what was expected of them, [S, k, C], and the checkpoint after them."""
        observed = np.concatenate([self.observed, taken.values], axis=1)
        expected = np.concatenate([self.expected, expected], axis=1)
        steps, revisions = taken.values.shape[1], taken.revisions
        exact = 0 if revisions is None else self.exact
        smallest, sums, total = self.smallest, self.sums, self.revised
        longer = Track(smallest, observed, expected, steps, taken.passed, sums, revisions, exact, total, checkpoint)
        return longer if observed.shape[1] <= 2 * KEPT else longer._shortened()

    @property
    def use(self) -> str:
        """Say what was made of the revisions of the last update."""
        count = 0 if self.revisions is None else len(self.revisions)
        if self.revisions is not None and not self.revisions.whole:
            return "as periods may lack rows that the table does not repeat, only a new fit uses them."
        if self.exact == count:
            return "taken in, as if seen so from the start."
        left = "only a new fit uses" if self.exact == 0 else f"{self.exact:,} were taken in, only a new fit uses"
        return f"{left} {'it' if count == 1 else 'them' if self.exact == 0 else 'the rest'}."

    def unmoved(self, taken: Taken) -> Track:
        """Go on where there is no step."""
        exact = 0 if taken.revisions is None else self.exact
        return replace(self, latest=0, passed=taken.passed, revisions=taken.revisions, exact=exact)

    def rerun(self, checkpoint: Checkpoint, expected: Array) -> Track:
        """Replace the last steps by those of a checkpoint, and what is expected of them now, [S, n, C]."""
        kept = self.observed.shape[1] - expected.shape[1]
        observed = np.concatenate([self.observed[:, :kept], checkpoint.values], axis=1)
        expected = np.concatenate([self.expected[:, :kept], expected], axis=1)
        return replace(self, observed=observed, expected=expected, checkpoint=checkpoint)

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
