"""Frequency: the distance between time stamps, found out from them or given, and the stamps it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from statecast.errors import DataError, ParameterError
from statecast.series._alias import name_rule, parse_alias, parse_given
from statecast.series._grid import DAY, WEEKDAYS, Rule, Stamp, positions, say, stamps
from statecast.series._words import where, word
from statecast.storage import storable

_MINUTE = DAY // 1440
_MONTH = 30.436875  # days, on average
_LONGEST_HORIZON = 48  # a longer season, such as the weeks of a year, is no horizon to start with
_DEFAULT_HORIZON = 6
_IRREGULAR = "Correct it, give the frequency with --freq, or bring the rows to periods with --every."
_SHORTEST_MONTH = 28
_LEAST_DAYS = 27  # from the first to the last of four weeks
_LEAST_OPEN = 0.8
_LEAST_SHARE = 0.5  # of the distances; with more gaps than this, stamps are not regular


@storable
@dataclass(frozen=True)
class Frequency:
    """Distance between time stamps, and the length of a season.

    Attributes
    ----------
    alias : str
        pandas' offset alias, such as "MS", "QE", "W-SUN", "30min"; the step as digits where time is a count
        of steps; "MS+14D" for months stamped on their 15th.
    season : int
        Steps in a season; 1 where there is none.
    longer : tuple of int
        Steps in further, longer seasons, such as the hours of a week.
    """

    alias: str
    season: int
    longer: tuple[int, ...] = ()

    @classmethod
    def of(cls, alias: str, *seasons: int) -> Frequency:
        """Return the frequency of an alias, with its usual seasons unless some are given, the shortest first."""
        season, *longer = seasons or _usual_seasons(parse_alias(alias))
        return cls(alias, season, tuple(longer))

    @property
    def word(self) -> str:
        """The distance in words: "monthly", "half-hourly", "every 10 minutes"."""
        return word(parse_alias(self.alias))

    @property
    def where(self) -> str:
        """On which days stamps are, where that is not plain: " on the last business day"; else ""."""
        return where(parse_alias(self.alias))

    @property
    def horizon(self) -> int:
        """How far to forecast if nobody says: one season, or 6 steps if a season is none or very long."""
        return self.season if 1 < self.season <= _LONGEST_HORIZON else _DEFAULT_HORIZON


def find_frequency(times: np.ndarray, freq: str | None = None, place: Callable[[Stamp], str] = lambda stamp: "") -> str:
    """Find the frequency of time stamps, in spite of a few gaps.

    Parameters
    ----------
    times : datetime64[us] or int64 array
        Time stamps of one series, in any order; duplicates do not matter.
    freq : str, optional
        The frequency that the user gave: an alias in pandas' old or new spelling, or a word.
    place : callable, optional
        Gives the beginning of an error message about a stamp: its file, column and row.

    Returns
    -------
    str
        The alias, such as "MS"; see `Frequency`.

    Raises
    ------
    DataError
        If the stamps are not regular, or do not have the frequency that was given.
    ParameterError
        If the frequency that was given is not known.
    """
    times = _unique(times)
    if freq is not None:
        return _check(times, freq, place)
    if len(times) < 2:
        raise DataError(
            f"{place(times[0])}there is only one time stamp, {say(times[0])}, and a frequency takes two. "
            "Add more rows, or give the frequency with --freq."
        )
    if (best := _best(times)) is not None:
        return name_rule(best, times[0])
    grids = [(rule, *positions(rule, times[0], times)) for rule in _candidates(times)]
    rule, steps, on = max(grids, key=lambda grid: grid[2].sum())
    odd = np.argmin(on) if not on.all() else 1 + np.argmax(np.diff(steps) != 1)
    raise DataError(
        f"{place(times[odd])}the time stamps are not regular: {say(times[odd])} does not fit in with the "
        f"others, most of which come {word(rule)}. {_cure(times)}"
    )


def _cure(times: np.ndarray, cure: str = _IRREGULAR) -> str:
    """Say what to do about stamps that are not regular."""
    if times.dtype.kind == "M" and np.isin(np.diff(times).astype(np.int64), (28 * DAY, 35 * DAY)).all():
        return (
            "Months of four and five weeks are no even distance apart: number them 1, 2, 3 and so on in a column, name "
            "it with --time, and give --season 12."
        )
    return cure


def regularity(times: np.ndarray) -> float:
    """Return the share of distances that are exactly one step of the best grid; 0 where there is none."""
    times = _unique(times)
    return max((share for share, _ in _regular(times)), default=0.0)


def grid(first: Stamp, last: Stamp, alias: str) -> np.ndarray:
    """Return all stamps from `first`, which lies on the grid, to `last`."""
    first, last = _stamp(first), _stamp(last)
    steps, _ = positions(parse_alias(alias), first, np.asarray([last]))
    found = stamps(parse_alias(alias), first, np.arange(steps[0] + 1))
    return np.asarray(found[found <= last])  # `last` may lie off the grid, early in its month


def after(last: Stamp, horizon: int, alias: str) -> np.ndarray:
    """Return the next `horizon` stamps after `last`, which lies on the grid.

    `last` may be an array of stamps, one for each series; then the result has one more axis, the steps ahead.
    """
    first = _stamp(last)[..., np.newaxis]
    return stamps(parse_alias(alias), first, np.arange(1, horizon + 1))


def _check(times: np.ndarray, freq: str, place: Callable[[Stamp], str]) -> str:
    """Return the alias of the grid that the user's frequency and the stamps agree on."""
    given = parse_given(freq)
    whole = times.dtype.kind != "M"
    if whole != (given.rules[0].unit == "step"):
        kind, cure = ("a count of steps", "1") if whole else ("dates", "monthly")
        raise ParameterError(
            f"The frequency {freq!r} does not go with time that is {kind}. Give one such as {cure}, "
            "and the season with --season."
        )
    grids = [(rule, positions(rule, times[0], times)[1]) for rule in given.rules]
    rule, on = max(grids, key=lambda grid: grid[1].sum())
    if on.all() and (given.unit is None or name_rule(given.unit, times[0]) == given.alias):
        return name_rule(rule, times[0])
    odd = times[np.argmin(on)]
    best = _best(times) or (given.unit if on.all() else None)
    if best is not None:
        found = name_rule(best, times[0])
        cure = f"They have the frequency {found}. Give --freq {found}, or leave it out."
    else:
        cure = _cure(times, "Correct it, or give another --freq.")
    raise DataError(f"{place(odd)}{say(odd)} and the other time stamps do not have the frequency {freq!r}. {cure}")


