"""What there is to say about gaps, once they are filled."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from statecast.series._alias import parse_alias
from statecast.series._coded import is_of
from statecast.series._grid import say
from statecast.series._records import Records
from statecast.series._regular import Span
from statecast.series._table import counted, option
from statecast.series._zones import looks_like_a_shift

_HOW = {
    "linear": "by straight lines",
    "season": "by the season before",
    "last": "by the value before",
    "zero": "by zero",
}


def gap_notes(records: Records, whole: Records, missing: NDArray[np.bool_]) -> tuple[str, ...]:
    """Say what was left out and filled.

    Parameters
    ----------
    records, whole : Records
        As they were read, and with a row for every step.
    missing : bool [N]
        Which rows of `whole` had no value, those of the future apart.
    """
    return (*(() if records is whole else _ends(records)), *_zeros(whole), *_values(whole, missing), *_cells(records))


def _ends(records: Records) -> Iterator[str]:
    span = Span.of(records)
    series = np.repeat(np.arange(len(records.ids)), np.diff(records.offsets))
    index = np.arange(len(series))
    before, after = index < span.first[series], (index > span.last[series]) & ~records.future
    for rows, place in ((before, "before the first value"), (after, "after the last value")):
        if count := int(rows.sum()):
            yield f"{counted(count, 'row')} {place}{_of_series(records)} {_were(count)} left out."


def _zeros(whole: Records) -> Iterator[str]:
    if whole.sums and (count := int(((whole.rows < 0) & (whole.values == 0)).sum())):
        yield f"{counted(count, 'period')} without rows {'is' if count == 1 else 'are'} zero."


def _values(whole: Records, missing: NDArray[np.bool_]) -> Iterator[str]:
    count = int(missing.sum())
    if count == 0:
        return
    row = int(np.argmax(missing))
    of = (
        f" of series {whole.ids[np.searchsorted(whole.offsets, row, side='right') - 1]!r}" if len(whole.ids) > 1 else ""
    )
    yield (
        f"{counted(count, 'missing value')} {_were(count)} filled {_HOW[whole.columns.gaps]}"
        f"{', the first' if count > 1 else ''} at {say(whole.times[row])}{of}: filled values count neither in learning "
        f"nor in the test. Another rule: {option(whole.source, 'gaps')}."
    )
    absent = np.unique(whole.times[missing & (whole.rows < 0)])
    rule = parse_alias(whole.frequency.alias)
    if whole.columns.time_zone is None and rule.unit == "tick" and looks_like_a_shift(absent, rule.count):
        yield (
            "They look like hours that are missing at the beginning of daylight saving time: give stamps in UTC, or "
            f"their time zone with {option(whole.source, 'time-zone')}, such as Europe/Berlin."
        )


def _cells(records: Records) -> Iterator[str]:
    names = records.beside.past.names + records.beside.known.names
    blank = np.isnan(np.concatenate([records.beside.past.values, records.beside.known.values], axis=1))
    blank &= ~records.future[:, np.newaxis]
    for column in (*records.columns.past, *records.columns.known):
        if len(rows := _blank_rows(blank, names, column)):
            yield (
                f"{counted(len(rows), 'blank cell')} of the covariate {column!r} {_were(len(rows))} filled"
                f"{', the first' if len(rows) > 1 else ''} at {say(records.times[rows[0]])}."
            )


def _blank_rows(blank: NDArray[np.bool_], names: tuple[str, ...], column: str) -> NDArray[np.int64]:
    of_column = np.array([is_of(name, column) for name in names], dtype=bool)
    return np.flatnonzero(blank[:, of_column].any(axis=1))


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _of_series(records: Records) -> str:
    return " of their series" if len(records.ids) > 1 else ""
