"""Rows with any stamps brought to periods, and rows of one stamp put together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from statecast.errors import DataError, ParameterError
from statecast.series import Origin, read, read_future


def rows(stamps: object, values: object, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"when": pd.to_datetime(stamps), "amount": values, **columns})


def daily(first: str, last: str, **columns: object) -> pd.DataFrame:
    stamps = pd.date_range(first, last)
    return rows(stamps, np.arange(len(stamps)) % 10.0, **columns)


RESAMPLED = {"month": "MS", "quarter": "QS", "year": "YS", "week": "W-MON", "day": "D", "hour": "h", "30min": "30min"}


@pytest.mark.parametrize("every", RESAMPLED)
@settings(max_examples=9)
@given(how=st.sampled_from(["sum", "mean", "last"]), seed=st.integers(0, 10_000))
def test_as_pandas_resamples(every, how, seed):
    rng = np.random.default_rng(seed)
    spread = {"year": 1200, "day": 80, "hour": 3, "30min": 1}.get(every, 500)
    seconds = np.sort(rng.choice(spread * 86_400, size=60, replace=False))
    frame = rows(pd.Timestamp("2023-02-01 00:00") + pd.to_timedelta(seconds, unit="s"), rng.normal(size=60))
    alias = RESAMPLED[every]
    expected = frame.set_index("when")["amount"].resample(alias, label="left", closed="left").agg(how)
    if expected.isna().mean() > 0.4:
        return  # too much to fill
    panel = read(frame.sample(frac=1, random_state=seed), every=every, aggregate=how)
    assert panel.frequency.alias == alias
    seen = pd.Series(panel.values, panel.times)
    assert set(seen.index) <= set(expected.index)  # incomplete periods at the ends are left out
    assert len(seen) >= len(expected.dropna()) - 2 if how == "sum" else len(seen) >= 1
    kept = ~panel.filled if panel.filled is not None else np.ones(len(seen), bool)
    assert_allclose(seen[kept], expected[seen.index[kept]])


def test_periods_are_stamped_at_their_beginning_and_weeks_begin_on_monday():
    panel = read(daily("2024-01-01", "2024-03-31"), every="week")
    assert panel.frequency.alias == "W-MON"
    assert str(panel.times[0])[:10] == "2024-01-01"
    assert panel.values[0] == sum(range(7))
    assert "Brought to periods: the weekly sum of 91 rows." in panel.notes
    assert panel.columns.every == "week"


def test_a_period_without_rows_is_zero_in_a_sum_and_a_gap_in_a_mean():
    frame = daily("2024-01-01", "2024-05-31")
    frame = frame[frame["when"].dt.month != 3]
    panel = read(frame, every="month")
    assert panel.values[2] == 0
    assert panel.filled is None
    assert "1 period without rows is zero." in panel.notes
    mean = read(frame, every="month", aggregate="mean")
    assert mean.filled.tolist() == [False, False, True, False, False]
    assert mean.values[2] == (mean.values[1] + mean.values[3]) / 2


def test_blank_amounts_say_nothing():
    panel = read(rows(["2024-01-05", "2024-01-20", "2024-02-03", "2024-03-30"], [1, None, 3, 4]), every="month")
    assert panel.values.tolist() == [1, 3, 4]


# Periods that begin or end within the file


def test_an_incomplete_last_period_is_left_out_and_this_is_said():
    panel = read(daily("2024-01-01", "2024-05-20"), every="month")
    assert str(panel.times[-1])[:10] == "2024-04-01"
    assert "The last period, from 2024-05-01, was left out: the rows end on 2024-05-20." in panel.notes


def test_an_incomplete_first_period_is_left_out_and_this_is_said():
    panel = read(daily("2024-01-11", "2024-05-31"), every="month")
    assert str(panel.times[0])[:10] == "2024-02-01"
    assert "The first period, from 2024-01-01, was left out: the rows begin on 2024-01-11." in panel.notes


def test_whole_periods_are_kept():
    panel = read(daily("2024-01-01", "2024-05-31"), every="month")
    assert len(panel.values) == 5
    assert not any("left out" in note or "incomplete" in note for note in panel.notes)


def test_a_month_that_ends_on_a_weekend_is_whole_for_who_works_on_weekdays():
    stamps = pd.bdate_range("2024-01-01", "2024-03-29")  # a Friday, before two days off
    panel = read(rows(stamps, 1.0), every="month")
    assert panel.values.tolist() == [23, 21, 21]


def test_of_sparse_transactions_nothing_is_cut_but_doubt_is_said():
    stamps = ["2024-01-03", "2024-01-29", "2024-02-20", "2024-04-02", "2024-04-25", "2024-05-02", "2024-05-10"]
    panel = read(rows(stamps, range(1, 8)), every="month")
    assert panel.values.tolist() == [3, 3, 0, 9, 13]
    assert any(note.startswith("The last period, from 2024-05-01, may be incomplete") for note in panel.notes)


def test_a_rare_closure_does_not_hide_an_incomplete_month():
    frame = daily("2023-01-01", "2024-05-20")
    open_days = frame[~frame["when"].between("2023-12-22", "2024-01-06")]
    assert str(read(open_days, every="month").times[-1])[:10] == "2024-04-01"


def test_days_of_a_shop_end_when_it_closes():
    hours = pd.date_range("2024-01-01", "2024-01-20 23:00", freq="h")
    hours = hours[(hours.hour > 8) & (hours.hour < 18)]
    assert len(read(rows(hours, 1.0), every="day").values) == 20
    noon = read(rows(hours[:-5], 1.0), every="day")  # a night is as long
    assert len(noon.values) == 20
    assert "may be incomplete: the rows end on 2024-01-20 12:00" in noon.notes[-1]


def test_rows_that_come_by_chance_are_seldom_cut_off():
    rng = np.random.default_rng(4)
    cut = 0
    for _ in range(100):
        days = np.sort(rng.choice(365 * 3, size=150, replace=False))
        notes = read(rows(pd.Timestamp("2021-01-01") + pd.to_timedelta(days, unit="D"), 1.0), every="month").notes
        cut += any(note.startswith("The last period") and "left out" in note for note in notes)
    assert cut <= 6  # 2 in 100 are expected


def test_nights_do_not_make_a_month_incomplete():
    hours = pd.date_range("2024-01-01", "2024-03-31 23:00", freq="h")
    panel = read(rows(hours[(hours.hour > 8) & (hours.hour < 18)], 1.0), every="month")
    assert panel.values.tolist() == [31 * 9, 29 * 9, 31 * 9]


def test_a_period_alone_is_kept_if_it_is_whole():
    assert read(daily("2024-05-01", "2024-05-31"), every="month").values.tolist() == [sum(k % 10 for k in range(31))]
    assert read(rows(["2024-05-03"], [7.0]), every="month").values.tolist() == [7]
    with pytest.raises(DataError, match="no whole period"):
        read(daily("2024-05-01", "2024-05-20"), every="month")


def test_one_series_may_end_before_the_others():
    frame = pd.concat([daily("2024-01-01", "2024-05-31", shop="A"), daily("2024-01-01", "2024-03-10", shop="B")])
    panel = read(frame, every="month", id="shop")
    assert panel.lengths.tolist() == [5, 3]


# Covariates


def test_covariates_are_averaged_and_categories_happened_or_not():
    frame = daily("2024-01-01", "2024-02-29").assign(heat=[10.0] * 31 + [20.0] * 29)
    frame["promo"] = ["yes" if k == 3 else "no" for k in range(60)]
    seen = read(frame, every="month", target="amount", past="heat", known="promo").covariates
    assert seen.past_values.tolist() == [[10], [20]]
    assert seen.known_values.tolist() == [[1], [0]]


def test_the_future_is_brought_to_periods_as_well():
    frame = daily("2024-01-01", "2024-05-31").assign(price=lambda f: f["when"].dt.month * 1.0)
    whole = frame.assign(amount=frame["amount"].where(frame["when"] < "2024-04-01"))
    panel = read(whole, every="month", target="amount", known="price")
    assert len(panel.values) == 3
    assert panel.covariates.known_values[:, 0].tolist() == [1, 2, 3, 4, 5]
    start = Origin.of(read(frame[frame["when"] < "2024-04-01"], every="month", target="amount", known="price"))
    ahead = read_future(frame[frame["when"] >= "2024-04-01"].drop(columns="amount"), start)
    assert ahead.known_values[:, 0].tolist() == [4, 5]


def test_of_a_last_period_that_is_incomplete_the_rest_is_future():
    frame = daily("2024-01-01", "2024-05-31").assign(price=2.0)
    frame["amount"] = frame["amount"].where(frame["when"] < "2024-04-20")
    panel = read(frame, every="month", target="amount", known="price")
    assert len(panel.values) == 3
    assert panel.covariates.known_offsets.tolist() == [0, 5]


def test_new_rows_are_brought_to_the_same_periods():
    frame = daily("2024-01-01", "2024-04-30")
    start = Origin.of(read(frame[frame["when"] < "2024-03-01"], every="month", aggregate="mean"))
    taken = start.take(frame)
    assert_allclose(taken.values[0], frame.groupby(frame["when"].dt.month)["amount"].mean()[[3, 4]])
    again = start.take(frame[frame["when"] >= "2024-03-01"])
    assert_array_equal(again.values, taken.values)
    waits = start.take(frame[(frame["when"] >= "2024-03-01") & (frame["when"] < "2024-03-20")])
    assert waits.waits
    assert_array_equal(waits.origin.take(frame[frame["when"] >= "2024-03-20"]).values, taken.values)


# Rows of one stamp


def test_duplicates_are_put_together_where_asked():
    frame = rows(["2024-01-01", "2024-01-02", "2024-01-02", "2024-01-03"], [1, 2, 3, 4.0])
    for how, value in (("sum", 5), ("mean", 2.5), ("last", 3)):
        panel = read(frame, aggregate=how)
        assert panel.values.tolist() == [1, value, 4]
    assert "1 row had the time stamp of another" in " ".join(read(frame, aggregate="sum").notes)
    assert "they were put together by their sum" in " ".join(read(frame, aggregate="sum").notes)
    assert len(read(rows(["2024-01-01", "2024-01-02"], [1, 2]), aggregate="sum").notes) == 2
    with pytest.raises(DataError, match=r"already in row 1\. Keep one row for each .*, put them together with agg"):
        read(frame)


def test_a_gap_among_them_is_no_zero():
    frame = rows(["2024-01-01", "2024-01-02", "2024-01-02", "2024-01-04"], [1, 2, 3, 4.0])
    assert read(frame, aggregate="sum").values.tolist() == [1, 5, 4.5, 4]


# What is refused


def test_a_series_without_a_whole_period_is_refused():
    with pytest.raises(DataError, match=r"no whole period\. The first period, from 2024-01-01, was left out.*every="):
        read(daily("2024-01-11", "2024-02-20"), every="month")
    frame = pd.concat([daily("2024-01-01", "2024-03-10", shop="A"), daily("2024-03-02", "2024-03-10", shop="B")])
    with pytest.raises(DataError, match="no whole period of series 'B'"):
        read(frame, every="month", id="shop")


@pytest.mark.parametrize("every", ["B", "sometimes", "0min", "12"])
def test_what_is_no_period(every):
    with pytest.raises(ParameterError, match=every):
        read(daily("2024-01-01", "2024-01-09"), every=every)


def test_periods_take_dates_and_are_the_frequency():
    with pytest.raises(ParameterError, match="frequency already"):
        read(daily("2024-01-01", "2024-01-09"), every="week", freq="D")
    with pytest.raises(ParameterError, match="takes dates"):
        read(pd.DataFrame({"t": range(9), "y": range(9)}), every="week", target="y", time="t")


def test_too_many_periods_for_memory():
    frame = rows(["1700-01-01", "2024-01-01"], [1, 2])
    with pytest.raises(DataError, match="100,000,000 can be read"):
        read(frame, every="1min")


def test_irregular_stamps_hint_at_periods(write):
    stamps = pd.to_datetime(["2024-01-01 10:07", "2024-01-03 11:45", "2024-01-03 12:01", "2024-02-07 09:00"])
    with pytest.raises(DataError, match=r"not regular.*--every"):
        read(write(rows(stamps, [1, 2, 3, 4]).to_csv(index=False)))


# Periods that begin or end on a day of their own

ANCHORED = ["W-SUN", "W-MON", "W-WED", "W-SAT", "QS-NOV", "QS-FEB", "QE-JAN", "QE-DEC", "YS-JUL", "YE-JUN", "ME"]


@pytest.mark.parametrize("every", ANCHORED)
def test_anchored_periods_are_those_of_pandas(every):
    frame = daily("2019-01-01", "2024-12-31")
    expected = frame.set_index("when")["amount"].resample(every).sum()
    panel = read(frame, every=every)
    seen = pd.Series(panel.values, panel.times)
    assert len(expected) - len(seen) <= 2  # incomplete ones at the ends
    assert_allclose(seen, expected[seen.index])
    assert panel.columns.every == every


@pytest.mark.parametrize(
    ("old", "new"), [("Q-JAN", "QE-JAN"), ("A-JUN", "YE-JUN"), ("AS-JUL", "YS-JUL"), ("w-sat", "W-SAT")]
)
def test_old_spellings_of_anchored_periods_mean_the_same(old, new):
    frame = daily("2020-01-01", "2024-12-31")
    assert_array_equal(read(frame, every=old).times, read(frame, every=new).times)
    assert read(frame, every=old).frequency == read(frame, every=new).frequency


@pytest.mark.parametrize("every", ["2W-SAT", "2QS-NOV", "B", "MS+14D", "W-XYZ", "QS-MONDAY"])
def test_periods_that_leave_their_beginning_open_are_refused(every):
    with pytest.raises(ParameterError, match=r"every|frequency"):
        read(daily("2020-01-01", "2024-12-31"), every=every)


def test_new_rows_are_brought_to_the_same_anchored_periods():
    frame = daily("2024-01-07", "2024-03-30")  # from Sunday to Saturday
    origin = Origin.of(read(frame[:70], every="W-SAT"))
    taken = origin.take(frame)
    assert taken.values.ravel().tolist() == read(frame, every="W-SAT").values[10:].tolist()
    assert str(taken.origin.last[0])[:10] == "2024-03-30"


@pytest.mark.parametrize(
    ("every", "alias", "now"), [("ME", "MS", "month"), ("QS-NOV", "QS", "quarter"), ("W-SAT", "W-MON", "week")]
)
def test_a_model_that_took_an_alias_for_calendar_periods_goes_on_with_them(every, alias, now):
    frame = daily("2023-01-02", "2024-06-30")
    panel = read(frame[:400], every=now)
    assert panel.frequency.alias == alias
    origin = Origin.of(panel)
    old = replace(origin, columns=replace(origin.columns, every=every))
    assert_array_equal(old.take(frame).values, origin.take(frame).values)
