"""Waiting: rows of a period that was not over, put before the new rows that go on with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from statecast.errors import DataError, NothingNewError
from statecast.series._beside import Beside
from statecast.series._coded import Coded
from statecast.series._covariates import Covariates
from statecast.series._grid import say
from statecast.series._panel import Columns
from statecast.series._partial import PartialPeriod
from statecast.series._period import period_of
from statecast.series._periods import Rows, distinct

Ids = tuple[str, ...]


class NothingWholeError(NothingNewError):
    """New rows end within a period, and there is no whole one before it.

    Attributes
    ----------
    partial : PartialPeriod
        The rows that wait now.
    ids : tuple of str
        The names of its series.
    """

    def __init__(self, partial: PartialPeriod, ids: Ids) -> None:
        super().__init__(
            f"expected rows of a whole period, got some up to {say(partial.seen[0])}: they wait for those that "
            "complete it."
        )
        self.partial = partial
        self.ids = ids


def with_absent(
    ids: Ids, beside: Beside, before: PartialPeriod, known: Ids, targets: int, like: Covariates | None
) -> tuple[Ids, Beside, PartialPeriod]:
    """Return the series of new rows and those that have none there but rows that wait; waiting rows by their numbers.

    Parameters
    ----------
    ids : tuple of str
        Names of the series of the new rows.
    beside : Beside
        Their covariates.
    before : PartialPeriod
        The rows that wait.
    known : tuple of str
        The names of its series.
    targets : int
        How many series an id has.
    like : Covariates or None
        Of these series.
    """
    there, waiting = set(ids), set((before.series // targets).tolist())
    absent = [s for s in range(len(known)) if s // targets in waiting and known[s] not in there]
    if absent:
        ids += tuple(known[s] for s in absent)
        if like is not None:
            static = np.concatenate([beside.static.values, like.static_values[absent]])
            beside = replace(beside, static=replace(beside.static, values=static))
    number = {name: s for s, name in enumerate(known)}
    return ids, beside, before.select(np.array([number.get(name, -1) for name in ids]))


def after_waiting(rows: Rows, before: PartialPeriod, columns: Columns) -> Rows:
    """Return new rows with those that waited for them, the numbers of the series being the same.

    What is not later than the last row of its series that waits has been counted already, and is left out.

    Raises
    ------
    DataError
        If rows between the last one so far and the first new one seem to be missing.
    """
    period = period_of(columns)
    valued = rows.times[~np.isnan(rows.values)]
    if len(valued) and (first := valued.min()) > before.seen[0]:
        ends = distinct(period, np.array([before.seen[0], first]))
        if len(ends) == 2 and int((ends[1] - ends[0]).astype(np.int64)) > max(before.apart, before.silence):
            raise DataError(
                f"expected rows that follow {say(before.seen[0])}, the last one so far, got the first one at "
                f"{say(first)}: those in between seem to be missing, and only whole periods are taken in. Give all "
                f"rows after {say(before.seen[0])}; if there are none in between, give that last one again as well."
            )
    count = int(max(rows.codes.max(initial=0), before.series.max(initial=0))) + 1
    until = np.full(count, np.datetime64("0001-01-01", "us"))
    np.maximum.at(until, before.series, before.times)
    counted = period.begins(rows.times) >= period.begins(until[rows.codes])
    rows = rows.keep(~(counted & (rows.times <= until[rows.codes])))
    whole = Rows(
        np.concatenate([before.values, rows.values]),
        np.concatenate([before.times, rows.times]),
        np.concatenate([before.series, rows.codes]),
        np.concatenate([np.full(len(before), -1), rows.numbers]),
        _below(before.past, rows.past),
        _below(before.known, rows.known),
    )
    return whole.keep(np.lexsort((whole.times, whole.codes)))


def _below(before: np.ndarray, coded: Coded) -> Coded:
    """Return covariates below those of the rows that wait."""
    shape = len(before), coded.values.shape[1]  # of no rows, nobody knows how many columns
    return replace(coded, values=np.concatenate([before.reshape(shape), coded.values]))
