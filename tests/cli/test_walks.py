"""Refits, windows and baselines of the test, and --use, as a user types them."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest

import statecast as sc
from statecast.baselines import Drift, LastSeason, last_value
from statecast.recipes import Combination

QUICK = ("--epochs", 20, "--members", 2)
NETWORK = sc.auto(epochs=20, members=2)


@pytest.fixture
def line(tmp_path):
    """Return a file of a straight line: the drift has no error."""
    path = tmp_path / "line.csv"
    path.write_text("day,y\n" + "".join(f"{d},{3 * d}\n" for d in range(60)))
    return path


def test_the_test_is_walked_as_asked(statecast, sales):
    options = ("--test", 6, "--refit", 2, "--windows", 3, "--sliding", 15, "--baselines", "drift,last_value")
    document = json.loads(statecast("backtest", sales, *QUICK, *options, "--json").out)
    result = sc.backtest(
        str(sales),
        sc.auto(epochs=20, members=2, horizon=1),
        6,
        refit=2,
        windows=3,
        sliding=15,
        baselines="drift,last_value",
    )
    assert [row["mean"] for row in document["test"]] == result.mean.ravel().tolist()
    assert list(document["baselines"]) == ["drift", "last_value"]
    assert (document["verdict"], document["p_value"]) == (result.verdict, result.p_value)
    assert document["decisions"][-1] == f"Decided from the series: {', '.join(result.decisions)}."


def test_by_default_the_network_makes_the_forecast(statecast, sales):
    document = json.loads(statecast("forecast", sales, *QUICK, "--json").out)
    assert (document["use"], document["method"]) == ("network", "auto")
    assert document["p_value"] is None  # of one origin
    assert "Forecast of Sales by the network\n" in statecast("forecast", sales, *QUICK).out


def test_use_best_forecasts_with_a_baseline_that_wins(statecast, line, tmp_path):
    options = ("--recipe", "counts", "--horizon", 3, "--use", "best")  # its level is behind the line
    document = json.loads(statecast("forecast", line, *QUICK, *options, "--json").out)
    assert (document["use"], document["method"]) == ("best", "drift")
    assert [row["mean"] for row in document["forecast"]] == [180, 183, 186]
    assert document["recipe"]["name"] == "counts"  # what was tested
    ran = statecast("forecast", line, *QUICK, *options, "--plot", tmp_path / "line.svg")
    assert "Forecast of y by the drift" in ran.out
    assert "A baseline wins: the drift" in ran.out
    assert "history and forecast by the drift" in (tmp_path / "line.svg").read_text()


def test_use_combination_forecasts_with_the_average(statecast, sales):
    document = json.loads(statecast("forecast", sales, *QUICK, "--use", "combination", "--json").out)
    tested = sc.backtest(str(sales), NETWORK, 12, horizon=12)
    name = tested.combination.baselines[0]
    assert document["method"] == "combination"
    assert document["combination"]["baselines"] == [name]
    assert document["combination"]["scores"]["rmse"] == tested.combination.scores.rmse
    recipe = Combination((sc.auto(epochs=20, members=2, horizon=12), tested.recipes[name]))
    assert [row["mean"] for row in document["forecast"]] == recipe.fit(str(sales)).forecast(12).mean[0].tolist()
    ran = statecast("forecast", sales, *QUICK, "--use", "combination")
    assert f"by the average of the network and the {name.replace('_', ' ')}" in ran.out
    assert "\n combination " in ran.out


def test_a_backtest_shows_the_combination_when_asked(statecast, sales):
    assert "\n combination " not in statecast("backtest", sales, *QUICK).out
    ran = statecast("backtest", sales, *QUICK, "--use", "combination", "--baselines", "drift")
    assert "\n combination " in ran.out
    assert "A forecast with --use combination is made by the average of the network and the drift." in ran.out


def test_weights_by_inverse_error_are_tested_as_they_are_used(statecast, sales):
    options = ("--use", "combination", "--weights", "inverse_error")
    document = json.loads(statecast("forecast", sales, *QUICK, *options, "--json").out)
    plain = json.loads(statecast("forecast", sales, *QUICK, "--use", "combination", "--json").out)
    (name,) = document["combination"]["baselines"]
    baseline = {"last_season": LastSeason(12), "last_value": last_value(), "drift": Drift()}[name]
    recipe = Combination((sc.auto(epochs=20, members=2, horizon=12), baseline), "inverse_error")
    assert (document["use"], document["weights"], plain["weights"]) == ("combination", "inverse_error", "equal")
    assert document["combination"]["scores"] == asdict(sc.backtest(str(sales), recipe, 12, horizon=12).scores)
    assert document["combination"]["scores"] != plain["combination"]["scores"]
    assert {name: document[name] for name in ("scores", "baselines")} == {k: plain[k] for k in ("scores", "baselines")}
    assert [row["mean"] for row in document["forecast"]] == recipe.fit(str(sales)).forecast(12).mean[0].tolist()
    ran = statecast("backtest", sales, *QUICK, *options)
    assert "\n combination " in ran.out
    assert "is made by the weighted average of the network and the " in ran.out


def test_the_longer_season_of_hourly_data_is_tested_as_well(statecast, tmp_path):
    path = tmp_path / "hours.csv"
    hours = np.arange("2024-01-01", "2024-01-16", dtype="M8[h]").astype("M8[s]")
    path.write_text(
        "hour,y\n" + "".join(f"{h},{10 + k % 24 + k % 168 / 10}\n" for k, h in enumerate(hours.astype(str)))
    )
    document = json.loads(statecast("backtest", path, *QUICK, "--json").out)
    assert document["baselines"]["last_season_168"]["rmse"] == pytest.approx(0)
    assert list(document["baselines"]) == ["last_value", "last_season", "last_season_168", "drift"]


def test_use_takes_a_test(statecast, tmp_path):
    path = tmp_path / "short.csv"
    path.write_text("day,y\n" + "".join(f"2024-01-{d:02d},{d * d}\n" for d in range(1, 9)))
    ran = statecast("forecast", path, *QUICK, "--use", "best")
    assert ran.code == 2
    assert "--use best takes a test" in ran.err
    ran = statecast("forecast", path, *QUICK, "--windows", 2)
    assert ran.code == 2
    assert "2 x 7 rows" in ran.err


def test_without_statsforecast_nothing_is_trained(statecast, sales, monkeypatch):
    monkeypatch.setattr("statecast.baselines._statistical.find_spec", lambda name: None)
    ran = statecast("forecast", sales, "--baselines", "statistical")
    assert ran.code == 2
    assert ran.err == "Error: AutoETS takes the package statsforecast: pip install statecast[baselines].\n"


def test_the_methods_of_statsforecast(statecast, sales):
    pytest.importorskip("statsforecast")
    options = ("--baselines", "statistical", "--use", "combination")
    document = json.loads(statecast("backtest", sales, *QUICK, *options, "--json").out)
    methods = ["AutoETS", "AutoTheta", "DynamicOptimizedTheta", "AutoARIMA"]
    assert list(document["baselines"]) == ["last_value", "last_season", "drift", *methods]
    assert document["combination"]["baselines"] == methods
    refitted = json.loads(statecast("backtest", sales, *QUICK, "--baselines", "AutoETS", "--refit", 1, "--json").out)
    assert refitted["baselines"]["AutoETS"]["rmse"] == pytest.approx(78.1, abs=0.05)  # as published
