"""Grids of time stamps: where a stamp stands on a grid, and which stamp comes so many steps later.

A grid is a rule and one stamp that lies on it. Everything is counted from that stamp, so the day of the month
and the time of day are taken from there, and need no words of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np

Stamp: TypeAlias = Any  # np.datetime64 in microseconds, or np.int64 where time is a count of steps

DAY = 86_400_000_000  # microseconds
_FIRST_MONDAY = np.datetime64("0001-01-01", "D")  # earlier than any data, so counts from it are never negative


@dataclass(frozen=True)
class Rule:
    """Distance between the stamps of a grid: `count` of a `unit`.

    Units: "step" (integer time), "tick" (microseconds), "business" (days without Saturday and Sunday) and
    "month"; months are counted from their beginning, or with `end` from their last day.
    """

    unit: Literal["step", "tick", "business", "month"]
    count: int
    end: bool = False

    def times(self, n: int) -> Rule:
        """Return the rule that takes `n` of these steps at once."""
        return replace(self, count=self.count * n)


def positions(rule: Rule, first: Stamp, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Say how many steps after `first` each stamp comes, and whether it lies on the grid at all.

    Parameters
    ----------
    rule : Rule
        Distance between stamps.
    first : datetime64[us] or int
        A stamp of the grid; or an array of them, each the first of the stamp beside it.
    times : datetime64[us] or int64 array
        The stamps, in any order.

    Returns
    -------
    steps : int64 array
        Whole steps from `first`, rounded down for a stamp off the grid.
    on : bool array
        Whether the stamp lies on the grid.
    """
    if rule.unit == "month":
        months = times.astype("datetime64[M]").astype(np.int64)
        steps, rest = np.divmod(months - _month(first), rule.count)
        offset = _offset(rule, first)
        on = (rest == 0) & (times - _anchor(rule, months) == offset)
        return steps, on & _possible(rule, offset)
    if rule.unit == "business":
        days = times.astype("datetime64[D]")
        day = first.astype("datetime64[D]")
        count = np.busday_count(_FIRST_MONDAY, days) - np.busday_count(_FIRST_MONDAY, day)
        steps, rest = np.divmod(count, rule.count)
        return steps, (rest == 0) & np.is_busday(days) & (times - days == first - day)
    distance = (times - first).view(np.int64)
    steps = distance // rule.count  # quicker than divmod
    return steps, steps * rule.count == distance


def stamps(rule: Rule, first: Stamp, steps: np.ndarray) -> np.ndarray:
    """Return the stamps that come `steps` steps after `first`, which lies on the grid."""
    if rule.unit == "month":
        return np.asarray(_anchor(rule, _month(first) + rule.count * steps) + _offset(rule, first))
    if rule.unit == "business":
        day = first.astype("datetime64[D]")
        return np.asarray(np.busday_offset(day, rule.count * steps, roll="forward") + (first - day))
    if rule.unit == "tick":
        return np.asarray(first + (rule.count * steps).astype("timedelta64[us]"))
    return np.asarray(first + rule.count * steps, dtype=np.int64)


def say(stamp: Stamp) -> str:
    """Write a stamp as briefly as it can be: no midnight, no seconds that are zero."""
    date, _, clock = str(stamp).partition("T")
    clock = clock.removesuffix(".000000").removesuffix(":00")
    return date if clock in ("", "00:00") else f"{date} {clock}"


def _month(stamp: Stamp) -> np.ndarray:
    return np.asarray(stamp.astype("datetime64[M]").astype(np.int64))


def _anchor(rule: Rule, months: np.ndarray) -> np.ndarray:
    """Return the instant that the offset in a month is counted from: its beginning, or the next one's."""
    return (months + int(rule.end)).astype("datetime64[M]").astype("datetime64[us]")


def _offset(rule: Rule, first: Stamp) -> Stamp:
    return first - _anchor(rule, _month(first))


def _possible(rule: Rule, offset: Stamp) -> np.ndarray:
    """Say whether every month of the grid has this day: the last one, or one up to the 28th."""
    days = offset / np.timedelta64(DAY, "us")
    return np.asarray((days >= -1) & (days < 0) if rule.end else (days < 28) | (rule.count % 12 == 0))
