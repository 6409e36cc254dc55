"""Columns computed from the time stamps: holidays and terms of the calendar."""

from __future__ import annotations

import sys

import holidays
import numpy as np
import pandas as pd
import pytest

from statecast.errors import DataError, ParameterError
from statecast.series import Origin, Panel, read, read_future

AHEAD = 1000


def series(first: str, count: int, freq: str) -> pd.DataFrame:
    return pd.DataFrame({"t": pd.date_range(first, periods=count, freq=freq), "y": np.arange(count) % 7})


def column(panel: Panel, name: str) -> pd.Series:
    """Return a known column by time stamp."""
    seen = panel.covariates
    stamps = pd.date_range(panel.times[0], periods=len(seen.known_values), freq=panel.frequency.alias)
    return pd.Series(seen.known_values[:, seen.known.index(name)], stamps)


def test_a_day_is_a_holiday_or_not():
    pytest.importorskip("holidays")
    holiday = column(read(series("2023-10-30", 20, "D"), holidays="AU-VIC"), "holiday")
    assert len(holiday) == 20 + AHEAD
    assert holiday["2023-11-07"] == 1  # Melbourne Cup
    assert holiday["2024-01-26"] == 1  # Australia Day
    assert holiday["2024-01-25"] == 0


def test_every_hour_of_a_holiday_is_one():
    pytest.importorskip("holidays")
    holiday = column(read(series("2024-10-02", 30, "h"), holidays="DE"), "holiday")
    assert holiday["2024-10-02"].sum() == 0
    assert holiday["2024-10-03"].tolist() == [1] * 24  # Tag der Deutschen Einheit
    assert holiday["2024-10-04"].sum() == 0


@pytest.mark.parametrize("freq", ["MS", "ME"])
def test_months_count_their_holidays(freq):
    pytest.importorskip("holidays")
    holiday = column(read(series("2023-01-01", 12, freq), holidays="US"), "holiday")
    assert holiday["2024-01"].item() == 2  # New Year, Martin Luther King
    assert holiday["2024-08"].item() == 0
    assert holiday["2024-11"].item() == 2  # Veterans, Thanksgiving


def test_weeks_count_the_holidays_from_their_stamp_on():
    pytest.importorskip("holidays")
    holiday = column(read(series("2024-12-02", 8, "W-MON"), holidays="DE"), "holiday")
    assert holiday["2024-12-16"] == 0
    assert holiday["2024-12-23"] == 2  # Christmas and the day after


@pytest.mark.parametrize(("country", "words"), [("Atlantis", "Atlantis"), ("AU-XYZ", "XYZ"), ("", "")])
def test_unknown_countries_are_named(country, words):
    pytest.importorskip("holidays")
    if not country:
        assert read(series("2024-01-01", 8, "D"), holidays=country).covariates is None
        return
    with pytest.raises(ParameterError, match=f"holidays of '{country}' are not known: .*{words}.*ISO 3166"):
        read(series("2024-01-01", 8, "D"), holidays=country)


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(ParameterError, match=r"pip install 'statecast\[holidays\]'"):
        read(series("2024-01-01", 8, "D"), holidays="DE")


def test_months_have_their_weekdays():
    panel = read(series("2024-01-01", 8, "MS"), calendar=True)
    weekdays = column(panel, "weekdays")
    by_hand = {month: np.busday_count(month, np.datetime64(month, "M") + 1) for month in ("2024-02", "2024-06")}
    assert weekdays["2024-02"].item() == by_hand["2024-02"] == 21
    assert weekdays["2024-06"].item() == by_hand["2024-06"] == 20
    assert column(read(series("2024-01-31", 8, "ME"), calendar=True), "weekdays")["2024-02"].item() == 21
    assert "Computed from the time stamps: 'weekdays'." in panel.notes


