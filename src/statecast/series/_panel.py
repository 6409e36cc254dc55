"""Panel: many series in one container, as flat arrays with offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.series._calendar import Frequency
from statecast.series._covariates import Covariates


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
        kept = np.maximum(last - first, 0)
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
        index = np.arange(offsets[-1]) + np.repeat(self.offsets[:-1] + first - offsets[:-1], kept)
        return replace(
            self,
            values=self.values[index],
            times=self.times[index],
            offsets=offsets,
            filled=None if self.filled is None else self.filled[index],
            covariates=None if self.covariates is None else self.covariates.window(index, first),
        )

    @classmethod
    def side_by_side(cls, panels: Sequence[Panel]) -> Panel:
        """Return the series of several panels as one; where there are several, their numbers go before the ids."""
        first, *others = panels
        if not others:
            return first
        lengths = np.concatenate([panel.lengths for panel in panels])
        filled = [np.zeros(len(p.values), np.bool_) if p.filled is None else p.filled for p in panels]
        covariates = [panel.covariates for panel in panels if panel.covariates is not None]
        return replace(
            first,
            values=np.concatenate([panel.values for panel in panels]),
            times=np.concatenate([panel.times for panel in panels]),
            offsets=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
            ids=tuple(f"{number}: {unique_id}" for number, panel in enumerate(panels, 1) for unique_id in panel.ids),
            filled=None if all(panel.filled is None for panel in panels) else np.concatenate(filled),
            covariates=Covariates.side_by_side(covariates) if covariates else None,
        )
