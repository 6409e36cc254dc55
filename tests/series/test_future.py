"""The future of known covariates: rows after the last value, tables of their own, and updates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from statecast.errors import DataError
from statecast.series import Origin, read, read_future, with_future

DAYS = pd.date_range("2024-03-01", periods=12)


def history(**columns: object) -> pd.DataFrame:
    """Nine days with a value, and three of the future."""
    y = [*np.arange(9.0), *[np.nan] * 3]
    return pd.DataFrame({"day": DAYS, "y": y, "price": np.arange(12.0) / 2, "promo": ["no", "yes", "x"] * 4, **columns})


def origin(frame: pd.DataFrame, **roles: object) -> Origin:
    return Origin.of(read(frame, **{"target": "y", "known": "price,promo", **roles}))


def test_rows_after_the_last_value_are_known_and_not_observed():
    panel = read(history(), target="y", known="price,promo")
    assert panel.values.tolist() == list(range(9))
    assert panel.covariates.known_offsets.tolist() == [0, 12]
    assert panel.covariates.known_values[:, 0].tolist() == (np.arange(12) / 2).tolist()
    assert panel.notes[-1] == "Known covariates go on for 3 steps after the last value."


def test_past_covariates_may_be_blank_in_the_future():
    panel = read(history(heat=[*np.arange(9.0), None, None, None]), target="y", known="price,promo", past="heat")
    assert panel.covariates.past_values[:, 0].tolist() == list(range(9))


def test_a_blank_ends_what_is_known():
    frame = history()
    frame.loc[10, "price"] = np.nan
    assert read(frame, target="y", known="price,promo").covariates.known_offsets.tolist() == [0, 10]


def test_without_known_covariates_a_blank_target_is_missing():
    with pytest.raises(DataError, match=r"row 9: the value of 2024-03-10 is missing \(3 missing values"):
        read(history(), target="y", past="price", gaps="refuse")


def test_a_series_without_any_value_is_refused():
    frame = pd.concat([history(shop="A"), history(shop="B").assign(y=np.nan)], ignore_index=True)
    with pytest.raises(DataError, match="series 'B', column 'y', row 12: the value of 2024-03-01 is missing"):
        read(frame, target="y", known="price", id="shop")


def test_a_gap_in_the_future_is_a_gap():
    with pytest.raises(DataError, match="after 2024-03-10 the time stamp 2024-03-11 is missing"):
        read(history().drop(index=10), target="y", known="price", gaps="refuse")


def test_the_origin_knows_what_comes():
    seen = origin(history()).covariates
    assert seen.known == ("price", "promo=no", "promo=x", "promo=yes")
    assert seen.known_values.tolist() == [[4.5, 1, 0, 0], [5, 0, 0, 1], [5.5, 0, 1, 0]]
    assert seen.past_values.shape == (0, 0)


# A table of its own


def test_a_table_of_the_future_says_the_same_as_rows_after_the_last_value():
    rows, whole = history(), origin(history()).covariates
    ahead = read_future(rows[9:].drop(columns="y")[::-1], origin(rows[:9]))
    assert_array_equal(ahead.known_values, whole.known_values)
    assert_array_equal(ahead.known_offsets, whole.known_offsets)
    again = read_future(rows, origin(rows[:9]))  # rows up to the origin are passed over
    assert_array_equal(again.known_values, whole.known_values)
    panel = with_future(read(rows[:9], target="y", known="price,promo"), rows[9:])
    one, other = panel.covariates, read(rows, target="y", known="price,promo").covariates
    assert_array_equal(one.known_values, other.known_values)
    assert_array_equal(one.known_offsets, other.known_offsets)
    assert panel.notes[-1] == "Known covariates go on for 3 steps after the last value."


def test_a_value_that_the_panel_does_not_have_is_refused():
    rows = history(promo=[*["no", "yes", "x"] * 3, "new", "yes", "no"])
    with pytest.raises(DataError, match="row 0: 'new' is no value that 'promo' has in the history: 'no', 'x', 'yes'"):
        read_future(rows[9:], origin(rows[:9]))
    assert read_future(rows[9:].replace("new", "x"), origin(rows[:9])).known_values[0, 1:].tolist() == [0, 1, 0]


def test_series_are_matched_by_name_whatever_their_order():
    rows = pd.concat([history(shop="A"), history(shop="B").assign(price=np.arange(12.0) + 100)])
    start = origin(rows[rows.day < DAYS[9]], id="shop")
    ahead = read_future(rows[rows.day >= DAYS[9]].iloc[::-1].drop(columns="y"), start)
    assert ahead.known_offsets.tolist() == [0, 3, 6]
    assert ahead.known_values[:, 0].tolist() == [4.5, 5, 5.5, 109, 110, 111]


def test_every_target_of_a_series_has_its_future():
    rows = history(cost=np.arange(12.0))[:9]
    start = origin(rows, target="y,cost")
    ahead = read_future(history()[9:], start)
    assert start.targets == ("y", "cost")
    assert ahead.known_offsets.tolist() == [0, 3, 6]
    assert_array_equal(ahead.known_values[:3], ahead.known_values[3:])


def test_a_blank_ends_what_a_table_tells():
    rows = history()
    rows.loc[10, "promo"] = None
    assert read_future(rows[9:], origin(rows[:9])).known_offsets.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.drop(columns="price"), "no column 'price' for known="),
        (lambda rows: rows[:0], "has a header but no rows"),
        (
            lambda rows: rows.assign(day=rows.day + pd.Timedelta(days=1)),
            "expected the time stamp 2024-03-10, which fol",
        ),
        (lambda rows: rows.drop(index=10), "row 1: expected the time stamp 2024-03-11, which follows on, got 2024-03"),
        (lambda rows: rows.assign(day=rows.day - pd.Timedelta(days=30)), "no rows of series 'A' after 2024-03-09"),
        (lambda rows: rows.assign(shop="C"), "has the series 'C', which the panel does not have"),
        (lambda rows: rows.assign(price="dear"), "column 'price', row 0: 'dear' is not a number"),
        (lambda rows: rows.assign(day=range(3)), "another kind"),
    ],
)
def test_what_does_not_follow_is_refused(change, words):
    start = origin(history(shop="A")[:9], id="shop")
    with pytest.raises(DataError, match=words.replace("(", r"\(")):
        read_future(change(history(shop="A")[9:]), start)


def test_a_series_that_is_missing_is_named():
    rows = pd.concat([history(shop="A"), history(shop="B")])
    with pytest.raises(DataError, match="has no rows of series 'B' after 2024-03-09"):
        read_future(history(shop="A"), origin(rows[rows.day < DAYS[9]], id="shop"))


def test_without_known_covariates_there_is_nothing_to_read():
    with pytest.raises(DataError, match="no known covariates are named"):
        read_future(history(), origin(history()[:9], known=None, past="price"))


# Updates


def test_covariates_come_along_with_new_rows_and_what_is_known_stays_known():
    rows = history(heat=[*np.arange(9.0) * 10, None, None, None])
    whole = read(rows, target="y", known="price,promo", past="heat")
    start = Origin.of(whole.window(None, -3))
    by_window, by_table = start.take(whole.window(-3, -1)), start.take(rows[:8])
    for taken in (by_window, by_table):
        assert taken.values.tolist() == [[6, 7]]
        assert taken.covariates.past_values.tolist() == [[60], [70]]
        assert taken.covariates.known_values[:2, 0].tolist() == [3, 3.5]
        assert taken.origin.covariates.known_values[:, 0].tolist() == [4, 4.5, 5, 5.5]
        assert taken.origin.covariates.known_offsets.tolist() == [0, 4]


def test_a_category_of_new_rows_has_the_columns_of_the_panel():
    rows = history()
    taken = origin(rows[:6]).take(rows[:9].assign(promo=["yes"] * 6 + ["yes", "x", "no"]))
    assert taken.covariates.known_values[:, 1:].tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]


def test_new_rows_without_a_covariate_are_refused():
    rows = history(heat=np.arange(12.0))
    start = origin(rows[:6], past="heat")
    with pytest.raises(DataError, match="no column 'heat' for past="):
        start.take(rows[:9].drop(columns="heat"))
    with pytest.raises(DataError, match=r"covariates 'heat', 'price', 'promo=no', .*, got none"):
        start.take(read(rows[6:9], target="y"))


def test_bare_numbers_take_what_is_known_with_them():
    rows = history()
    taken = origin(rows).take([9.0, 10.0])
    assert taken.covariates.known_values[:, 0].tolist() == [4.5, 5, 5.5]
    assert taken.origin.covariates.known_values[:, 0].tolist() == [5.5]
    assert origin(rows).take([1.0] * 4).covariates is None  # three are known
    assert origin(history(heat=range(12)), past="heat").take(9.0).covariates is None
