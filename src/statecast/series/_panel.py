"""Panel: many series in one container, as flat arrays with offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from statecast.series._alias import local_zone
from statecast.series._calendar import Frequency
from statecast.series._covariates import Covariates, ranges
from statecast.series._format import Format
from statecast.series._partial import PartialPeriod
from statecast.storage import storable

Edge = int | NDArray[np.int64] | None
"""Where a window of a series begins or ends, as in a slice; or that of every series, [S]."""


@storable
@dataclass(frozen=True)
class Columns:
    """Names of the columns that a panel was read from, and how: whatever new rows are to be read like.

    Attributes
    ----------
    target : str
        Several targets are one name, separated by commas; in a wide table it is "value".
    time, id : str or None
        None where there was no such column.
    past, known, static : tuple of str
        Columns of covariates.
    holidays : str or None
        The country whose holidays are a known column.
    calendar : bool
        Whether terms of the calendar are known columns.
    wide : bool
        Whether every column of numbers was a series.
    time_zone : str or None
        Of the stamps, where it was given.
    every, aggregate : str or None
        The periods that rows were brought to, and how.
    gaps : str
        The rule by which what was missing was filled.
    decimal : str or None
        The decimal mark of numbers in text, where it was given or found to be no plain point.
    format : Format
        How the cells are written. Two panels of the same columns may be written differently: it is not compared.
    """

    target: str
    time: str | None = None
    id: str | None = None
    past: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    static: tuple[str, ...] = ()
    holidays: str | None = None
    calendar: bool = False
    wide: bool = False
    time_zone: str | None = None
    every: str | None = None
    aggregate: str | None = None
    gaps: str = "linear"
    decimal: str | None = None
    format: Format = field(default_factory=Format, compare=False)


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
    carried : float64 [N], or None where nothing was missing
        What stands in for a filled value as long as nothing later is known; elsewhere the value itself.
    partial : PartialPeriod or None
        Rows of the period after the last one, which is not over; None where rows are not brought to periods.
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
    carried: NDArray[np.float64] | None = None
    partial: PartialPeriod | None = None

    def __len__(self) -> int:
        """Return the number of series."""
        return len(self.ids)

    @property
    def lengths(self) -> np.ndarray:
        """Number of observations of each series, int64 [S]."""
        return np.diff(self.offsets)

    @property
    def time_zone(self) -> str | None:
        """By whose local time tables tell the stamps, which are in UTC; None where they are as they were read."""
        return local_zone(self.frequency.alias, self.columns.time_zone)

    def select(self, series: NDArray[np.int64]) -> Panel:
        """Return some of the series, by their numbers."""
        offsets, index = ranges(self.offsets[series], self.lengths[series])
        return replace(
            self,
            ids=tuple(self.ids[s] for s in series),
            values=self.values[index],
            times=self.times[index],
            offsets=offsets,
            filled=None if self.filled is None else self.filled[index],
            carried=None if self.carried is None else self.carried[index],
            covariates=None if self.covariates is None else self.covariates.select(index, series),
            partial=None if self.partial is None else self.partial.select(series),
        )

    def window(self, start: Edge, stop: Edge) -> Panel:
        """Return ``[start:stop]`` of every series, as of a list: ``window(None, -12)`` is all but the last 12.

        Each edge is the same for all series, or an array of one for each, [S]. A series of which nothing is left stays,
        and is empty; whoever fits to it leaves it out with ``select``.

        What is known of later steps stays known. Filled values at the end of a window are those carried on from the
        value before: a line to a value after the window would tell of it.
        """
        lengths = self.lengths
        first, last = (
            np.clip(np.where(edge < 0, lengths + edge, edge), 0, lengths)
            for edge in (np.asarray(0 if start is None else start), np.asarray(lengths if stop is None else stop))
        )
        offsets, index = ranges(self.offsets[:-1] + first, np.maximum(last - first, 0))
        filled = None if self.filled is None else self.filled[index]
        carried = None if self.carried is None else self.carried[index]
        kept = self.values[index]
        if filled is not None and carried is not None:
            kept = np.where(_at_end(filled, offsets), carried, kept)
        return replace(
            self,
            values=kept,
            times=self.times[index],
            offsets=offsets,
            filled=filled,
            carried=carried,
            covariates=None if self.covariates is None else self.covariates.window(index, first),
            partial=self.partial if (last == lengths).all() else None,
        )

    @classmethod
    def side_by_side(cls, panels: Sequence[Panel]) -> Panel:
        """Return the series of several panels as one; where there are several, their numbers go before the ids."""
        first, *others = panels
        if not others:
            return first
        lengths = np.concatenate([panel.lengths for panel in panels])
        filled = [np.zeros(len(p.values), np.bool_) if p.filled is None else p.filled for p in panels]
        carried = [p.values if p.carried is None else p.carried for p in panels]
        covariates = [panel.covariates for panel in panels if panel.covariates is not None]
        return replace(
            first,
            values=np.concatenate([panel.values for panel in panels]),
            times=np.concatenate([panel.times for panel in panels]),
            offsets=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
            ids=tuple(f"{number}: {unique_id}" for number, panel in enumerate(panels, 1) for unique_id in panel.ids),
            filled=None if all(panel.filled is None for panel in panels) else np.concatenate(filled),
            carried=None if all(panel.carried is None for panel in panels) else np.concatenate(carried),
            covariates=Covariates.side_by_side(covariates) if covariates else None,
            partial=None,
        )


def _at_end(filled: NDArray[np.bool_], offsets: np.ndarray) -> NDArray[np.bool_]:
    """Say which filled values have none after them in their series that is not filled."""
    known = np.cumsum(~filled)
    ends = np.repeat(np.concatenate([[0], known])[offsets[1:]], np.diff(offsets))
    return np.asarray(filled & (known == ends))
