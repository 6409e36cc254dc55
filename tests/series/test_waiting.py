"""Rows of a period that is not over wait for those that complete it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from statecast.errors import DataError, NothingNewError
from statecast.series import Origin, read
from statecast.storage import Tree

RECEIPTS = pd.date_range("2024-01-01", "2024-08-04")  # a Monday to a Sunday
HOW = {"sum": "sum", "mean": "mean", "last": "last"}


def receipts(first: str, last: str, **columns: object) -> pd.DataFrame:
    """Return a receipt a day, each of another amount, of some days."""
    days = pd.date_range(first, last)
    amount = 100.0 + np.sin(np.arange(len(RECEIPTS)))[RECEIPTS.get_indexer(days)] * 50
    return pd.DataFrame({"day": days, "amount": amount, **columns})


def weeks(first: str, last: str, how: str = "sum") -> np.ndarray:
    """Weekly values by pandas."""
    series = (
        receipts("2024-01-01", "2024-08-04").set_index("day")["amount"].resample("W-MON", label="left", closed="left")
    )
    return series.agg(how)[first:last].to_numpy()


def begun(until: str = "2024-07-03", **roles: object) -> Origin:
    """Return where a model of weekly receipts stands, from its file."""
    origin = Tree.of(Origin.of(read(receipts("2024-01-01", until), **{"every": "week", **roles}))).value()
    assert isinstance(origin, Origin)
    return origin


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(
    ("first", "last", "waiting"),
    [
        ("2024-07-04", "2024-07-07", 0),  # what came since the fit
        ("2024-07-01", "2024-07-07", 0),  # the whole week: three of its rows were counted
        ("2024-07-02", "2024-07-07", 0),
        ("2024-01-01", "2024-07-07", 0),  # the whole file
        ("2024-07-04", "2024-07-10", 3),
        ("2024-01-01", "2024-07-13", 6),
    ],
)
def test_a_week_is_taken_in_once_and_whole(how, first, last, waiting):
    taken = begun(aggregate=how).take(receipts(first, last))
    assert_allclose(taken.values[0], weeks("2024-07-01", "2024-07-01", how))
    assert len(taken.origin.partial) == waiting
    assert str(taken.origin.last[0])[:10] == "2024-07-01"


@pytest.mark.parametrize("how", HOW)
def test_day_by_day_is_the_same_as_at_once(how):
    origin, found = begun(aggregate=how), []
    for day in pd.date_range("2024-07-04", "2024-07-28"):
        taken = origin.take(receipts(day, day))
        found += taken.values[0].tolist()
        assert taken.waits == (day.day_of_week != 6)
        origin = taken.origin
    assert_allclose(found, weeks("2024-07-01", "2024-07-22", how))
    at_once = begun(aggregate=how).take(receipts("2024-07-04", "2024-07-28"))
    assert_array_equal(at_once.values[0], found)
    assert_array_equal(at_once.origin.last, origin.last)


def test_rows_that_wait_are_not_counted_twice():
    origin = begun().take(receipts("2024-07-03", "2024-07-05")).origin
    assert len(origin.partial) == 5
    with pytest.raises(NothingNewError):
        origin.take(receipts("2024-07-01", "2024-07-05"))
    assert_allclose(origin.take(receipts("2024-07-05", "2024-07-07")).values[0], weeks("2024-07-01", "2024-07-01"))


def test_rows_that_are_missing_in_between_are_asked_for():
    with pytest.raises(
        DataError, match=r"rows that follow 2024-07-03, .* the first one at 2024-07-07: .* Give all rows after"
    ):
        begun().take(receipts("2024-07-07", "2024-07-07"))
    gap = pd.concat([receipts("2024-07-03", "2024-07-03"), receipts("2024-07-07", "2024-07-07")])
    taken = begun().take(gap)  # with the last one so far, nothing can be missing
    assert_allclose(taken.values[0], receipts("2024-07-01", "2024-07-03").amount.sum() + gap.amount.iloc[-1])


def test_a_later_row_ends_a_period_however_silent_it_is():
    rows = pd.concat([receipts("2024-07-03", "2024-07-04"), receipts("2024-07-08", "2024-07-08")])
    taken = begun().take(rows)
    assert_allclose(taken.values[0], receipts("2024-07-01", "2024-07-04").amount.sum())
    assert len(taken.origin.partial) == 1


def test_a_shop_that_is_closed_at_the_weekend_has_its_week_on_friday():
    frame = receipts("2024-01-01", "2024-06-30")
    start = Origin.of(read(frame[frame.day.dt.day_of_week < 5], every="week"))
    taken = start.take(receipts("2024-07-01", "2024-07-05"))
    assert_allclose(taken.values[0], receipts("2024-07-01", "2024-07-05").amount.sum())
    assert start.take(receipts("2024-07-01", "2024-07-04")).waits


@pytest.mark.parametrize(("every", "until", "step"), [("day", "2024-05-05", "h"), ("hour", "2024-01-05", "10min")])
def test_receipts_of_a_day_or_an_hour(every, until, step):
    stamps = pd.date_range("2024-01-01", until, freq=step, inclusive="left")
    frame = pd.DataFrame({"at": stamps, "amount": np.arange(len(stamps)) % 7 + 1.0})
    per, rest = len(frame) - 60, {"day": "D", "hour": "h"}[every]
    start = Origin.of(read(frame[:per], every=every))
    found = frame.set_index("at")["amount"].resample(rest).sum()
    origin, seen = start, []
    for row in range(per, len(frame)):
        taken = origin.take(frame[row : row + 1])
        seen += taken.values[0].tolist()
        origin = taken.origin
    assert_allclose(seen, found[found.index > start.last[0]])


def test_months():
    start = begun("2024-05-20", every="month")
    taken = start.take(receipts("2024-05-21", "2024-07-10"))
    rows = receipts("2024-05-01", "2024-06-30")
    assert_allclose(taken.values[0], rows.groupby(rows.day.dt.month).amount.sum())
    assert len(taken.origin.partial) == 10


def test_series_of_a_panel_in_any_order_and_some_silent_within_a_period():
    frame = pd.concat([receipts("2024-01-01", "2024-07-03", shop=shop) for shop in "ab"])
    start = Origin.of(read(frame, id="shop", every="week"))
    only_b = start.take(receipts("2024-07-04", "2024-07-05", shop="b"))
    assert only_b.waits
    assert np.bincount(only_b.origin.partial.series).tolist() == [3, 5]
    rest = pd.concat([receipts("2024-07-06", "2024-07-07", shop="b")])
    taken = only_b.origin.take(rest)  # of a, the days up to Wednesday are its week
    assert taken.values.shape == (2, 1)
    assert_allclose(
        taken.values[:, 0], [receipts("2024-07-01", "2024-07-03").amount.sum(), weeks("2024-07-01", "2024-07-01")[0]]
    )
    with pytest.raises(DataError, match="got 'c'"):
        start.take(receipts("2024-07-04", "2024-07-05", shop="c"))


def test_covariates_of_rows_that_wait_count_as_well():
    frame = receipts("2024-01-01", "2024-08-04")
    frame["price"], frame["promo"] = np.cos(np.arange(len(frame))), np.where(np.arange(len(frame)) % 3, "no", "yes")
    roles = {"every": "week", "target": "amount", "known": "promo", "past": "price"}
    start = Origin.of(read(frame[frame.day < "2024-07-04"], **roles))
    whole = read(frame[frame.day < "2024-07-08"], **roles)
    taken = start.take(frame[(frame.day >= "2024-07-04") & (frame.day < "2024-07-08")])
    assert_allclose(taken.values[0], whole.values[-1:])
    assert_allclose(taken.covariates.past_values, whole.covariates.past_values[-1:])
    assert_allclose(taken.covariates.known_values, whole.covariates.known_values[-1:])


def test_what_is_known_of_later_weeks_stays_known_while_rows_wait():
    frame = receipts("2024-01-01", "2024-07-28").assign(price=lambda rows: rows.day.dt.isocalendar().week * 1.0)
    told = frame.assign(amount=frame.amount.where(frame.day < "2024-07-04"))
    start = Origin.of(read(told, every="week", target="amount", known="price"))
    assert start.covariates.known_values.ravel().tolist() == [27, 28, 29, 30]
    waits = start.take(frame[(frame.day >= "2024-07-04") & (frame.day < "2024-07-06")])
    assert waits.waits
    assert waits.origin.covariates.known_values.ravel().tolist() == [27, 28, 29, 30]
    taken = waits.origin.take(frame[(frame.day >= "2024-07-06") & (frame.day < "2024-07-10")])
    assert_allclose(taken.values[0], weeks("2024-07-01", "2024-07-01"))
    assert taken.covariates.known_values.ravel().tolist() == [27, 28]
    assert taken.origin.covariates.known_values.ravel().tolist() == [28, 29, 30]


def test_an_older_model_takes_a_week_in_when_the_next_one_has_begun():
    start = replace(begun(), partial=None)
    assert start.take(receipts("2024-07-01", "2024-07-07")).waits
    assert_allclose(start.take(receipts("2024-07-01", "2024-07-08")).values[0], weeks("2024-07-01", "2024-07-01"))
    with pytest.raises(DataError, match="rows that follow 2024-06-30"):
        start.take(receipts("2024-07-04", "2024-07-14"))


def test_a_number_is_a_whole_period():
    origin = begun().take(700.0).origin
    assert len(origin.partial) == 0
    assert_allclose(origin.take(receipts("2024-07-08", "2024-07-14")).values[0], weeks("2024-07-08", "2024-07-08"))


def test_what_is_left_of_a_panel_waits_only_at_its_end():
    panel = read(receipts("2024-01-01", "2024-07-03"), every="week")
    assert len(panel.partial) == 3
    assert panel.window(None, -1).partial is None
    assert len(panel.window(2, None).partial) == 3
