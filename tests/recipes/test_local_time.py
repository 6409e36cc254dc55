"""Seasons of local time, through the changes of clocks, and weeks of the year: each peak where people see it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from statecast.baselines import LastSeason

BERLIN = "Europe/Berlin"
RECIPES = {
    "auto": sc.auto(horizon=120, members=1, epochs=5),
    "shared": sc.shared(horizon=120, members=1, epochs=5, units=5),
    "counts": sc.counts(horizon=120, members=1, epochs=5),
    "last season": LastSeason(168, longer=True),
}
CHANGES = {
    "autumn": ("2024-09-20", "2024-10-25"),
    "autumn, seen": ("2024-09-20", "2024-10-30"),
    "spring": ("2024-02-20", "2024-03-29"),
}


def hours(first: str, last: str, zone: str = BERLIN) -> pd.DataFrame:
    """Return a day with a peak at 8 local time, lower at weekends."""
    utc = pd.date_range(pd.Timestamp(first, tz=zone), pd.Timestamp(last, tz=zone), freq="h", inclusive="left")
    local = utc.tz_convert(zone)
    y = 100 + 80 * np.exp(-0.5 * (np.asarray(local.hour) - 8.0) ** 2)
    y = y * np.where(local.day_of_week >= 5, 0.7, 1.0) + np.random.default_rng(1).normal(0, 1, len(y))
    return pd.DataFrame({"t": local.tz_localize(None), "y": np.round(y)})


def peaks(times: np.ndarray, mean: np.ndarray, zone: str = BERLIN) -> set[int]:
    """Return the local hours of the peaks of whole days."""
    local = pd.DatetimeIndex(times).tz_localize("UTC").tz_convert(zone)
    days = pd.Series(mean, index=local).groupby(local.date)
    return {int(day.idxmax().hour) for _, day in days if len(day) >= 23}


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize(("first", "last"), CHANGES.values(), ids=CHANGES.keys())
def test_the_peak_stays_at_its_local_hour(name, first, last):
    ahead = RECIPES[name].fit(sc.read(hours(first, last), time_zone=BERLIN)).forecast(120)
    assert peaks(ahead.times[0], ahead.mean[0]) == {8}


@pytest.mark.parametrize("name", RECIPES)
def test_updates_through_the_change_go_on_at_the_local_hour(name, tmp_path):
    frame = hours("2024-09-20", "2024-10-30")
    panel = sc.read(frame, time_zone=BERLIN)
    fitted = RECIPES[name].fit(panel.window(None, -96))
    fitted.save(tmp_path / "model.statecast")
    for model in (fitted, sc.load(tmp_path / "model.statecast")):
        ahead = model.update(panel.window(-96, None)).forecast(120)
        assert peaks(ahead.times[0], ahead.mean[0]) == {8}
        at_once, each = model.update(panel.values[-96:]), model
        for value in panel.values[-96:]:
            each = each.update(float(value))
        assert_allclose(each.forecast(48).mean, at_once.forecast(48).mean, rtol=1e-9)


def test_without_a_zone_nothing_changes():
    frame = hours("2024-05-01", "2024-06-10")
    plain, zoned = (RECIPES["auto"].fit(sc.read(frame, **kw)).forecast(24) for kw in ({}, {"time_zone": BERLIN}))
    assert_array_equal(plain.mean, zoned.mean)  # no change of clocks in it


def test_explained_slopes_of_local_seasons_are_those_of_the_forecasts():
    from statecast.recipes import _auto_influence

    panel = sc.read(hours("2024-10-10", "2024-10-30"), time_zone=BERLIN)
    fitted = sc.auto(horizon=3, members=1, epochs=3).fit(panel)
    (part,) = fitted.grouped.parts
    explained = _auto_influence.influence(part, panel, 0, 10_000, np.array([1.0]))
    assert_allclose(explained.forecasts[0], fitted.forecast(3).members[0, 0], rtol=1e-5)


def weeks(day: str, weekday: str, years: int, end: str) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """Return weeks with a peak in the one that holds a day of the year."""
    stamps = pd.date_range(end=end, periods=52 * years + years // 5, freq=weekday)
    return stamps, 100 + 150.0 * holds(stamps, day) + np.random.default_rng(0).normal(0, 3, len(stamps))


def holds(stamps: pd.DatetimeIndex, day: str) -> np.ndarray:
    days = [pd.Timestamp(f"{year}-{day}") for year in range(stamps[0].year, stamps[-1].year + 2)]
    return np.array([any(0 <= (one - stamp).days < 7 for one in days) for stamp in stamps])


@pytest.mark.parametrize("day", ["12-25", "07-04", "02-14", "11-29"])
@pytest.mark.parametrize(("years", "end"), [(4, "2023-07-03"), (8, "2026-06-29"), (12, "2021-06-28")])
def test_the_peak_of_a_year_is_in_its_week(day, years, end):
    stamps, y = weeks(day, "W-MON", years, end)
    ahead = sc.auto(horizon=54, members=1, epochs=5).fit(pd.DataFrame({"t": stamps, "y": y})).forecast(54)
    here = holds(pd.DatetimeIndex(ahead.times[0]), day)
    assert ahead.mean[0][here].min() > 220
    assert ahead.mean[0][~here].max() < 130


@pytest.mark.parametrize("name", ["shared", "counts", "last season"])
def test_other_recipes_have_christmas_in_its_week(name):
    recipe = {
        "shared": sc.shared(horizon=52, members=1, epochs=5, units=5),
        "counts": sc.counts(horizon=52, members=1, epochs=5),
        "last season": LastSeason(52),
    }[name]
    stamps, y = weeks("12-25", "W-SUN", 6, "2023-07-03")
    ahead = recipe.fit(pd.DataFrame({"t": stamps, "y": np.round(y)})).forecast(52)
    here = holds(pd.DatetimeIndex(ahead.times[0]), "12-25")
    assert ahead.mean[0][here].min() > 200
    assert ahead.mean[0][~here].max() < 140


def test_tables_tell_local_time_with_its_distance_from_utc(tmp_path):
    from statecast.distributed import fit_forecast

    frame = hours("2024-10-01", "2024-10-27")
    panel = sc.read(frame, time_zone=BERLIN)
    ahead = RECIPES["auto"].fit(panel).forecast(4)
    assert str(ahead.times[0, 0]) == "2024-10-26T22:00:00.000000"  # arrays are in UTC
    assert [str(at) for at in ahead.to_frame().ds] == [
        "2024-10-27 00:00:00+02:00",
        "2024-10-27 01:00:00+02:00",
        "2024-10-27 02:00:00+02:00",
        "2024-10-27 02:00:00+01:00",
    ]
    assert str(ahead.to_arrow().schema.field("ds").type) == f"timestamp[us, tz={BERLIN}]"
    tested = sc.backtest(panel, RECIPES["auto"], test=2).to_frame()
    assert [str(at) for at in tested.ds] == ["2024-10-26 22:00:00+02:00", "2024-10-26 23:00:00+02:00"]
    two = pd.concat([frame.assign(unique_id=name) for name in "ab"])
    many = sc.read(two, time="t", target="y", id="unique_id", time_zone=BERLIN)
    out = tmp_path / "ahead.csv"
    fit_forecast(many, RECIPES["auto"], horizon=4, out=out)
    written = pd.read_csv(out).ds.tolist()
    assert written[:4] == [str(at) for at in ahead.to_frame().ds]


def test_a_frame_with_a_zone_needs_no_option():
    frame = hours("2024-09-20", "2024-10-25")
    frame["t"] = pd.DatetimeIndex(frame.t).tz_localize(BERLIN, ambiguous="infer")
    ahead = RECIPES["auto"].fit(frame).forecast(120)
    assert peaks(ahead.times[0], ahead.mean[0]) == {8}
    assert str(ahead.to_frame().ds.dt.tz) == BERLIN


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Australia/Adelaide", "Asia/Kathmandu", BERLIN])
def test_hours_begin_when_the_clocks_of_the_zone_show_them(zone):
    utc = pd.date_range("2024-03-20", "2024-04-20", freq="15min", tz=zone)
    local = utc.tz_convert(zone)
    frame = pd.DataFrame({"t": local.tz_localize(None), "y": np.where(local.hour == 8, 1.0, 0.0)})
    panel = sc.read(frame, every="hour", time_zone=zone)
    assert set(panel.values) == {0.0, 4.0}  # no hour has some of the quarters of another