def test_the_day_of_the_year_goes_round_once_a_year():
    panel = read(series("2021-01-01", 800, "D"), calendar=True)
    assert panel.covariates.known == ("year sine", "year cosine")
    sine, cosine = column(panel, "year sine"), column(panel, "year cosine")
    assert (sine["2022-01-01"], cosine["2022-01-01"]) == (0, 1)
    assert cosine["2022-07-02"] == pytest.approx(-1, abs=1e-3)
    assert sine["2022-04-02"] == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(sine**2 + cosine**2, 1)


def test_hours_know_the_weekend():
    weekend = column(read(series("2024-03-01", 30, "h"), calendar=True), "weekend")  # a Friday
    assert weekend["2024-03-01"].sum() == 0
    assert weekend["2024-03-02"].tolist() == [1] * 24
    assert weekend["2024-03-03"].tolist() == [1] * 24
    assert weekend["2024-03-04"].sum() == 0


def test_where_no_term_fits_this_is_said():
    panel = read(series("1990-01-01", 20, "YS"), calendar=True)
    assert panel.covariates is None
    assert panel.notes[-1].startswith("No term of the calendar fits")


def test_counts_of_steps_have_no_calendar():
    frame = pd.DataFrame({"t": range(8), "y": range(8)})
    with pytest.raises(DataError, match="take dates as time stamps"):
        read(frame, target="y", time="t", calendar=True)


def test_computed_columns_go_as_far_as_the_others_are_known():
    frame = series("2024-01-01", 10, "MS").assign(price=range(10)).astype({"y": float})
    frame.loc[7:, "y"] = np.nan
    panel = read(frame, target="y", known="price", calendar=True)
    assert panel.covariates.known == ("price", "weekdays")
    assert panel.covariates.known_offsets.tolist() == [0, 10]
    start = Origin.of(read(frame[:7], target="y", known="price", calendar=True))
    ahead = read_future(frame[7:], start)
    np.testing.assert_array_equal(ahead.known_values, panel.covariates.known_values[7:])


def test_new_rows_have_the_terms_of_the_panel_however_few_they_are():
    frame = series("2021-01-01", 800, "D")
    start = Origin.of(read(frame[:790], calendar=True))
    taken = start.take(frame[790:])
    whole = read(frame, calendar=True).covariates
    np.testing.assert_array_equal(taken.covariates.known_values[:10], whole.known_values[790:800])
    assert taken.origin.covariates.known_offsets.tolist() == [0, AHEAD]


@pytest.mark.parametrize(
    ("weekday", "from_stamp"), [("W-SAT", False), ("W-FRI", False), ("W-SUN", True), ("W-MON", True)]
)
def test_holidays_of_a_week_are_those_of_the_days_that_its_stamp_stands_for(weekday, from_stamp):
    stamps = pd.date_range("2022-01-01", "2024-01-10", freq=weekday)
    panel = read(pd.DataFrame({"t": stamps, "y": np.arange(float(len(stamps)))}), holidays="US")
    days = pd.DatetimeIndex(
        sorted(pd.Timestamp(day) for day in holidays.country_holidays("US", years=range(2021, 2026)))
    )
    first = stamps if from_stamp else stamps - pd.Timedelta(days=6)
    expected = [float(((days >= begin) & (days < begin + pd.Timedelta(days=7))).sum()) for begin in first]
    assert panel.covariates.known_values[: len(stamps), 0].tolist() == expected
    assert any(f"days {'from' if from_stamp else 'up to'} its time stamp" in note for note in panel.notes)


def test_weeks_that_rows_were_brought_to_have_their_own_holidays():
    days = pd.date_range("2022-01-01", "2024-01-10")
    panel = read(pd.DataFrame({"t": days, "y": 1.0}), every="W-WED", holidays="US")
    known = {pd.Timestamp(day) for day in holidays.country_holidays("US", years=range(2021, 2026))}
    ends = pd.DatetimeIndex(panel.times)
    expected = [float(sum(end - pd.Timedelta(days=back) in known for back in range(7))) for end in ends]
    assert panel.covariates.known_values[: len(ends), 0].tolist() == expected