def _best(times: np.ndarray) -> Rule | None:
    """Return the rule of which most distances are one step, if these are half of them at least."""
    share, rule = max(_regular(times), key=lambda found: found[0], default=(0.0, None))
    return rule if share >= _LEAST_SHARE else None


def _regular(times: np.ndarray) -> Iterator[tuple[float, Rule]]:
    """Yield the rules whose grids contain all stamps, each with the share of distances that are one step."""
    for rule in _candidates(times):
        steps, on = positions(rule, times[0], times)
        if on.all():
            yield float(np.mean(np.diff(steps) == 1)), rule


def _candidates(times: np.ndarray) -> Iterator[Rule]:
    """Yield the rules that stamps may follow, by their most common, middle and smallest distance."""
    if len(times) < 2:
        return
    steps = np.sort(np.diff(times).astype(np.int64))
    distances, counts = np.unique(steps, return_counts=True)
    for distance in map(int, dict.fromkeys((distances[counts.argmax()], steps[len(steps) // 2], steps[0]))):
        if times.dtype.kind != "M":
            yield Rule("step", distance)
            continue
        months = max(1, round(distance / DAY / _MONTH))
        if abs(distance / DAY - months * _MONTH) < 3:
            yield from _month_rules(months, times)
        if 13 <= distance / DAY <= 16:
            yield Rule("semimonth", 1)
            yield Rule("semimonth", 1, end=True)
        yield Rule("tick", distance)
        if distance == DAY:
            yield Rule("business", 1)
        if distance < 7 * DAY and distance % DAY == 0 and (mask := _open_days(times)) != WEEKDAYS:
            yield Rule("business", 1, mask=mask)


def _month_rules(months: int, times: np.ndarray) -> Iterator[Rule]:
    """Yield the rules of stamps so many months apart: at either end, or on a day that not every month has."""
    yield Rule("month", months, end=True)
    yield Rule("month", months)
    day = int((times.astype("datetime64[D]") - times.astype("datetime64[M]")).astype(np.int64).max())
    if day >= _SHORTEST_MONTH:
        yield Rule("month", months, day=day)
    yield Rule("month", months, end=True, business=True)
    yield Rule("month", months, business=True)


def _open_days(times: np.ndarray) -> str:
    """Return the days of the week that have stamps, if in four weeks and more the others never have; else weekdays.

    A single day of the week is none of it: that is a grid of weeks. Of stamps with many gaps a day may be absent by
    chance, so four of five open days must be there.
    """
    days = times.astype("datetime64[D]")
    weekdays = np.unique((days.astype(np.int64) + 3) % 7)  # 1970-01-01 was a Thursday
    if (days[-1] - days[0]).astype(np.int64) < _LEAST_DAYS or not 1 < len(weekdays) < 7:
        return WEEKDAYS
    mask = "".join("01"[day in weekdays] for day in range(7))
    there = len(days) / (np.busday_count(days[0], days[-1], weekmask=mask) + 1)
    return mask if there >= _LEAST_OPEN else WEEKDAYS


def _unique(times: np.ndarray) -> np.ndarray:
    rising = (times[1:] > times[:-1]).all()
    return times if rising else np.unique(times)


def _usual_seasons(rule: Rule) -> tuple[int, ...]:
    """Return the usual season; for less than a day, that is the day, and the week comes after it."""
    season = _usual_season(rule)
    within_a_day = rule.unit == "tick" and rule.count < DAY and season > 1
    return (season, 7 * season) if within_a_day else (season,)


def _usual_season(rule: Rule) -> int:
    if rule.unit == "month":
        return 12 // rule.count if 12 % rule.count == 0 else 1
    if rule.unit == "business":
        return rule.mask.count("1") if rule.count == 1 else 1
    if rule.unit == "semimonth":
        return 24
    if rule.unit == "tick" and _MINUTE <= rule.count < DAY and DAY % rule.count == 0:
        return DAY // rule.count
    return {DAY: 7, 7 * DAY: 52, 14 * DAY: 26, 28 * DAY: 13}.get(rule.count, 1) if rule.unit == "tick" else 1


def _stamp(stamp: Stamp) -> Stamp:
    """Take one stamp or many as datetime64[us] or int64."""
    stamp = np.asarray(stamp)
    return stamp.astype(np.int64 if stamp.dtype.kind in "iu" else "datetime64[us]")[()]
