"""Filling: what is missing in a regular series, by a rule; what is filled is marked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.series._coded import Coded

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Filled:
    """Values of a panel without gaps.

    Attributes
    ----------
    values : float64 [N]
    filled : bool [N]
        Which of them were missing.
    carried : float64 [N]
        What stands in for a filled value as long as nothing later is known; elsewhere the value itself.
    """

    values: Values
    filled: NDArray[np.bool_]
    carried: Values


def fill(values: Values, offsets: NDArray[np.int64], rule: str, season: int) -> Filled:
    """Fill what is missing, NaN, within series that begin and end with a value.

    Parameters
    ----------
    values : float64 [N]
    offsets : int64 [S + 1]
        Where each series starts.
    rule : str
        ``linear``: a straight line between the values around a gap. ``season``: the value a season before, moved by as
        much as the last value before the gap differs from the one a season before that; a straight line where that is
        before the series. ``last``: the last value before the gap. ``zero``: zero.
    season : int
        Steps in a season.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series._fill import fill
    >>> y = np.array([1.0, 2.0, 5.0, 6.0, np.nan, 9.0])
    >>> [fill(y, np.array([0, 6]), rule, 2).values.item(4) for rule in ("linear", "season", "last", "zero")]
    [7.5, 9.0, 6.0, 0.0]
    """
    missing = np.isnan(values)
    carried = np.where(missing, 0.0, values) if rule == "zero" else _last(values)
    if rule in ("linear", "season"):
        found = values.copy()
        for s in np.unique(np.searchsorted(offsets, np.flatnonzero(missing), side="right") - 1):
            part = slice(offsets[s], offsets[s + 1])
            found[part] = _line(values[part])
            if rule == "season" and season > 1:
                _by_season(values[part], found[part], season)
                _by_season(values[part], carried[part], season)
        return Filled(found, missing, carried)
    return Filled(carried, missing, carried)


def fill_coded(coded: Coded, offsets: NDArray[np.int64], numbers: NDArray[np.bool_]) -> Coded:
    """Fill blanks of covariates: those marked as `numbers` by a straight line, others by the last value.

    Before the first value of a series its first one stands; a column that is blank for a whole series stays so.
    """
    values = coded.values.copy()
    for s, c in zip(*np.nonzero(np.add.reduceat(np.isnan(values), offsets[:-1], axis=0)), strict=True):
        part = slice(offsets[s], offsets[s + 1])
        column = values[part, c]
        known = np.flatnonzero(~np.isnan(column))
        if len(known):
            column[: known[0]] = column[known[0]]
            values[part, c] = _line(column) if numbers[c] else _last(column)
    return Coded(coded.names, values)


def _last(values: Values) -> Values:
    """Return the last value up to each step; the first must be there."""
    index = np.where(np.isnan(values), 0, np.arange(len(values)))
    return np.asarray(values[np.maximum.accumulate(index)])


def _line(values: Values) -> Values:
    steps, known = np.arange(len(values)), ~np.isnan(values)
    return np.interp(steps, steps[known], values[known])


def _by_season(values: Values, found: Values, season: int) -> None:
    """Replace what was found by the season before, step by step, as a gap may be longer than a season."""
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, np.arange(len(values))))
    for t in np.flatnonzero(np.isnan(values)):
        if last[t] >= season:  # then t - season is in the series as well
            found[t] = found[t - season] + values[last[t]] - found[last[t] - season]
