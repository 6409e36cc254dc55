"""Periods: many rows with any stamps put together, one row a period."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError, ParameterError
from statecast.series._alias import name_rule
from statecast.series._calendar import Frequency
from statecast.series._coded import Coded
from statecast.series._grid import DAY, Stamp, say
from statecast.series._panel import Columns
from statecast.series._partial import PartialPeriod
from statecast.series._period import Period, period_of
from statecast.series._table import counted, option


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a table in the order of series and time; with several targets, the table once for each.

    Attributes
    ----------
    values : float64 [N]
        NaN where there is no value.
    times : datetime64[us] or int64 [N]
    codes : int64 [N]
        The number of the series.
    numbers : int64 [N]
        Of each row, as the user sees it.
    past, known : Coded
        Covariates.
    """

    values: NDArray[np.float64]
    times: np.ndarray
    codes: NDArray[np.int64]
    numbers: NDArray[np.int64]
    past: Coded
    known: Coded

    def keep(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Rows:
        """Return some of the rows."""
        return Rows(
            self.values[rows],
            self.times[rows],
            self.codes[rows],
            self.numbers[rows],
            self.past.take(rows),
            self.known.take(rows),
        )


@dataclass(frozen=True, eq=False)
class Together:
    """Rows that were put together.

    Attributes
    ----------
    rows : Rows
        One for each period or time stamp.
    said : tuple of str
        What there is to say, a sentence each.
    partial : PartialPeriod or None
        The rows of a last period that is not over; None where there are no periods.
    """

    rows: Rows
    said: tuple[str, ...]
    partial: PartialPeriod | None = None


def put_together(rows: Rows, columns: Columns, before: PartialPeriod | None = None) -> Together:
    """Return one row for each period, or for each time stamp where no period is given.

    The target is the sum, mean or last value of the rows, covariates their mean, categories their maximum. With
    periods, incomplete ones at the ends of the file are left out; see `Ends`. Those after `before` begin whole, as the
    rows that waited are among them.
    """
    how = columns.aggregate or "sum"
    period = None if columns.every is None else period_of(columns)
    if period is not None and rows.times.dtype.kind != "M":
        raise ParameterError(f"every, {columns.every!r}, takes dates as time stamps, got a count of steps.")
    periods = rows.times if period is None else period.begins(rows.times)
    new = np.ones(len(periods), dtype=bool)
    new[1:] = (rows.codes[1:] != rows.codes[:-1]) | (periods[1:] != periods[:-1])
    starts = np.flatnonzero(new)
    one = replace(
        rows.keep(starts),
        values=_together(rows.values[:, np.newaxis], starts, how)[:, 0],
        times=periods[starts] if period is None else period.stamps(periods[starts]),
        past=_covariates(rows.past, starts, columns.past),
        known=_covariates(rows.known, starts, columns.known),
    )
    named = {"last": "last value"}.get(how, how)
    if period is None:
        count = len(periods) - len(starts)
        said = f"{counted(count, 'row')} had the time stamp of another; they were put together by their {named}."
        return Together(one, (said,) if count else ())
    word = Frequency.of(name_rule(period.rule, one.times[0])).word
    has_value = ~np.isnan(rows.values)
    times = rows.times[has_value]
    ends = Ends.of(period, times) if before is None else Ends.after(period, times, before)
    said = f"Brought to periods: the {word} {named} of {len(periods):,} rows."
    waits = rows.keep(has_value & (periods == ends.last) if ends.last is not None else np.zeros(0, np.int64))
    partial = PartialPeriod(
        waits.times,
        waits.values,
        waits.codes,
        waits.past.values,
        waits.known.values,
        np.array([ends.seen], dtype="datetime64[us]"),
        int(ends.apart),
        int(ends.silence),
    )
    return Together(_without_ends(one, period, ends, bool(columns.known)), (said, *ends.notes), partial)


def refuse_empty(source: str, together: Together, columns: Columns, ids: tuple[str, ...]) -> None:
    """Refuse a series of which incomplete periods are all there is.

    Raises
    ------
    DataError
        If there is one.
    """
    counts = np.bincount(together.rows.codes, minlength=len(ids))
    if counts.min() == 0:
        of = f" of series {ids[int(counts.argmin())]!r}" if columns.id else ""
        raise DataError(
            f"{source} has no whole period{of}. {' '.join(together.said[1:])} Give more rows, or a shorter period with "
            f"{option(source, 'every')}."
        )


def _without_ends(rows: Rows, period: Period, ends: Ends, future: bool) -> Rows:
    """Leave incomplete periods out; where the future is told of, the last one is part of it."""
    kept = np.ones(len(rows.times), dtype=bool)
    if ends.first is not None:
        kept &= rows.times != period.stamps(ends.first)
    if ends.last is not None and not future:
        kept &= rows.times != period.stamps(ends.last)
    if ends.last is not None and future:
        rows = replace(rows, values=np.where(rows.times == period.stamps(ends.last), np.nan, rows.values))
    return rows.keep(kept)


def _covariates(coded: Coded, starts: NDArray[np.int64], columns: tuple[str, ...]) -> Coded:
    """Put covariates together: numbers by their mean, categories by their maximum."""
    number = np.array([name in columns for name in coded.names], dtype=bool)
    mean, most = (_together(coded.values, starts, how) for how in ("mean", "max"))
    return Coded(coded.names, np.where(number, mean, most))


def _together(values: NDArray[np.float64], starts: NDArray[np.int64], how: str) -> NDArray[np.float64]:
    """Return one row for the rows from each start on, by their sum, mean, last or max; blanks, NaN, say nothing."""
    blank = np.isnan(values)
    counts = np.add.reduceat((~blank).astype(np.int64), starts)
    if how == "last":
        index = np.where(blank, -1, np.arange(len(values))[:, np.newaxis])
        found = np.take_along_axis(values, np.maximum(np.maximum.reduceat(index, starts), 0), axis=0)
    elif how == "max":
        found = np.maximum.reduceat(np.where(blank, -np.inf, values), starts)
    else:
        found = np.add.reduceat(np.where(blank, 0.0, values), starts)
        found = found / np.maximum(counts, 1) if how == "mean" else found
    return np.where(counts > 0, found, np.nan)


@dataclass(frozen=True)
class Ends:
    """Periods at the ends of a file that are incomplete, where there are such.

    A period at an end is incomplete if the file is silent there for longer than it ever is, rare exceptions apart: it
    begins later after the beginning of its first period, or ends earlier before the end of its last one, than 98 of 100
    rows follow each other, and than nine of ten periods begin or end. So daily sales up to the 20th of a month end
    within it; a shop that is closed on weekends may well be silent for the last days of a month; of transactions weeks
    apart nothing can be said. Rows of a day count as one if periods are longer than a day. Rows of all series count, as
    one of them may end on its own.

    Attributes
    ----------
    first, last : datetime64[us] or None
        Beginnings of the incomplete periods.
    notes : tuple of str
        What there is to say: what was left out, and what may be incomplete.
    seen : datetime64[us]
        The last row.
    apart, silence : float
        Microseconds that rows are usually apart, and that a whole period may be silent for at its end.
    """

    first: Stamp | None = None
    last: Stamp | None = None
    notes: tuple[str, ...] = ()
    seen: Stamp = None
    apart: float = 0.0
    silence: float = 0.0

    @classmethod
    def of(cls, period: Period, times: np.ndarray) -> Ends:
        """Find them by the stamps of all rows that have a value."""
        seen = distinct(period, times)
        if len(seen) < 2:
            return cls(seen=times.max() if len(times) else np.datetime64("0001-01-01", "us"))
        begin = period.begins(seen)
        end = period.ends(begin)
        new = np.flatnonzero(begin[1:] != begin[:-1])  # the last row of every period but the last
        late, early = (seen - begin).astype(np.int64), (end - seen).astype(np.int64)
        usual = _most(np.diff(seen).astype(np.int64), 0.98)
        begins_within = late[0] > max(usual, _most(late[new + 1], 0.9))
        silence = max(usual, _most(early[new], 0.9))
        ends_within = early[-1] > silence
        notes = []
        if begins_within:
            notes.append(f"The first period, from {say(begin[0])}, was left out: the rows begin on {say(seen[0])}.")
        if ends_within:
            notes.append(f"The last period, from {say(begin[-1])}, was left out: the rows end on {say(seen[-1])}.")
        elif early[-1] * 10 > (end[-1] - begin[-1]).astype(np.int64) and early[-1] > 1.25 * _most(early[new], 0.5):
            notes.append(
                f"The last period, from {say(begin[-1])}, may be incomplete: the rows end on {say(seen[-1])}, and "
                "elsewhere some are as far apart."
            )
        return cls(
            begin[0] if begins_within else None,
            begin[-1] if ends_within else None,
            tuple(notes),
            times.max(),
            usual,
            silence,
        )

    @classmethod
    def after(cls, period: Period, times: np.ndarray, before: PartialPeriod) -> Ends:
        """Find the last period of rows that follow others: it is over as those before tell."""
        last = np.concatenate([before.seen, times]).max()
        begin = period.begins(np.array([last]))[0]
        early = int((period.ends(begin) - distinct(period, np.array([last]))[0]).astype(np.int64))
        waits = early > before.silence and bool((period.begins(times) == begin).any())
        return cls(last=begin if waits else None, seen=last, apart=before.apart, silence=before.silence)


def distinct(period: Period, times: np.ndarray) -> np.ndarray:
    """Return the different stamps; rows of a day count as one if periods are longer than a day."""
    whole_days = period.rule.unit == "month" or period.rule.count > DAY
    return np.unique(times.astype("datetime64[D]").astype("datetime64[us]") if whole_days else times)


def _most(silences: NDArray[np.int64], share: float) -> float:
    """Return what this share of silences is at most; of few, all of them."""
    return float(np.quantile(silences, share, method="higher")) if len(silences) else 0.0
