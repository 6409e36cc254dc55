from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

import statecast as sc
from statecast.baselines import LastSeason, last_value
from statecast.errors import DataError


def test_last_value_repeats_the_last_observation():
    fitted = last_value().fit([3.0, 1.0, 4.0])
    assert fitted.forecast(3).mean.tolist() == [[4, 4, 4]]
    assert fitted.update(7.0).forecast(2).mean.tolist() == [[7, 7]]
    assert fitted.forecast(1).mean.tolist() == [[4]]


def test_last_season_is_aligned_with_the_season():
    fitted = LastSeason(3).fit([1.0, 2.0, 3.0, 4.0, 5.0])
    assert fitted.forecast(4).mean.tolist() == [[3, 4, 5, 3]]
    assert fitted.update([6.0]).forecast(3).mean.tolist() == [[4, 5, 6]]


def test_names():
    assert (last_value().name, LastSeason(12).name) == ("last_value", "last_season")


def test_too_short():
    with pytest.raises(DataError, match="takes 12 observations, got 2"):
        LastSeason(12).fit([1.0, 2.0])


def test_walk_forward_agrees_with_shifting_the_series(shampoo):
    fitted = last_value().fit(shampoo[:24])
    forecasts = []
    for value in shampoo[24:]:
        forecasts.append(fitted.forecast(1).mean[0, 0])
        fitted = fitted.update(value)
    assert_array_equal(forecasts, shampoo[23:-1])
    assert np.sqrt(np.mean((np.array(forecasts) - shampoo[24:]) ** 2)) == pytest.approx(136.761, abs=5e-4)


@pytest.mark.parametrize("year", [2016, 2017, 2022, 2023])
@pytest.mark.parametrize("back", [0, 1, 2])
@pytest.mark.parametrize("weekday", ["W-SUN", "W-MON", "W-SAT"])
def test_a_week_of_the_year_that_the_last_season_lacks_is_that_of_the_year_before(year, back, weekday):
    end = pd.Timestamp(f"{year}-12-25") - pd.Timedelta(days=7 * back + 6)
    weeks = pd.date_range(end=end, periods=208, freq=weekday)
    christmas = [any(0 <= (pd.Timestamp(f"{y}-12-25") - w).days < 7 for y in (w.year, w.year + 1)) for w in weeks]
    values = 100.0 + 150 * np.array(christmas)
    fitted = LastSeason(52).fit(pd.DataFrame({"t": weeks[:156], "y": values[:156]}))
    assert_array_equal(fitted.forecast(52).mean[0], values[156:])


@pytest.mark.parametrize("origin", ["2024-03-31 03:00", "2024-04-03 12:00", "2024-10-27 02:00", "2024-10-30 12:00"])
def test_an_hour_of_the_week_that_the_last_one_lacks_is_that_of_the_week_before(origin, tmp_path):
    stamps = pd.date_range(end=pd.Timestamp(origin, tz="UTC") + pd.Timedelta(hours=168), periods=24 * 35, freq="h")
    local = stamps.tz_convert("Europe/Berlin")
    values = np.asarray(local.day_of_week * 24 + local.hour, np.float64)
    panel = sc.read(pd.DataFrame({"t": stamps, "y": values}), time_zone="Europe/Berlin")
    fitted = LastSeason(168, longer=True).fit(panel.window(None, -168))
    assert_array_equal(fitted.forecast(168).mean[0], values[-168:])
    assert fitted.recipe == LastSeason(168, longer=True)
    fitted.save(tmp_path / "model.statecast")
    updated = sc.load(tmp_path / "model.statecast").update(panel.window(-168, -100))
    assert_array_equal(updated.forecast(100).mean[0], values[-100:])


def test_a_series_shorter_than_two_seasons_keeps_what_it_has():
    stamps = pd.date_range("2024-10-20", periods=200, freq="h", tz="UTC")
    panel = sc.read(pd.DataFrame({"t": stamps, "y": np.arange(200.0)}), time_zone="Europe/Berlin")
    assert np.isfinite(LastSeason(168, longer=True).fit(panel).forecast(400).mean).all()
