"""Problems: what keeps records from being a panel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.series._alias import parse_alias
from statecast.series._calendar import Frequency, find_frequency, regularity
from statecast.series._coded import is_of
from statecast.series._grid import DAY, Stamp, say, stamps
from statecast.series._majority import is_daily
from statecast.series._records import Records
from statecast.series._regular import Span
from statecast.series._table import option, place
from statecast.series._zones import looks_like_a_shift

_TELLING, _TELLING_ON = 4, 10  # rows that tell that a series has another frequency, off the grid and on it
_REGULAR = 0.8  # of its distances that are one step of its own, on the grid of the others
Kind: TypeAlias = Literal["infinite", "frequency", "off", "duplicate", "missing", "blank", "gap", "scarce"]


@dataclass(frozen=True)
class Problem:
    """Something in records that a panel cannot have.

    Attributes
    ----------
    kind : {"infinite", "frequency", "off", "duplicate", "missing", "blank", "gap", "scarce"}
        A value that is not finite; a series of another frequency than most; a time stamp off the grid; one that is
        there twice; a value that is missing; a covariate's; time stamps that are missing; a series of which more would
        be filled than is there.
    message : str
        The first place, how many there are, and the cure.
    count : int
        How many there are.
    index : int
        Position of the first in the records; of the last row before it for a gap.
    series : int64 array
        Numbers of the series that have it.
    """

    kind: Kind
    message: str
    count: int
    index: int
    series: NDArray[np.int64] = field(compare=False)


def problems(records: Records) -> list[Problem]:
    """Say what keeps records from being a panel: duplicates first, then missing values, then gaps.

    Missing values and gaps are problems only by the rule to refuse them, or where a series has no value or fewer values
    than would be filled. Rows after the last value are none of it where known covariates are named. There is at most
    one problem of each kind: it tells of the first place, and counts them all.
    """
    found = [
        _infinite(records, np.flatnonzero(np.isinf(records.values))),
        _frequency(records),
        _off(records, np.flatnonzero(~records.positions[1])),
        _duplicates(records, np.flatnonzero(records.distances == 0)),
    ]
    if records.complete and not records.columns.known and not records.columns.past:
        return [problem for problem in found if problem is not None]
    absent = np.isnan(records.values)
    empty = np.logical_and.reduceat(absent, records.offsets[:-1])
    if records.columns.gaps == "refuse":
        absent &= ~records.future | np.repeat(empty, np.diff(records.offsets))
        gaps = records.distances > 1 if not records.sums else np.zeros(len(absent) - 1, dtype=bool)
        found += [
            _missing(records, np.flatnonzero(absent)),
            _blank(records),
            _gaps(records, np.flatnonzero(gaps)),
        ]
    elif empty.any():
        absent &= np.repeat(empty, np.diff(records.offsets))
        found += [_missing(records, np.flatnonzero(absent))]
    elif not any(found):
        found += [_scarce(records)]
    return [problem for problem in found if problem is not None]


def _infinite(records: Records, at: np.ndarray) -> Problem | None:
    if len(at) == 0:
        return None
    row = at[np.argmin(records.rows[at])]
    message = (
        f"{_place(records, None, row)}the value of {say(records.times[row])} is infinite or too large"
        f"{_in_all(len(at), 'such values')}. Correct it, or use larger units."
    )
    return _problem("infinite", message, records, at, row)


def _frequency(records: Records) -> Problem | None:
    """Find series of another frequency than most have."""
    odd = list(_doubtful(records)) if records.common else []
    if not odd:
        return None
    s, own = odd[0]
    row = int(records.offsets[s])
    more = f" ({len(odd):,} such series in all)" if len(odd) > 1 else ""
    message = (
        f"{_place(records, records.columns.time, row)}the series is {own.word} ({own.alias}), and most series are "
        f"{records.frequency.word} ({records.frequency.alias}){more}. Read it apart, or bring all to the same periods "
        f"with {option(records.source, 'every')}."
    )
    return Problem("frequency", message, len(odd), row, np.array([s for s, _ in odd]))


def _own_frequency(records: Records, s: int, *, on: bool) -> Frequency | None:
    """Return the frequency of a series, if it is regular and not that of the others.

    On the grid of the others a series of another frequency is told from one with gaps by how regular it is.
    """
    times = records.times[records.offsets[s] : records.offsets[s + 1]]
    if on and (len(times) < _TELLING_ON or regularity(times) < _REGULAR):
        return None
    try:
        own = Frequency.of(find_frequency(times))
    except DataError:
        return None
    rule, common = parse_alias(own.alias), parse_alias(records.frequency.alias)
    return None if rule == common or (is_daily(rule) and is_daily(common)) else own


def _doubtful(records: Records) -> Iterator[tuple[int, Frequency]]:
    """Yield the series of another frequency: off the grid, or at every other step of it or less often."""
    starts, lengths = records.offsets[:-1], np.diff(records.offsets)
    on = np.logical_and.reduceat(records.positions[1], starts)
    long = np.append(records.distances > 1, False)
    seldom = np.add.reduceat(long.astype(np.int64), starts) * 2 >= lengths
    for s in np.flatnonzero((~on | seldom) & (lengths >= _TELLING)):
        if (own := _own_frequency(records, int(s), on=bool(on[s]))) is not None:
            yield int(s), own


def _off(records: Records, at: np.ndarray) -> Problem | None:
    if len(at) == 0:
        return None
    row = at[np.argmin(records.rows[at])]
    message = _place(records, records.columns.time, row) + _off_grid(
        records.times[row], records.frequency.alias, records.anchor
    )
    return _problem("off", message, records, at, row)


def _off_grid(stamp: Stamp, alias: str, anchor: Stamp) -> str:
    """Say that a stamp is not on the grid of all series."""
    return (
        f"{say(stamp)} is not on the grid of most series, which have the frequency {alias} and the time stamp "
        f"{say(anchor)}. Correct it, or read them apart."
    )


def _duplicates(records: Records, at: np.ndarray) -> Problem | None:
    if len(at) == 0:
        return None
    row = at[np.argmin(records.rows[at + 1])] + 1
    cure = f"Keep one row for each time stamp, put them together with {option(records.source, 'aggregate')}"
    if _may_shift(records, records.times[at]):
        cure = (
            "It looks like the hour that is there twice at the end of daylight saving time: give stamps in UTC, or "
            f"their time zone with {option(records.source, 'time-zone')}, such as Europe/Berlin"
        )
    elif records.columns.id is None:
        cure += f", or name the column that tells series apart with {option(records.source, 'id')}"
        if records.times.dtype.kind == "M" and not (records.times.astype(np.int64) % DAY).any():
            cure += "; if the time of day is in a column of its own, write date and time in one"
    message = (
        f"{_place(records, records.columns.time, row)}{say(records.times[row])} is already in row "
        f"{records.rows[row - 1]}{_in_all(len(at), 'such rows')}. {cure}."
    )
    return _problem("duplicate", message, records, at, row)


def _missing(records: Records, at: np.ndarray) -> Problem | None:
    if len(at) == 0:
        return None
    row = at[np.argmin(records.rows[at])]
    message = (
        f"{_place(records, None, row)}the value of {say(records.times[row])} is missing"
        f"{_in_all(len(at), 'missing values')}. Write the value there; a row at the beginning or the end of "
        "a series can also be removed."
    )
    return _problem("missing", message, records, at, row)


def _scarce(records: Records) -> Problem | None:
    """Find the first series of which more than half would be filled in."""
    span = Span.of(records)
    missing = span.steps - span.valued
    if records.sums:  # periods without rows are zero
        index = np.arange(len(records.values))
        inside = (index > np.repeat(span.first, np.diff(records.offsets))) & (
            index < np.repeat(span.last, np.diff(records.offsets))
        )
        missing = np.add.reduceat((np.isnan(records.values) & inside).astype(np.int64), records.offsets[:-1])
    scarce = missing * 2 > span.steps
    if not scarce.any():
        return None
    s = int(np.argmax(scarce))
    row = int(span.first[s])
    message = (
        f"{_place(records, None, row)}from {say(records.times[row])} on, {missing[s]:,} of {span.steps[s]:,} "
        f"{records.frequency.word} values are missing, and more than half of a series cannot be filled. "
        f"{_cure_of_scarce(records, s)}"
    )
    return Problem("scarce", message, int(scarce.sum()), row, np.flatnonzero(scarce))


def _cure_of_scarce(records: Records, s: int) -> str:
    """Say what to do about a series with few values; hours of work alone are a part of the day."""
    rule, every = parse_alias(records.frequency.alias), option(records.source, "every")
    if rule.unit == "tick" and rule.count < DAY:
        times = records.times[records.offsets[s] : records.offsets[s + 1]].astype(np.int64)
        open_times, all_times = len(np.unique(times % DAY)), DAY // rule.count
        if open_times * 2 <= all_times:
            return f"Rows come at {open_times} of {all_times} times of the day: bring them to days with {every} day."
    return (
        f"Give another frequency with {option(records.source, 'freq')}, or bring the rows to longer periods with "
        f"{every}."
    )


def _may_shift(records: Records, times: np.ndarray) -> bool:
    """Say whether stamps that are twice there or missing may come from a change of clocks."""
    rule = parse_alias(records.frequency.alias)
    return records.columns.time_zone is None and rule.unit == "tick" and looks_like_a_shift(times, rule.count)


def _blank(records: Records) -> Problem | None:
    """Find blank covariates beside a value."""
    names = records.beside.past.names + records.beside.known.names
    values = np.concatenate([records.beside.past.values, records.beside.known.values], axis=1)
    at = np.flatnonzero(np.isnan(values).any(axis=1) & ~records.future)
    if len(at) == 0:
        return None
    row = at[np.argmin(records.rows[at])]
    coded = names[int(np.argmax(np.isnan(values[row])))]
    columns = (*records.columns.past, *records.columns.known)
    column = next(column for column in columns if is_of(coded, column))
    message = (
        f"{_place(records, column, row)}the covariate of {say(records.times[row])} is missing"
        f"{_in_all(len(at), 'rows with blanks')}. Write the value there."
    )
    return _problem("blank", message, records, at, row)


def _gaps(records: Records, at: np.ndarray) -> Problem | None:
    if len(at) == 0:
        return None
    row = at[np.argmin(records.rows[at])]
    count = int((records.distances[at] - 1).sum())
    absent = stamps(parse_alias(records.frequency.alias), records.times[row], np.array([1]))[0]
    message = (
        f"{_place(records, records.columns.time, row)}after {say(records.times[row])} the time stamp "
        f"{say(absent)} is missing{_in_all(count, 'missing stamps')}. Add a row for it; if the series is not "
        f"{records.frequency.word}, give {option(records.source, 'freq')}."
    )
    return replace(_problem("gap", message, records, at, row), count=count)


def _problem(kind: Kind, message: str, records: Records, at: np.ndarray, row: int) -> Problem:
    """Return the problem that rows have, of which `row` is the first one as the user counts them."""
    series = np.unique(np.searchsorted(records.offsets, at, side="right") - 1)
    return Problem(kind, message, len(at), int(row), series)


def _place(records: Records, column: str | None, row: int) -> str:
    """Return the beginning of a message about a row; without a column, about its target."""
    s = int(np.searchsorted(records.offsets, row, side="right")) - 1
    name = column or records.targets[s % len(records.targets)]
    return place(records.source, name, records.rows[row], records.ids[s] if records.columns.id else None)


def _in_all(count: int, what: str) -> str:
    return f" ({count:,} {what} in all)" if count > 1 else ""
