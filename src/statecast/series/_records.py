"""Records: the rows of a file or frame, sorted into series, with whatever is wrong still in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from statecast.series._alias import parse_alias
from statecast.series._beside import Beside
from statecast.series._calendar import Frequency
from statecast.series._covariates import ranges
from statecast.series._grid import Stamp, positions
from statecast.series._panel import Columns
from statecast.series._partial import PartialPeriod


@dataclass(frozen=True)
class Records:
    """Rows in time order, series after series; there may be gaps, duplicates and missing values.

    Attributes
    ----------
    values : float64 [N]
        The target; NaN where there is no value.
    times : datetime64[us] [N], or int64 [N] where time is a count of steps
        Time stamp of each row.
    offsets : int64 [S + 1]
        Where each series starts; the last entry is N.
    ids : tuple of str, S
        Name of each series, in the order of their first rows; with several targets, one after another.
    rows : int64 [N]
        Number of each row as the user sees it: a file's header is row 1, frames and arrays count from 0.
    columns : Columns
        Names of the columns.
    targets : tuple of str
        Names of the target columns; series s has ``targets[s % len(targets)]``.
    beside : Beside
        The covariates.
    frequency : Frequency
        Distance between the time stamps, and the length of a season in steps.
    source : str
        What the user calls the data: the name of the file, "<standard input>", "the frame" or "the array".
    notes : tuple of str
        What was found out or put right while reading, a sentence each.
    anchor : datetime64[us] or int64
        A stamp that lies on the grid of all series.
    partial : PartialPeriod or None
        Rows of a last period that is not over.
    common : bool
        Whether the frequency is that of most of several series, so that some may have another.
    """

    values: np.ndarray
    times: np.ndarray
    offsets: np.ndarray
    ids: tuple[str, ...]
    rows: np.ndarray
    columns: Columns
    targets: tuple[str, ...]
    beside: Beside
    frequency: Frequency
    source: str
    notes: tuple[str, ...] = ()
    anchor: Stamp = None
    partial: PartialPeriod | None = None
    common: bool = False

    @property
    def sums(self) -> bool:
        """Whether the values are sums over periods, so that a period without rows is zero."""
        return self.columns.every is not None and self.columns.aggregate == "sum"

    @cached_property
    def positions(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Steps of each row from the anchor on, rounded down for a stamp off the grid, and whether it is on it, [N]."""
        return positions(parse_alias(self.frequency.alias), self.anchor, self.times)

    @cached_property
    def distances(self) -> NDArray[np.int64]:
        """Steps from each row to the next one, [N - 1]; 1 where another series begins."""
        distances = np.diff(self.positions[0])
        distances[self.offsets[1:-1] - 1] = 1
        return distances

    @cached_property
    def complete(self) -> bool:
        """Whether there is a value for every step, so that nothing is left out or filled."""
        return bool((self.distances == 1).all()) and not np.isnan(self.values).any()

    def select(self, series: NDArray[np.int64]) -> Records:
        """Return some of the series, by their numbers; of several targets, all of an id or none."""
        offsets, rows = ranges(self.offsets[series], np.diff(self.offsets)[series])
        beside = self.beside
        return replace(
            self,
            values=self.values[rows],
            times=self.times[rows],
            offsets=offsets,
            ids=tuple(self.ids[s] for s in series),
            rows=self.rows[rows],
            targets=tuple(self.targets[s] for s in series) if self.columns.wide else self.targets,
            beside=Beside(beside.past.take(rows), beside.known.take(rows), beside.static.take(series)),
            partial=None if self.partial is None else self.partial.select(series),
        )

    @property
    def future(self) -> np.ndarray:
        """Which rows come after the last value of their series and tell what is known then, bool [N].

        There are none unless known covariates are named.
        """
        if not self.columns.known:
            return np.zeros(len(self.values), dtype=bool)
        index = np.arange(len(self.values))
        last = np.maximum.reduceat(np.where(np.isnan(self.values), -1, index), self.offsets[:-1])
        return np.asarray(index > np.repeat(last, np.diff(self.offsets)))
