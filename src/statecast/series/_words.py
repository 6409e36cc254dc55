"""The distance between time stamps in words."""

from __future__ import annotations

from statecast.series._grid import DAY, WEEKDAYS, Rule

_MINUTE = DAY // 1440
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDINALS = {28: "29th", 29: "30th", 30: "31st"}


def word(rule: Rule) -> str:
    """Say how far apart stamps are: "monthly", "half-hourly", "every 10 minutes"."""
    if rule.unit == "step":
        return f"in steps of {rule.count}"
    if rule.unit == "business":
        return _every(rule.count, "business day" if rule.mask == WEEKDAYS else "open day")
    if rule.unit == "semimonth":
        return "twice a month"
    if rule.unit == "month":
        named = {1: "monthly", 3: "quarterly", 12: "yearly"}
        years, rest = divmod(rule.count, 12)
        return named.get(rule.count) or (_every(rule.count, "month") if rest else _every(years, "year"))
    named = {7 * DAY: "weekly", DAY: "daily", DAY // 24: "hourly", DAY // 48: "half-hourly"}
    units = {"week": 7 * DAY, "day": DAY, "hour": DAY // 24, "minute": _MINUTE, "second": _MINUTE // 60}
    unit, length = next(
        ((unit, length) for unit, length in units.items() if rule.count % length == 0), ("microsecond", 1)
    )
    return named.get(rule.count) or _every(rule.count // length, unit)


def where(rule: Rule) -> str:
    """Say on which days stamps are, where that is not plain from the distance."""
    if rule.business:
        return f" on the {'last' if rule.end else 'first'} business day"
    if rule.day is not None:
        return f" on the {_ORDINALS.get(rule.day, 'last day')}, or the last day of a shorter month"
    if rule.unit == "business" and rule.mask != WEEKDAYS:
        closed = [day for day, is_open in zip(_DAYS, rule.mask, strict=True) if is_open == "0"]
        return f", none on a {' or '.join(closed)}"
    return ""


def _every(count: int, unit: str) -> str:
    return f"every {unit}" if count == 1 else f"every {count} {unit}s"
