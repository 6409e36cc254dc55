"""Panel: many series in one container, as flat arrays with offsets."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.series._calendar import Frequency
from statecast.series._covariates import Covariates, ranges


@dataclass(frozen=True)
class Columns:
    """Names of the columns that a panel was read from; None where there was no such column.

    Several targets are one name, separated by commas.
    """

    target: str
    time: str | None = None
    id: str | None = None
    past: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    static: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """Series in time order, without gaps; what was missing is filled, and marked.

    Series s holds ``values[offsets[s]:offsets[s + 1]]`` and is called ``ids[s]``.

    Attributes
    ----------
    values : float64 [N]
        The observations of all series, one series after another.
    offsets : int64 [S + 1]
        Where each series starts; the last entry is N.
    times : datetime64[us] [N], or int64 [N] where time is a count of steps
        Time stamp of each observation.
    ids : tuple of str, S
        Name of each series (``unique_id`` in tables).
    frequency : Frequency
        Distance between the time stamps, and the length of a season in steps.
    columns : Columns
        Names of the columns that the panel was read from.
    notes : tuple of str
        What was found out or put right while reading, a sentence each.
    filled : bool [N], or None where nothing was missing
        Which values were filled in: nothing is learnt from them, and nothing is tested on them.
    covariates : Covariates or None
        What is known beside the target.
    """

    values: np.ndarray
    offsets: np.ndarray
    times: np.ndarray
    ids: tuple[str, ...]
    frequency: Frequency
    columns: Columns
    notes: tuple[str, ...] = ()
    filled: NDArray[np.bool_] | None = None
    covariates: Covariates | None = None

    def __len__(self) -> int:
        """Return the number of series."""
        return len(self.ids)

    @property
    def lengths(self) -> np.ndarray:
        """Number of observations of each series, int64 [S]."""
        return np.diff(self.offsets)

    def window(self, start: int | None, stop: int | None) -> Panel:
        """Return ``[start:stop]`` of every series, as of a list: ``window(None, -12)`` is all but the last 12.

        What is known of later steps stays known.
        """
        lengths = self.lengths
        first, last = (
            np.clip(edge if edge >= 0 else lengths + edge, 0, lengths)
            for edge in (start or 0, np.iinfo(np.int64).max if stop is None else stop)
        )
        offsets, index = ranges(self.offsets[:-1] + first, np.maximum(last - first, 0))
        return replace(
            self,
            values=self.values[index],
            times=self.times[index],
            offsets=offsets,
            filled=None if self.filled is None else self.filled[index],
            covariates=None if self.covariates is None else self.covariates.window(index, first),
        )

    def select(self, series: NDArray[np.int64]) -> Panel:
        """Return some of the series, by their numbers."""
        offsets, index = ranges(self.offsets[series], self.lengths[series])
        return replace(
            self,
            values=self.values[index],
            times=self.times[index],
            offsets=offsets,
            ids=tuple(self.ids[s] for s in series),
            filled=None if self.filled is None else self.filled[index],
            covariates=None if self.covariates is None else self.covariates.select(index, series),
        )
