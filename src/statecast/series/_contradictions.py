"""Contradictions: time stamps of new rows that cannot be read as those of the rows before."""

from __future__ import annotations

import numpy as np

from statecast.series._cells import BadCellError, shown
from statecast.series._convert import STEPS
from statecast.series._dates import Dates
from statecast.series._format import Format, minutes
from statecast.series._grid import DAY, Rule, positions
from statecast.series._panel import Columns

_HOUR = 60  # minutes that clocks are put forward by


def check_dates(dates: Dates, known: Format, columns: Columns, rule: Rule | None) -> None:
    """Refuse time stamps that are others than by the manner of the rows before.

    Parameters
    ----------
    dates : Dates
        As they were read, before they are brought to a time zone.
    known : Format
        Of the rows before.
    columns : Columns
    rule : Rule or None
        Distance of the stamps, or of the periods that they are brought to.

    Raises
    ------
    BadCellError
        At the first one.
    """
    if dates.times.dtype.kind != "M":
        if known.dates not in ("", STEPS):
            raise BadCellError(0, f"{dates.times[0]} is {STEPS}, and the rows before have dates. Write dates as there.")
        return
    stamp = shown(str(dates.times[0])[:19].replace("T", " "))
    if known.dates == STEPS:
        raise BadCellError(0, f"{stamp} is a date, and the rows before have {STEPS}. Go on counting.")
    if columns.every is None and rule is not None and dates.swapped is not None:
        _refuse_swapped(dates.times, dates.swapped, dates.label, rule)
    if columns.time_zone is None:
        within_day = rule is not None and rule.unit == "tick" and rule.count < DAY
        of_days = columns.every is None and rule is not None and not within_day
        doubt = _zone_doubt(known.zones, minutes(dates.offsets), by_day=not within_day, of_days=of_days)
        if doubt:
            raise BadCellError(0, f"{stamp} {doubt}")


def _refuse_swapped(times: np.ndarray, swapped: np.ndarray, label: str, rule: Rule) -> None:
    """Refuse dates that follow each other only if day and month are the other way round than before."""
    if _follow(np.unique(swapped), rule) == 1 and _follow(np.unique(times), rule) == 0:
        index = int(np.argmax(times != swapped))
        one, other = (shown(str(stamps[index])[:10]) for stamps in (times, swapped))
        raise BadCellError(
            index,
            f"read as {label}, as the rows before are written, this is {one}, and no row follows another; with day and "
            f"month the other way round it is {other}, and all do. Write dates as there.",
        )


def _follow(times: np.ndarray, rule: Rule) -> float:
    """Return the share of stamps that are one step after the one before; NaN of a single one."""
    steps = [positions(rule, before, times[n + 1 : n + 2]) for n, before in enumerate(times[:-1])]
    return float(np.mean([on[0] and step[0] == 1 for step, on in steps])) if steps else float("nan")


def _zone_doubt(known: tuple[int, ...] | None, found: tuple[int, ...], *, by_day: bool, of_days: bool) -> str:
    """Say why stamps cannot be taken for times like those before; "" if they can.

    Parameters
    ----------
    known, found : tuple of int
        Minutes ahead of UTC that the stamps before say, and these; None where that is not known.
    by_day : bool
        Whether steps, or periods, are a day or longer, so that local dates are kept.
    of_days : bool
        Whether each stamp is the day, or longer period, itself: then it needs no zone.
    """
    if known is None or of_days:
        return ""
    if known and not found:
        return (
            f"has no time zone, and the rows before have one ({_shown(known)}). Write it there as well, or fit anew "
            "with the name of the zone (--time-zone, time_zone=), in which such stamps are then read."
        )
    if found and not known:
        return (
            f"has a time zone ({_shown(found)}), and the rows before have none. Write local time without a zone as "
            "there, or fit anew with the name of the zone (--time-zone, time_zone=), to which such stamps are then "
            "brought."
        )
    strange = [offset for offset in found if by_day and min(abs(offset - other) for other in known) > _HOUR]
    if strange:
        return (
            f"is {_shown((strange[0],))} from UTC, and the rows before are {_shown(known)}: its local date may be "
            "another day than there. Write it in the same zone, or fit anew with the name of the zone (--time-zone, "
            "time_zone=)."
        )
    return ""


def _shown(offsets: tuple[int, ...]) -> str:
    return " and ".join(f"{'-' if m < 0 else '+'}{abs(m) // 60:02}:{abs(m) % 60:02}" for m in offsets[:3])
