"""Known columns that are computed from the time stamps: holidays, and terms of the calendar."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError, ParameterError
from statecast.series._alias import parse_alias
from statecast.series._grid import DAY, Rule, stamps
from statecast.series._panel import Columns
from statecast.series._period import parse_period
from statecast.series._zones import to_local

AHEAD = 1000
"""Steps that computed columns are known ahead where no other column limits them."""

_HOLIDAY, _WEEKEND, _WEEKDAYS = "holiday", "weekend", "weekdays"
_SINE, _COSINE = "year sine", "year cosine"
_LAST_DAYS = (4, 5)  # Friday and Saturday, from Monday on
_YEAR = 365.2425 * DAY  # microseconds, on average


def choose_terms(columns: Columns, times: np.ndarray, alias: str) -> tuple[str, ...]:
    """Return the names of the known columns that are computed, as the user asked for them and the frequency allows.

    ``holiday`` is 1 on a holiday, or counts the holidays of a period longer than a day. The calendar gives ``year
    sine`` and ``year cosine`` of the day of the year up to weekly data of two years and more, ``weekend`` for less
    than a day, and ``weekdays``, Monday to Friday, of months and quarters.

    Raises
    ------
    DataError
        If time is a count of steps.
    """
    if columns.holidays is None and not columns.calendar:
        return ()
    if times.dtype.kind != "M":
        raise DataError("Holidays and calendar terms take dates as time stamps, got a count of steps.")
    rule = parse_alias(alias)
    names = [_HOLIDAY] if columns.holidays else []
    if columns.calendar:
        years = (times.max() - times.min()).astype(np.int64) / _YEAR
        within_week = rule.unit == "business" or (rule.unit == "tick" and rule.count <= 7 * DAY)
        names += [_SINE, _COSINE] if within_week and years >= 2 else []
        names += [_WEEKEND] if rule.unit == "tick" and rule.count < DAY else []
        names += [_WEEKDAYS] if rule.unit == "month" and rule.count < 12 else []
    return tuple(names)


def compute_terms(names: tuple[str, ...], times: np.ndarray, alias: str, columns: Columns) -> NDArray[np.float64]:
    """Return the computed columns at the time stamps, [N, C], by the local date where a time zone was given.

    Raises
    ------
    ParameterError
        If the package holidays is missing, or does not know the country.
    """
    if len(names) == 0 or len(times) == 0:
        return np.empty((len(times), len(names)))
    rule = parse_alias(alias)
    if columns.time_zone is not None and rule.unit == "tick" and rule.count < DAY:  # these are in UTC
        times = to_local(columns.time_zone, times)
    begin, end = _periods(rule, times, ends_at_stamp=weeks_end_at_stamp(columns, rule, times))
    computed: list[np.ndarray] = []
    for name in names:
        if name == _HOLIDAY:
            days = _holidays(columns.holidays or "", begin, end)
            computed.append(np.searchsorted(days, end) - np.searchsorted(days, begin))
        elif name == _WEEKDAYS:
            computed.append(np.busday_count(begin, end))
        elif name == _WEEKEND:
            computed.append(~np.is_busday(begin))
        else:
            computed.append((np.sin if name == _SINE else np.cos)(_angle(times)))
    return np.stack(computed, axis=1).astype(np.float64)


def _angle(times: np.ndarray) -> np.ndarray:
    """Return how far the year has gone, from 0 to 2 pi."""
    year = times.astype("datetime64[Y]")
    start, end = (edge.astype("datetime64[us]") for edge in (year, year + 1))
    return np.asarray(2 * np.pi * (times - start).astype(np.int64) / (end - start).astype(np.int64))


def weeks_end_at_stamp(columns: Columns, rule: Rule, times: np.ndarray) -> bool:
    """Say whether weeks are stamped with their last day: as they were brought to, else if that is Friday or Saturday.

    No calendar begins its week on a Friday, and few on a Saturday, where trade is counted up to it.
    """
    if rule.unit != "tick" or rule.count % (7 * DAY) or len(times) == 0 or times.dtype.kind != "M":
        return False
    if columns.every is not None:
        return parse_period(columns.every).at_end
    weekday = (int(times[0].astype("datetime64[D]").astype(np.int64)) + 3) % 7
    return weekday in _LAST_DAYS


def week_note(columns: Columns, alias: str, times: np.ndarray) -> tuple[str, ...]:
    """Say which seven days the holidays of a week are taken from, where there are any."""
    rule = parse_alias(alias)
    if columns.holidays is None or rule.unit != "tick" or rule.count % (7 * DAY):
        return ()
    at_end = weeks_end_at_stamp(columns, rule, times)
    side, other = ("up to", "from") if at_end else ("from", "up to")
    return (
        f"Holidays of a week are those of the days {side} its time stamp; if the days {other} it are meant, move the "
        f"stamps by six days.",
    )


def _periods(rule: Rule, times: np.ndarray, *, ends_at_stamp: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the first day of the period of every stamp, and the day after its last.

    A period begins at its stamp; with stamps at the end of a month, or of a week, it ends there. Less than a day is its
    day.
    """
    day = times.astype("datetime64[D]")
    if rule.unit == "business" or (rule.unit == "tick" and rule.count <= DAY):
        return day, day + 1
    if rule.end or ends_at_stamp:
        return stamps(rule, times, np.array(-1)).astype("datetime64[D]") + 1, day + 1
    return day, stamps(rule, times, np.array(1)).astype("datetime64[D]")


def _holidays(country: str, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the holidays of a country in the years of the periods, datetime64[D], in order."""
    try:
        import holidays
    except ImportError:
        raise ParameterError("Holidays take the package holidays: pip install 'statecast[holidays]'.") from None
    name, _, subdivision = country.partition("-")
    first, last = (int(edge.astype("datetime64[Y]").astype(np.int64)) + 1970 for edge in (begin.min(), end.max()))
    try:
        days = holidays.country_holidays(name, subdiv=subdivision or None, years=range(first, last + 1))
    except NotImplementedError as error:
        raise ParameterError(
            f"The holidays of {country!r} are not known: {error}. Give a country as in ISO 3166, such as DE, with "
            "a subdivision if need be, such as AU-VIC."
        ) from None
    return np.array(sorted(days), dtype="datetime64[D]")
