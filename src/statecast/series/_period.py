"""Period: a stretch of time that rows are brought to, such as a month, or a week that ends on Saturday."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from statecast.errors import ParameterError
from statecast.series._alias import name_rule, parse_alias, parse_given
from statecast.series._grid import DAY, Rule, Stamp, stamps
from statecast.series._zones import to_local

if TYPE_CHECKING:
    from statecast.series._panel import Columns

_WORDS = {"year": "YS", "quarter": "QS", "month": "MS", "week": "W", "day": "D", "hour": "h", "minute": "min"}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_MONDAY = np.datetime64("1970-01-05", "us")
_HOUR = DAY // 24
_RECENT = np.datetime64("2024-01-01", "us")  # Kathmandu and others had odd minutes long ago


@dataclass(frozen=True)
class Period:
    """Periods that follow each other without a gap.

    Attributes
    ----------
    rule : Rule
        Distance between the stamps of periods: of months, it says whether these are stamped at their end.
    phase : int
        Where one period begins: months after January 1970, or microseconds after a Monday.
    at_end : bool
        Whether a period is stamped with its last day instead of its beginning.
    """

    rule: Rule
    phase: int = 0
    at_end: bool = False

    def begins(self, times: np.ndarray) -> np.ndarray:
        """Return the beginning of the period of every stamp."""
        if self.rule.unit == "month":
            months = times.astype("datetime64[M]").astype(np.int64)
            months -= (months - self.phase) % self.rule.count
            return np.asarray(months.astype("datetime64[M]").astype("datetime64[us]"))
        since = (times - _MONDAY).astype(np.int64) - self.phase
        return np.asarray(times - (since % self.rule.count).astype("timedelta64[us]"))

    def ends(self, begins: np.ndarray) -> np.ndarray:
        """Return the end of the periods that begin there, which is the beginning of the next ones."""
        return stamps(Rule(self.rule.unit, self.rule.count), begins, np.array(1))

    def stamps(self, begins: np.ndarray | Stamp) -> np.ndarray:
        """Return the stamps of the periods that begin there."""
        return np.asarray(self.ends(begins) - np.timedelta64(DAY, "us") if self.at_end else begins)


def period_of(columns: Columns) -> Period:
    """Return the period that rows of these columns are brought to: hours of a zone begin when its clocks show them.

    Stamps are in UTC, and the clocks of some zones are half an hour or a quarter beside its hours.
    """
    period = parse_period(str(columns.every))
    if columns.time_zone is None or period.rule.unit != "tick" or period.rule.count >= DAY:
        return period
    at = np.array([_RECENT])
    beside = int((to_local(columns.time_zone, at) - at).astype(np.int64)[0]) % _HOUR
    return replace(period, phase=(period.phase - beside) % period.rule.count)


def parse_period(every: str) -> Period:
    """Understand a period as users write it: a word such as month, or a frequency such as 30min.

    An alias with a weekday or a month means what it means in pandas: W-SAT is the week that ends on a Saturday, QS-NOV
    the quarter that begins in November, QE-JAN that which ends in January, and the stamp is its first or last day.
    Words, and aliases that say nothing of it, are calendar periods stamped at their beginning, weeks from Monday on.

    Raises
    ------
    ParameterError
        If it is no period of time.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series._period import parse_period
    >>> period = parse_period("W-SAT")
    >>> begin = period.begins(np.array(["2024-05-01"], dtype="datetime64[us]"))
    >>> str(begin[0])[:10], str(period.stamps(begin)[0])[:10]
    ('2024-04-28', '2024-05-04')
    """
    given = parse_given(_WORDS.get(str(every).strip().lower(), str(every)))
    rule, unit = given.rules[0], given.unit or given.rules[0]
    if rule.unit not in ("tick", "month") or "+" in given.alias or unit.business:
        raise ParameterError(
            f"every must be a period such as year, month, week, day, hour, 30min, W-SAT or QS-NOV, got {every!r}."
        )
    _, _, anchor = given.alias.partition("-")
    at_end = given.unit is not None and (unit.end or bool(anchor and unit.unit == "tick"))
    if anchor and rule.count != unit.count:
        raise ParameterError(
            f"every, {every!r}, leaves open which of them begins the first period. Give one {given.alias} as a period, "
            "or a number without a weekday or month, such as 2W."
        )
    if anchor:
        first = _MONTHS.index(anchor) if unit.unit == "month" else DAY * _DAYS.index(anchor)
        step = (1 if unit.unit == "month" else DAY) * at_end  # a period that ends there begins one later
        return Period(
            Rule(rule.unit, rule.count, end=at_end and unit.unit == "month"), (first + step) % rule.count, at_end
        )
    return Period(Rule(rule.unit, rule.count, end=at_end), at_end=at_end)


def period_of_model(every: str, alias: str) -> str:
    """Return the period by which new rows of a model are put together, by its frequency.

    In old model files an alias such as ME or QS-NOV stands for calendar periods stamped at their beginning, and such a
    model goes on with them.
    """
    with suppress(ParameterError):
        period = parse_period(every)
        if name_rule(period.rule, period.stamps(period.begins(np.asarray(_MONDAY)))) == alias:
            return every
    rule = parse_alias(alias)
    return f"{rule.count}MS" if rule.unit == "month" else f"{rule.count // (7 * DAY)}W"
