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
_MIDDLE = 14  # days after the first of a month: the 15th
_FIRST_MONDAY = np.datetime64("0001-01-01", "D")  # earlier than any data, so counts from it are never negative


WEEKDAYS = "1111100"
"""Monday to Friday, as NumPy writes which days of the week are open."""


@dataclass(frozen=True)
class Rule:
    """Distance between the stamps of a grid: `count` of a `unit`.

    Units: "step" (integer time), "tick" (microseconds), "business" (the days of a week that `mask` has as open),
    "semimonth" (the 1st and 15th of a month, or with `end` the 15th and its last day) and "month"; months are counted
    from their beginning, or with `end` from their last day. With `business` that is their first or last day from Monday
    to Friday; with `day` it is so many days after the first, or the last day where a month has no such day.
    """

    unit: Literal["step", "tick", "business", "semimonth", "month"]
    count: int
    end: bool = False
    mask: str = WEEKDAYS
    business: bool = False
    day: int | None = None

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
        return steps, (rest == 0) & (times == _in_months(rule, first, months)) & _possible(rule, first)
    if rule.unit == "semimonth":
        halves = _half(rule, times)
        return halves - _half(rule, first), times == _in_halves(rule, first, halves)
    if rule.unit == "business":
        days = times.astype("datetime64[D]")
        day = first.astype("datetime64[D]")
        count, before = (np.busday_count(_FIRST_MONDAY, until, weekmask=rule.mask) for until in (days, day))
        steps, rest = np.divmod(count - before, rule.count)
        return steps, (rest == 0) & np.is_busday(days, weekmask=rule.mask) & (times - days == first - day)
    distance = (times - first).view(np.int64)
    steps = distance // rule.count  # quicker than divmod
    return steps, steps * rule.count == distance


def stamps(rule: Rule, first: Stamp, steps: np.ndarray) -> np.ndarray:
    """Return the stamps that come `steps` steps after `first`, which lies on the grid."""
    if rule.unit == "month":
        return _in_months(rule, first, _month(first) + rule.count * steps)
    if rule.unit == "semimonth":
        return _in_halves(rule, first, _half(rule, first) + rule.count * steps)
    if rule.unit == "business":
        day = first.astype("datetime64[D]")
        later = np.busday_offset(day, rule.count * steps, roll="forward", weekmask=rule.mask)
        return np.asarray(later + (first - day))
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


def _in_months(rule: Rule, first: Stamp, months: np.ndarray) -> np.ndarray:
    """Return the stamps of a grid of months."""
    clock = first - first.astype("datetime64[D]")
    if rule.business:
        edge = _anchor(rule, months).astype("datetime64[D]") - int(rule.end)
        return np.asarray(np.busday_offset(edge, 0, roll="backward" if rule.end else "forward") + clock)
    if rule.day is not None:
        return np.asarray(_on_day(months, rule.day) + clock)
    return np.asarray(_anchor(rule, months) + (first - _anchor(rule, _month(first))))


def _on_day(months: np.ndarray, day: int | np.ndarray) -> np.ndarray:
    """Return the day of months that comes `day` days after their first one, or their last day if that is earlier."""
    begin, end = (edge.astype("datetime64[M]").astype("datetime64[D]") for edge in (months, months + 1))
    return np.asarray(np.minimum(begin + day, end - 1))


def _half(rule: Rule, times: np.ndarray | Stamp) -> np.ndarray:
    """Return the number of the half of a month that a stamp begins, or with `end` that it ends."""
    months = _month(times)
    day = (times.astype("datetime64[D]") - months.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    return np.asarray(2 * months + (day > _MIDDLE if rule.end else day >= _MIDDLE))


def _in_halves(rule: Rule, first: Stamp, halves: np.ndarray) -> np.ndarray:
    """Return the stamps of a grid of half months."""
    months, second = np.divmod(halves, 2)
    days = np.where(second, 31, _MIDDLE) if rule.end else _MIDDLE * second
    return np.asarray(_on_day(months, days) + (first - first.astype("datetime64[D]")))


def _possible(rule: Rule, first: Stamp) -> np.ndarray:
    """Say whether every month of the grid has this day: the last one, or one up to the 28th."""
    if rule.business or rule.day is not None:
        return np.asarray(True)
    days = (first - _anchor(rule, _month(first))) / np.timedelta64(DAY, "us")
    return np.asarray((days >= -1) & (days < 0) if rule.end else (days < 28) | (rule.count % 12 == 0))
