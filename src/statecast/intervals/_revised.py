"""Revised: how many of the rows that were seen came again with another value since the fit, and how much other."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from statecast.intervals._totals import Array
from statecast.series import Revisions
from statecast.storage import storable

_MOST = 1000  # sizes that are kept, so that it does not grow


@storable
@dataclass(frozen=True, eq=False)
class Revised:
    """The revisions since the fit.

    Attributes
    ----------
    count : int
    largest : float
        The largest relative to the value before; 0 if there was none.
    sizes : float64 [n]
        Of the last ones that had a value before, at most a thousand.
    """

    count: int = 0
    largest: float = 0.0
    sizes: Array = field(default_factory=lambda: np.empty(0))

    @property
    def median(self) -> float:
        """The median relative size of the last thousand; 0 if there was none."""
        return float(np.median(self.sizes)) if len(self.sizes) else 0.0

    def after(self, revisions: Revisions) -> Revised:
        """Return those with the revisions of one more update."""
        sizes = revisions.sizes[~np.isnan(revisions.sizes)]
        largest = max(self.largest, float(sizes.max(initial=0.0)))
        return Revised(self.count + len(revisions), largest, np.concatenate([self.sizes, sizes])[-_MOST:])

    @property
    def verdict(self) -> str:
        """A sentence that says so; empty if there was none."""
        if not self.count:
            return ""
        rows = f"{self.count:,} row{'s' * (self.count > 1)} came again with another value since the fit"
        if not len(self.sizes):
            return f"{rows}, where there was none before."
        median, largest = (f"{100 * size:.3g} %" for size in (self.median, self.largest))
        return f"{rows}: the median change is {median} of the value, the largest {largest}."
