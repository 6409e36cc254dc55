"""Time zones: stamps brought to UTC where the hour matters, to their local date where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.errors import ParameterError
from statecast.series._cells import BadCellError
from statecast.series._dates import Dates
from statecast.series._grid import DAY, Rule

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_HOUR = 3_600_000_000  # microseconds
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)  # no shifts are looked for outside


def find_zone(name: str) -> ZoneInfo:
    """Return the time zone of a name.

    Raises
    ------
    ParameterError
        If nobody knows it.
    """
    from zoneinfo import ZoneInfo  # takes longer to load than to read a file

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        raise ParameterError(
            f"The time zone {name!r} is not known. Give one such as Europe/Berlin, America/New_York or UTC."
        ) from None


def settle(dates: Dates, zone: str | None, rule: Rule | None, codes: NDArray[np.int64]) -> Dates:
    """Bring stamps with a time zone to UTC if they are less than a day apart; else keep their local date.

    Parameters
    ----------
    dates : Dates
        In the order of the rows.
    zone : str or None
        The time zone that the user gave: of stamps that have none, and whose local date is meant.
    rule : Rule or None
        Distance of stamps, or of the periods that they are brought to, where that is known; else stamps at various
        times of day are less than a day apart.
    codes : int64 [N]
        The series of each row.

    Returns
    -------
    Dates
        Without offsets.

    Raises
    ------
    BadCellError
        At a stamp that does not exist in the zone.
    ParameterError
        If a zone is given where time is a count of steps.
    """
    if zone is None and dates.offsets is None:
        return dates
    if dates.times.dtype.kind != "M":
        raise ParameterError(f"A time zone, {zone!r}, takes dates as time stamps, got a count of steps.")
    utc = None if dates.offsets is None else dates.times - dates.offsets
    local = dates.times if utc is None or zone is None else to_local(zone, utc)
    if rule is None:
        within_day = len(np.unique((local - local.astype("datetime64[D]")).astype(np.int64))) > 1
    else:
        within_day = rule.unit == "tick" and rule.count < DAY
    if not within_day:
        note = "" if utc is None else "Time stamps have a time zone; their local dates were kept."
        return replace(dates, times=local, offsets=None, note=f"{dates.note} {note}".strip())
    utc = to_utc(zone or "UTC", local, codes) if utc is None else utc
    shifted = bool((utc != dates.times).any())
    note = f"Time stamps {'were brought to' if shifted else 'are in'} UTC."
    if zone is None and shifted:  # a mere distance from UTC says nothing of the next change of clocks
        note += " If people live by local time there, name it with --time-zone (time_zone=): seasons follow its clocks."
    return replace(dates, times=utc, offsets=None, note=f"{dates.note} {note}".strip())


def to_local(name: str, utc: np.ndarray) -> np.ndarray:
    """Return the local time in a zone of stamps in UTC."""
    instants, offsets = _shifts(name)
    return np.asarray(utc + offsets[np.searchsorted(instants, utc, side="right") - 1])


def to_utc(name: str, local: np.ndarray, codes: NDArray[np.int64]) -> np.ndarray:
    """Return the UTC of local stamps in a zone.

    An hour that is there twice, at the end of daylight saving time, is told apart by the order of the rows of a series.

    Parameters
    ----------
    name : str
        The zone.
    local : datetime64[us] [N]
        Stamps in the order of the rows.
    codes : int64 [N]
        The series of each.

    Raises
    ------
    BadCellError
        At a stamp that does not exist, at the beginning of daylight saving time.
    """
    instants, offsets = _shifts(name)
    starts = instants + offsets  # in local time, of each span of one offset
    span = np.maximum(np.searchsorted(starts, local, side="right") - 1, 0)
    ends = np.concatenate([instants[1:] + offsets[:-1], [np.datetime64("9999-01-01", "us")]])
    if (absent := local >= ends[span]).any():
        index = int(np.argmax(absent))
        raise BadCellError(
            index,
            f"{str(local[index])[:16].replace('T', ' ')} does not exist in {name}: clocks are put forward then. "
            "Correct it, or give another time zone.",
        )
    twice = (span > 0) & (local < ends[np.maximum(span - 1, 0)])
    for rows in _together(codes, span, np.flatnonzero(twice)):
        of_series = local[codes == codes[rows[0]]]
        span[rows] -= _first_time(local[rows], falling=bool(of_series[-1] < of_series[0]))
    return np.asarray(local - offsets[span])


def looks_like_a_shift(times: np.ndarray, step: int) -> bool:
    """Say whether these stamps, twice there or missing, are each the one hour of a change of clocks.

    That is on a Sunday of spring or autumn, before four in the morning, and nowhere else.

    Parameters
    ----------
    times : datetime64[us] [N]
    step : int
        Microseconds between stamps; more than an hour cannot show it.
    """
    if len(times) == 0 or times.dtype.kind != "M" or not 0 < step <= _HOUR:
        return False
    days = times.astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    sunday = (days.astype(np.int64) + 3) % 7 == 6
    early = (times - days).astype(np.int64) < 4 * _HOUR
    _, counts = np.unique(days, return_counts=True)
    return bool((sunday & early & np.isin(months, (3, 4, 9, 10, 11))).all() and (counts == _HOUR // step).all())


def _together(
    codes: NDArray[np.int64], span: NDArray[np.int64], rows: NDArray[np.int64]
) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of one series and one change of clocks, in their order."""
    pairs = np.stack([codes[rows], span[rows]], axis=1)
    for pair in np.unique(pairs, axis=0):
        yield rows[(pairs == pair).all(axis=1)]


def _first_time(local: np.ndarray, *, falling: bool) -> NDArray[np.bool_]:
    """Say which stamps of an hour that is there twice are of the first time."""
    if falling:
        return _first_time(local[::-1], falling=False)[::-1]
    steps = np.diff(local).astype(np.int64)
    back = np.flatnonzero(steps < 0) if (steps < 0).any() else np.flatnonzero(steps == 0)
    turn = back[0] + 1 if len(back) else len(local)
    return np.arange(len(local)) < turn


@cache
def _shifts(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the instants from which each offset of a zone holds, and the offsets, both in microseconds."""
    zone, day = find_zone(name), timedelta(days=1)

    def offset(at: datetime) -> timedelta:
        return at.astimezone(zone).utcoffset() or timedelta()

    instants, offsets = [np.datetime64("0001-01-01", "us")], [offset(_FIRST)]
    before = _FIRST
    while before < _LAST:
        after = before + day
        if offset(after) != offset(before):
            low, high = before, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset(middle) == offsets[-1] else (low, middle)
            instants.append(np.datetime64(high.replace(microsecond=0, tzinfo=None), "us"))
            offsets.append(offset(after))
        before = after
    return np.array(instants), np.array(offsets, dtype="timedelta64[us]")
