"""Partial period: rows of a period that is not over yet, which wait for those that complete it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.series._covariates import ranges
from statecast.series._grid import DAY, Stamp
from statecast.storage import storable


@storable
@dataclass(frozen=True, eq=False)
class PartialPeriod:
    """Rows after the last whole period, as they were read, and what tells whether a period is over.

    Attributes
    ----------
    times : datetime64[us] [N]
        Time stamp of each row, in the order of series and time.
    values : float64 [N]
        The target.
    series : int64 [N]
        The number of the series of each row.
    past, known : float64 [N, P] and [N, K]
        Covariates.
    seen : datetime64[us] [1]
        The last time stamp of all rows so far that have a value.
    apart : int
        Microseconds that rows usually follow each other in: 98 of 100 do.
    silence : int
        Microseconds that a period that is over may be silent for at its end.
    """

    times: NDArray[np.datetime64]
    values: NDArray[np.float64]
    series: NDArray[np.int64]
    past: NDArray[np.float64]
    known: NDArray[np.float64]
    seen: NDArray[np.datetime64]
    apart: int
    silence: int

    @classmethod
    def nothing(cls, until: Stamp) -> PartialPeriod:
        """Return no rows, with all taken in before a time stamp; how far rows are apart is not known."""
        none, empty = np.zeros(0), np.zeros((0, 0))
        seen = np.array([until - np.timedelta64(1, "us")], dtype="datetime64[us]")
        return cls(seen[:0], none, none.astype(np.int64), empty, empty, seen, DAY, 0)

    def __len__(self) -> int:
        """Return the number of rows that wait."""
        return len(self.times)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> PartialPeriod:
        """Return some of the rows."""
        return replace(
            self,
            times=self.times[rows],
            values=self.values[rows],
            series=self.series[rows],
            past=self.past[rows],
            known=self.known[rows],
        )

    def select(self, series: NDArray[np.int64]) -> PartialPeriod:
        """Return the rows of some series, numbered anew in this order; a number of -1 is a series without rows."""
        starts, stops = (np.searchsorted(self.series, series, side) for side in ("left", "right"))
        _, rows = ranges(starts, stops - starts)
        return replace(self.take(rows), series=np.repeat(np.arange(len(series)), stops - starts))

    def over(self, until: Stamp) -> PartialPeriod:
        """Return it without rows, for all that is before a time stamp has been taken in."""
        seen = np.maximum(self.seen, until - np.timedelta64(1, "us"))
        return replace(self.take(np.zeros(0, np.int64)), seen=seen)
