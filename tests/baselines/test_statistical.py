"""The methods of statsforecast, against statsforecast itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from statecast.baselines import METHODS, Statistical
from statecast.errors import ParameterError

models = pytest.importorskip("statsforecast.models")

every = pytest.mark.parametrize("method", METHODS)


def two_shops(values) -> pd.DataFrame:
    stamps = pd.date_range("1991-01-01", periods=len(values), freq="MS")
    frames = [pd.DataFrame({"unique_id": k, "ds": stamps, "y": y}) for k, y in (("a", values), ("b", values[::-1]))]
    return pd.concat(frames)


def test_there_is_no_other_method():
    with pytest.raises(ParameterError, match=r"method must be one of AutoETS, .*got 'Naive'"):
        Statistical("Naive")


@every
@pytest.mark.parametrize("season", [1, 12])
def test_forecasts_are_those_of_statsforecast(method, season, shampoo):
    expected = getattr(models, method)(season_length=season).fit(shampoo).predict(13)["mean"]
    assert_allclose(Statistical(method, season).fit(shampoo).forecast(13).mean[0], expected, rtol=1e-12)


@pytest.mark.parametrize("method", ["AutoETS", "AutoARIMA"])  # which see this season under its trend; Theta does not
@pytest.mark.parametrize("missing", [30, 57])
def test_a_missing_value_costs_neither_season_nor_trend(method, missing):
    """It is filled before: AutoARIMA itself would give the last value then, and others refuse."""
    months = np.arange(60)
    y = 100 + months + 10 * np.sin(2 * np.pi * months / 12) + np.random.default_rng(0).normal(size=60)
    table = pd.DataFrame({"ds": pd.date_range("2018-01-01", periods=60, freq="MS"), "y": y})
    whole = Statistical(method).fit(table).forecast(12).mean
    table.loc[missing, "y"] = np.nan
    assert_allclose(Statistical(method).fit(table).forecast(12).mean, whole, atol=3)
    assert np.ptp(whole) > 10


@every
def test_the_season_is_that_of_the_data(method, shampoo):
    by_month = Statistical(method).fit(two_shops(shampoo)).forecast(4).mean[0]
    assert_array_equal(by_month, Statistical(method, 12).fit(shampoo).forecast(4).mean[0])


@every
def test_an_update_keeps_the_parameters(method, shampoo):
    model = getattr(models, method)(season_length=12).fit(shampoo[:30])
    fitted = Statistical(method, 12).fit(shampoo[:30])
    before = fitted.forecast(3).mean
    assert_allclose(fitted.update(shampoo[30:]).forecast(3).mean[0], model.forward(shampoo, 3)["mean"])
    assert_array_equal(fitted.forecast(3).mean, before)


@pytest.mark.parametrize("method", ["AutoETS", "DynamicOptimizedTheta"])
def test_processes_change_no_number(method, shampoo):
    panel, told = sc.read(two_shops(shampoo)), []
    one = Statistical(method).fit(panel).forecast(5)
    two = Statistical(method).fit(panel, threads=2, progress=lambda *done: told.append(done)).forecast(5)
    assert_array_equal(one.mean, two.mean)
    assert told == [(1, 2), (2, 2)]


@every
@pytest.mark.parametrize("series", [[3.5] * 20, [5.0]], ids=["constant", "one row"])
def test_what_cannot_be_fitted_is_forecast_by_its_last_value(method, series):
    ahead = Statistical(method, 4).fit(series).forecast(3).mean[0]
    assert ahead.tolist() == [series[-1]] * 3
    assert Statistical(method, 4).fit(series).update(7.0).forecast(2).mean[0].tolist() == [7, 7]


def test_a_test_has_them_beside_the_network_and_combines_it_with_them(shampoo):
    result = sc.backtest(shampoo, sc.auto(epochs=5), test=6, refit=3, baselines="last_value,AutoETS,AutoTheta")
    assert list(result.baselines) == ["last_value", "AutoETS", "AutoTheta"]
    assert result.combination.baselines == ("AutoETS", "AutoTheta")
    parts = [result.mean, result.baseline_means["AutoETS"], result.baseline_means["AutoTheta"]]
    assert_allclose(result.combination.mean, np.mean(parts, axis=0))
    later = models.AutoETS(season_length=1).fit(shampoo[:33])
    assert result.baseline_means["AutoETS"][0, 3, 0] == later.predict(1)["mean"][0]
