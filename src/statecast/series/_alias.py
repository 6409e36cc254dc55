"""The names of grids: pandas' offset aliases, and what users write for them.

Beyond pandas, ``MS+14D`` names months stamped on their 15th, ``MS+29D`` on their 30th or a shorter month's last day,
``C-1111110`` days of an open week, here Monday to Saturday, and digits alone the step of integer time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from statecast.errors import ParameterError
from statecast.series._grid import DAY, WEEKDAYS, Rule, Stamp

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_TICKS = {
    "W": 7 * DAY,
    "D": DAY,
    "h": DAY // 24,
    "min": DAY // 1440,
    "s": DAY // 86_400,
    "ms": 1000,
    "us": 1,
}
_RULES = {
    **{unit: Rule("tick", length) for unit, length in _TICKS.items()},
    "B": Rule("business", 1),
    **{f"{unit}S": Rule("month", count) for unit, count in (("M", 1), ("Q", 3), ("Y", 12))},
    **{f"{unit}E": Rule("month", count, end=True) for unit, count in (("M", 1), ("Q", 3), ("Y", 12))},
    **{f"B{unit}S": Rule("month", count, business=True) for unit, count in (("M", 1), ("Q", 3), ("Y", 12))},
    **{f"B{unit}E": Rule("month", count, end=True, business=True) for unit, count in (("M", 1), ("Q", 3), ("Y", 12))},
    "SMS": Rule("semimonth", 1),
    "SME": Rule("semimonth", 1, end=True),
}
_SPELLINGS = {
    **{
        "A": "Y",
        "AS": "YS",
        "BM": "BME",
        "BQ": "BQE",
        "BA": "BYE",
        "BY": "BYE",
        "BAS": "BYS",
        "SM": "SME",
        "H": "h",
        "T": "min",
        "S": "s",
        "L": "ms",
        "U": "us",
    },
    **{letter.lower(): letter for letter in "BDQWY"},
    **{"yearly": "Y", "annual": "Y", "quarterly": "Q", "monthly": "M"},
    **{"weekly": "W", "daily": "D", "hourly": "h"},
}
_SHORTEST = 28  # days of a month
_ALIAS = re.compile(r"(\d{0,9}) *([A-Za-z]+)(?:-([A-Za-z]{3}|[01]{7}))?(?:\+(\d\d?)D)?")


@dataclass(frozen=True)
class Given:
    """A frequency as the user gave it.

    Attributes
    ----------
    rules : tuple of Rule
        What it can mean: months are stamped at their beginning or at their end.
    unit : Rule or None
        The rule of a single unit, where the user fixed the place in the month, quarter, year or week; None if
        the data may decide.
    alias : str
        The alias that `unit` must then have.
    """

    rules: tuple[Rule, ...]
    unit: Rule | None = None
    alias: str = ""


def name_rule(rule: Rule, first: Stamp) -> str:
    """Return the alias of the grid with this rule through the stamp `first`."""
    if rule.unit == "step":
        return str(rule.count)
    if rule.unit == "business":
        return _counted(rule.count, "B" if rule.mask == WEEKDAYS else f"C-{rule.mask}")
    if rule.unit == "semimonth":
        return "SME" if rule.end else "SMS"
    if rule.unit == "month":
        return _name_months(rule, first)
    base = next(unit for unit, length in _TICKS.items() if rule.count % length == 0)
    weekday = (first.astype("datetime64[D]").astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    anchor = f"-{_DAYS[weekday]}" if base == "W" else ""
    return _counted(rule.count // _TICKS[base], base) + anchor


@lru_cache(maxsize=64)
def parse_alias(alias: str) -> Rule:
    """Return the rule of an alias that `name_rule` has given."""
    if alias.isdecimal():
        return Rule("step", int(alias))
    match = _ALIAS.fullmatch(alias)
    if match is None or (unit := _unit(match[2], match[3], match[4])) is None:
        raise unknown_frequency(alias)
    return unit.times(int(match[1] or 1))


def parse_given(freq: str) -> Given:
    """Understand a frequency as users write it: an alias in the old or the new spelling, or a word."""
    text = str(freq).strip()
    if text.isdecimal() and len(text) < 10 and int(text) > 0:
        return Given((Rule("step", int(text)),))
    match = _ALIAS.fullmatch("30min" if text.lower() == "half-hourly" else text)
    if match is None or (match[1] and int(match[1]) == 0):
        raise unknown_frequency(freq)
    count = int(match[1] or 1)
    base = _SPELLINGS.get(match[2], _SPELLINGS.get(match[2].lower() if len(match[2]) > 3 else "", match[2]))
    anchor = (match[3] or "").upper()
    if base == "C" and (rule := _unit(base, anchor, None)) is not None:
        return Given((rule.times(count),))
    if base in ("M", "Q", "Y") and not anchor:
        return Given(tuple(_RULES[base + place].times(count) for place in "ES"))
    if base in ("Q", "Y"):
        base += "E"  # the old spelling of quarters and years by their last month, Q-DEC
    if base not in _RULES or (anchor and anchor not in (_DAYS if base == "W" else _MONTHS)):
        raise unknown_frequency(freq)
    unit = _unit(base, anchor, match[4]) or _RULES[base]
    rules = (unit.times(count),)
    if base == "W" and not anchor:
        return Given(rules)
    day = f"+{int(match[4])}D" if match[4] and int(match[4]) else ""
    return Given(rules, unit=unit, alias=_normal(base, anchor) + day)


def _unit(base: str, anchor: str | None, day: str | None) -> Rule | None:
    """Return the rule of one unit of an alias, None if there is no such unit."""
    if base == "C":
        return Rule("business", 1, mask=anchor) if anchor and anchor.isdecimal() and "1" in anchor else None
    unit = _RULES.get(base)
    late = unit is not None and unit.unit == "month" and day is not None and int(day) >= _SHORTEST
    return replace(unit, day=int(day or 0)) if unit is not None and late else unit


def unknown_frequency(freq: object) -> ParameterError:
    """Make the error about a frequency that nobody knows."""
    return ParameterError(
        f"The frequency {str(freq)!r} is not known. Give one such as monthly, MS (months, first day), "
        "ME (last day), quarterly, yearly, weekly, W-SUN, daily, B (business days), hourly, 30min, "
        "or a number where time is a count of steps."
    )


def _name_months(rule: Rule, first: Stamp) -> str:
    month = int(first.astype("datetime64[M]").astype(np.int64) % 12)
    place, before = "E" if rule.end else "S", "B" if rule.business else ""
    if rule.count % 12 == 0:
        alias = _counted(rule.count // 12, _normal(f"{before}Y{place}", _MONTHS[month]))
    elif rule.count == 3:
        alias = _normal(f"{before}Q{place}", _MONTHS[month])
    else:
        alias = _counted(rule.count, f"{before}M{place}")
    since = int((first - first.astype("datetime64[M]")) / np.timedelta64(DAY, "us"))
    day = since if rule.day is None else rule.day
    return alias if rule.end or rule.business or day == 0 else f"{alias}+{day}D"


def _normal(base: str, anchor: str) -> str:
    """Leave the usual anchor out: QS is QS-JAN, QE is QE-DEC; QS-OCT are the same quarters as QS."""
    if anchor and "Q" in base:
        anchor = ("JAN", "FEB", "DEC" if base.endswith("E") else "MAR")[_MONTHS.index(anchor) % 3]
    usual = "DEC" if base.endswith("E") else "JAN"
    return base if anchor in ("", usual) else f"{base}-{anchor}"


def _counted(count: int, base: str) -> str:
    return base if count == 1 else f"{count}{base}"


def local_zone(alias: str, zone: str | None) -> str | None:
    """Return the time zone by whose local time stamps are told: those of steps under a day, which are in UTC."""
    rule = parse_alias(alias)
    return zone if rule.unit == "tick" and rule.count < DAY else None
