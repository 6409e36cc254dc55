"""Gaps and missing values: filled by a rule, marked, said; and nothing later is seen."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from statecast.baselines import Drift
from statecast.errors import DataError
from statecast.series import Origin, read, walk

NAN = np.nan
RULES = ("linear", "season", "last", "zero")


def days(values: list[float], **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"ds": pd.date_range("2024-01-01", periods=len(values)), "y": values, **columns})


@pytest.mark.parametrize(
    ("rule", "filled"),
    [
        ("linear", [1, 2, 3, 4, 5, 6, 7, 8.5, 10, 11]),
        ("season", [1, 2, 3, 4, 5, 6, 7, 8, 10, 11]),  # 5 a season before, 7 - 4 above it
        ("last", [1, 2, 3, 4, 5, 6, 7, 7, 10, 11]),
        ("zero", [1, 2, 3, 4, 5, 6, 7, 0, 10, 11]),
    ],
)
@pytest.mark.parametrize("absent", ["row", "value"])
def test_rules(rule, filled, absent):
    frame = days([1, 2, 3, 4, 5, 6, 7, NAN, 10, 11.0])
    panel = read(frame.dropna() if absent == "row" else frame, gaps=rule, season=3)
    assert_allclose(panel.values, filled)
    assert panel.filled.tolist() == [k == 7 for k in range(10)]
    assert_array_equal(panel.times, frame["ds"].to_numpy().astype("M8[us]"))
    assert panel.columns.gaps == rule


def test_by_the_season_a_gap_longer_than_it_goes_on_and_an_early_one_is_a_line():
    wave = np.tile([0.0, 5.0, 9.0], 5) + 2 * np.arange(15)
    wave[[1, *range(7, 12)]] = NAN
    values = read(days(wave), gaps="season", season=3).values
    assert values[1] == (wave[0] + wave[2]) / 2
    assert_allclose(np.delete(values, 1), np.delete(np.tile([0.0, 5.0, 9.0], 5) + 2 * np.arange(15), 1))


def test_nothing_missing_nothing_marked():
    panel = read(days([1, 2, 3]))
    assert (panel.filled, panel.carried) == (None, None)


def test_what_was_filled_is_said_and_where(write):
    path = write("ds,y\n2024-01-01,1\n2024-01-02,\n2024-01-03,3\n2024-01-05,5\n2024-01-06,6\n")
    note = read(path).notes[-1]
    assert note.startswith("2 missing values were filled by straight lines, the first at 2024-01-02: ")
    assert "neither in learning nor in the test" in note
    assert note.endswith("--gaps.")
    frame = pd.concat([days([1, 2, 3, 4]).assign(unique_id="A"), days([1, NAN, 3, 4]).assign(unique_id="B")])
    note = read(frame, gaps="last").notes[-1]
    assert "1 missing value was filled by the value before at 2024-01-02 of series 'B'" in note


def test_values_missing_at_the_ends_are_left_out():
    panel = read(days([NAN, NAN, 1, 2, 3, NAN]))
    assert panel.values.tolist() == [1, 2, 3]
    assert str(panel.times[0])[:10] == "2024-01-03"
    assert panel.filled is None
    assert "2 rows before the first value were left out." in panel.notes
    assert "1 row after the last value was left out." in panel.notes


def test_more_than_half_is_not_filled():
    assert read(days([1, NAN, NAN, 4])).values.tolist() == [1, 2, 3, 4]
    with pytest.raises(DataError, match=r"row 0: from 2024-01-01 on, 3 of 5 daily values are missing.*freq=.*every="):
        read(days([1, NAN, NAN, NAN, 5]))
    both = [days([1, 2, 3, 4]).assign(unique_id="A"), days([1, 2, 3, 4, 5, 6]).assign(unique_id="B").iloc[[0, 5]]]
    with pytest.raises(DataError, match=r"series 'B', column 'y', row 4: from 2024-01-01 on, 4 of 6 daily"):
        read(pd.concat(both, ignore_index=True))


def test_a_typing_error_in_a_year_fills_no_memory():
    frame = days(list(range(30)))
    frame["ds"] = frame["ds"].astype("datetime64[us]")  # nanoseconds do not reach so far
    frame.loc[29, "ds"] = pd.Timestamp("9024-01-30")
    with pytest.raises(DataError, match="missing"):
        read(frame)


FREQUENCIES = ["MS", "ME", "QS", "YS", "W-SUN", "W-MON", "D", "B", "h", "30min", "15min"]


@pytest.mark.parametrize("alias", FREQUENCIES)
def test_every_frequency_from_file_to_panel(write, alias):
    stamps = pd.date_range("2019-12-01", periods=40, freq=alias)
    frame = pd.DataFrame({"t": stamps, "y": np.arange(40.0)})
    panel = read(write(frame.drop(index=[7, 20, 21]).to_csv(index=False)))
    assert panel.frequency.alias == alias
    assert_array_equal(panel.times, stamps.to_numpy().astype("M8[us]"))
    assert_allclose(panel.values, np.arange(40))
    assert np.flatnonzero(panel.filled).tolist() == [7, 20, 21]


def test_counts_of_steps_from_file_to_panel(write):
    panel = read(write("t,y\n" + "".join(f"{t},{t}\n" for t in range(0, 60, 5) if t != 25)))
    assert panel.frequency.alias == "5"
    assert panel.times.tolist() == list(range(0, 60, 5))
    assert panel.values.tolist() == list(range(0, 60, 5))


def test_business_days_without_holidays_are_business_days_with_gaps(write):
    stamps = pd.bdate_range("2023-01-02", "2023-12-29")
    closed = pd.to_datetime(["2023-01-16", "2023-04-07", "2023-05-29", "2023-07-04", "2023-09-04", "2023-11-23"])
    frame = pd.DataFrame({"Date": stamps, "Close": 100 + np.arange(len(stamps))})
    panel = read(write(frame[~frame["Date"].isin(closed)].to_csv(index=False)), gaps="last")
    assert panel.frequency.alias == "B"
    assert_array_equal(panel.times[panel.filled], closed.to_numpy().astype("M8[us]"))
    before = frame["Close"][stamps.searchsorted(closed) - 1]
    assert_array_equal(panel.values[panel.filled], before)


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1, None, 3, 4], dtype="Int64"),
        pd.Series([1, None, 3, 4], dtype="Float64"),
        pd.Series([1, None, 3, 4], dtype="double[pyarrow]"),
        pd.Series([Decimal(1), None, Decimal(3), Decimal(4)], dtype=object),
        pd.Series(["1", None, "3", "4"]),
    ],
    ids=["Int64", "Float64", "arrow", "decimal", "text"],
)
def test_nulls_of_frames(column):
    panel = read(days([0.0] * 4).assign(y=column))
    assert panel.values.tolist() == [1, 2, 3, 4]
    assert panel.filled.tolist() == [False, True, False, False]


def test_nulls_of_arrow_polars_and_periods():
    stamps = np.arange("2024-01-01", "2024-01-05", dtype="M8[D]")
    assert read(pa.table({"ds": stamps, "y": pa.array([1, None, 3, 4])})).values.tolist() == [1, 2, 3, 4]
    pl = pytest.importorskip("polars")
    assert read(pl.DataFrame({"ds": stamps, "y": [1, None, 3, 4]})).values.tolist() == [1, 2, 3, 4]
    periods = pd.period_range("2024-01", periods=4, freq="M")
    assert read(pd.Series([1, NAN, 3, 4], index=periods)).values.tolist() == [1, 2, 3, 4]
    assert read(pd.DataFrame({"m": periods, "y": [1, NAN, 3, 4]})).values.tolist() == [1, 2, 3, 4]


# Covariates


def test_past_covariates_are_carried_on_and_known_ones_are_lines_and_categories_last():
    frame = days(
        [1, 2, 3, 4, 5, 6],
        heat=[NAN, 1, NAN, 3, NAN, NAN],
        price=[1, NAN, 3, NAN, NAN, 9],
        promo=["a", "b", None, "c", None, "b"],
    )
    seen = read(frame, target="y", past="heat", known="price,promo").covariates
    assert seen.past_values[:, 0].tolist() == [1, 1, 1, 3, 3, 3]
    assert seen.known_values[:, 0].tolist() == [1, 2, 3, 5, 7, 9]
    assert seen.known_values[:, 1:].tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 1, 0]]
    notes = read(frame, target="y", past="heat", known="price,promo").notes
    assert "4 blank cells of the covariate 'heat' were filled, the first at 2024-01-01." in notes
    assert "3 blank cells of the covariate 'price' were filled, the first at 2024-01-02." in notes


def test_rows_that_were_not_there_have_covariates():
    frame = days([1, 2, 3, 4], heat=[5.0, 6, 7, 8], price=[1.0, 2, 3, 4]).drop(index=2)
    panel = read(frame, target="y", past="heat", known="price")
    assert panel.values.tolist() == [1, 2, 3, 4]
    assert panel.covariates.past_values[:, 0].tolist() == [5, 6, 6, 8]
    assert panel.covariates.known_values[:, 0].tolist() == [1, 2, 3, 4]


def test_a_covariate_that_is_blank_for_a_series_is_refused():
    frame = pd.concat([days([1, 2], heat=[1, 2], unique_id="A"), days([1, 2], heat=[NAN, NAN], unique_id="B")])
    with pytest.raises(DataError, match="the covariate 'heat' is blank for all of series 'B'"):
        read(frame, past="heat")


def test_targets_that_begin_and_end_apart_see_what_is_there():
    panel = read(days([1, 2, 3, 4, NAN], z=[NAN, 5, NAN, 7, 8]), target="y,z")
    assert panel.values.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert panel.filled.tolist() == [False] * 5 + [True] + [False] * 2
    assert panel.covariates.past_values.tolist() == [[1, 5], [2, 5], [3, 5], [4, 7], [2, 5], [3, 5], [4, 7], [4, 8]]


# Nothing later is seen

FIRST = [float(k * k % 7) for k in range(26)]
VALUES = st.lists(st.one_of(st.none(), st.floats(-9, 9)), min_size=1, max_size=12)


@pytest.mark.parametrize("rule", RULES)
@given(before=VALUES, after=VALUES, other=VALUES, season=st.integers(1, 4))
def test_what_comes_after_a_window_does_not_change_it(rule, before, after, other, season):
    seen = [*FIRST, *before]
    one, two = (read(np.array([*seen, *later, 2.0], float), gaps=rule, season=season) for later in (after, other))
    assert_array_equal(one.window(None, len(seen)).values, two.window(None, len(seen)).values)


@pytest.mark.parametrize("rule", RULES)
@given(before=VALUES, later=st.tuples(st.floats(-9, 9), st.floats(-9, 9)), season=st.integers(1, 4))
def test_a_gap_is_not_filled_by_what_ends_it_until_that_is_known(rule, before, later, season):
    seen = [*FIRST, *before, None]
    one, two = (read(np.array([*seen, end], float), gaps=rule, season=season) for end in later)
    assert_array_equal(one.window(None, -1).values, two.window(None, -1).values)
    for k in range(len(FIRST), len(seen)):  # each on its own, as in a walk
        assert_array_equal(one.window(k, k + 1).values, two.window(k, k + 1).values)


def test_a_walk_does_not_see_the_end_of_a_gap_before_its_time():
    one, two = (read(np.array([*FIRST, 3, NAN, NAN, end, 5, 6.0])) for end in (4.0, 400.0))
    before, after = (
        walk(Drift().fit(panel.window(None, -6)), panel.window(-6, None), 1).mean[0, :, 0] for panel in (one, two)
    )
    assert_array_equal(before[:4], after[:4])  # the last of them is forecast from within the gap
    assert before[4] != after[4]


def test_inside_a_window_a_gap_is_a_line():
    panel = read(days([1, NAN, 3, NAN, 5, 6]))
    assert panel.window(None, 4).values.tolist() == [1, 2, 3, 3]
    assert panel.window(None, 5).values.tolist() == [1, 2, 3, 4, 5]
    assert panel.window(3, 4).values.tolist() == [3]
    assert panel.window(None, 5).window(None, -1).values.tolist() == [1, 2, 3, 3]
    assert panel.window(3, 4).filled.tolist() == [True]


def test_new_rows_with_a_gap_are_filled():
    start = Origin.of(read(days([1, 2, 3])))
    assert start.take(days([1, 2, 3, 4, NAN, 6])).values.tolist() == [[4, 5, 6]]
    assert Origin.of(read(days([1, 2, 3]), gaps="last")).take(days([1, 2, 3, 4, NAN, 6])).values.tolist() == [[4, 4, 6]]
    with pytest.raises(DataError, match="missing"):
        Origin.of(read(days([1, 2, 3]), gaps="refuse")).take(days([1, 2, 3, 4, NAN, 6]))
