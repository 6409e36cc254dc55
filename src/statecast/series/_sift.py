"""Sifting: series that cannot be used told from the others, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.series._panel import Panel
from statecast.series._problems import problems
from statecast.series._records import Records


@dataclass(frozen=True, eq=False)
class Refused:
    """A series that cannot be used as it is.

    Attributes
    ----------
    unique_id : str
    reason : str
        What is wrong with it: the sentence that `read` would raise.
    index : int
        Its number among all series of the data, from 0 on.
    panel : Panel or None
        The last stretch of the series with a value at every step, without covariates, for a simple method; None where
        it has no value, or where its steps are not those of the others.
    """

    unique_id: str
    reason: str
    index: int
    panel: Panel | None


Refusal: TypeAlias = Callable[[Refused], object]
"""Is told of every series that is refused."""


def sift(records: Records, first: int, refused: Refusal | None) -> tuple[Records | None, NDArray[np.int64]]:
    """Take the series out that cannot be used.

    Parameters
    ----------
    records : Records
        Read without being strict.
    first : int
        Number of their first series among all series of the data.
    refused : callable or None
        Is told of each; without it the first one is an error.

    Returns
    -------
    Records or None
        The others; None if there are none.
    int64 [S]
        Their numbers in the records.

    Raises
    ------
    DataError
        At the first series that cannot be used, if nobody is to be told.
    """
    kept, numbers = records, np.arange(len(records.ids))
    while found := problems(kept):
        if refused is None:
            raise DataError(found[0].message)
        bad = np.unique(np.concatenate([problem.series for problem in found]))
        numbers = np.delete(numbers, _with_siblings(records, bad))
        if len(numbers) == 0:
            break
        kept = records.select(numbers)
    if refused is not None:
        for s in np.setdiff1d(np.arange(len(records.ids)), numbers):
            refused(_refusal(records, int(s), first + int(s)))
    return (kept if len(numbers) else None), numbers


def _with_siblings(records: Records, series: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of series and of all targets beside theirs, which are covariates of each other."""
    targets = 1 if records.columns.wide else len(records.targets)
    return np.asarray((np.unique(series // targets)[:, np.newaxis] * targets + np.arange(targets)).ravel())


def _refusal(records: Records, s: int, index: int) -> Refused:
    beside = _with_siblings(records, np.array([s]))
    group = records.select(beside)
    found = problems(group)
    own = [problem for problem in found if beside[problem.series[0]] == s]
    first = (own or found)[0]
    stretch = None if first.kind == "frequency" else _last_stretch(group, int(s - beside[0]))
    return Refused(records.ids[s], first.message, index, stretch)


def _last_stretch(records: Records, s: int) -> Panel | None:
    """Return the last values of a series that follow each other step by step."""
    start, stop = records.offsets[s : s + 2]
    steps = records.positions[0][start:stop]  # of stamps off the grid as well: they may be regular among themselves
    good = np.isfinite(records.values[start:stop])
    if not good.any():
        return None
    last = int(np.flatnonzero(good)[-1])
    joined = good[1:] & good[:-1] & (np.diff(steps) == 1)
    breaks = np.flatnonzero(~joined[:last])
    rows = slice(start + (breaks[-1] + 1 if len(breaks) else 0), start + last + 1)
    values = records.values[rows]
    return Panel(
        values, np.array([0, len(values)]), records.times[rows], (records.ids[s],), records.frequency, records.columns
    )
