"""Regular: records with a row for every step of every series, what is missing blank."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.series._alias import parse_alias
from statecast.series._coded import Coded
from statecast.series._grid import stamps
from statecast.series._records import Records

MOST_ROWS = 100_000_000


@dataclass(frozen=True, eq=False)
class Span:
    """Where the values of every series are, and how many steps lie between the first and the last one.

    Attributes
    ----------
    step : int64 [N]
        Steps of each row of the records, from some stamp on.
    first, last : int64 [S]
        The rows of the first and the last value; N and -1 where there is none.
    valued : int64 [S]
        How many rows have a value.
    """

    step: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    valued: NDArray[np.int64]

    @classmethod
    def of(cls, records: Records) -> Span:
        """Measure records that have no duplicates."""
        has, index = ~np.isnan(records.values), np.arange(len(records.values))
        starts = records.offsets[:-1]
        return cls(
            records.positions[0],
            np.minimum.reduceat(np.where(has, index, len(index)), starts),
            np.maximum.reduceat(np.where(has, index, -1), starts),
            np.add.reduceat(has.astype(np.int64), starts),
        )

    @property
    def steps(self) -> NDArray[np.int64]:
        """From the first to the last value of each series, both included; every series must have a value."""
        return self.step[self.last] - self.step[self.first] + 1


def regular(records: Records) -> Records:
    """Return records without duplicates with a row for every step; a row that was not there is blank.

    Rows before the first value are left out, and rows after the last one unless they tell what is known then. A period
    without rows is zero where periods are sums.

    Raises
    ------
    DataError
        If that would be more than a hundred million rows.
    """
    if records.complete:
        return records
    span, future = Span.of(records), records.future
    series = np.repeat(np.arange(len(records.ids)), np.diff(records.offsets))
    index = np.arange(len(series))
    kept = (index >= span.first[series]) & ((index <= span.last[series]) | future)
    ends = np.maximum.reduceat(np.where(kept, index, -1), records.offsets[:-1])
    lengths = span.step[ends] - span.step[span.first] + 1
    if kept.all() and lengths.sum() == len(series):
        return records
    if lengths.sum() > MOST_ROWS:
        raise DataError(
            f"{records.source} would have {lengths.sum():,} steps of {records.frequency.word} data with its gaps "
            f"filled; {MOST_ROWS:,} can be read. Give a longer period, or correct the stamps."
        )
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    new_series = np.repeat(np.arange(len(lengths)), lengths)
    step = np.arange(offsets[-1]) - offsets[new_series]
    to = (offsets[series] + span.step - span.step[span.first][series])[kept]
    values = np.full(offsets[-1], 0.0 if records.sums else np.nan)
    values[step >= span.steps[new_series]] = np.nan
    values[to] = records.values[kept]
    rows = np.full(offsets[-1], -1)
    rows[to] = records.rows[kept]
    rule = parse_alias(records.frequency.alias)
    return replace(
        records,
        values=values,
        times=stamps(rule, records.times[span.first][new_series], step),
        offsets=offsets,
        rows=rows,
        beside=replace(
            records.beside,
            past=_spread(records.beside.past, kept, to, int(offsets[-1])),
            known=_spread(records.beside.known, kept, to, int(offsets[-1])),
        ),
    )


def _spread(coded: Coded, kept: NDArray[np.bool_], to: NDArray[np.int64], count: int) -> Coded:
    values = np.full((count, len(coded.names)), np.nan)
    values[to] = coded.values[kept]
    return Coded(coded.names, values)
