"""Intervals, paths and counts as a user types them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.metrics import coverage

QUICK = ("--epochs", 30)


@pytest.fixture
def sold(tmp_path):
    """Return a file of daily counts, most of them zero."""
    path = tmp_path / "sold.csv"
    counts = np.random.default_rng(0).poisson(0.6, 60)
    days = pd.date_range("2024-01-01", periods=60).strftime("%Y-%m-%d")
    pd.DataFrame({"day": days, "sold": counts}).to_csv(path, index=False)
    return path


def test_forecast_has_two_intervals_unless_others_are_asked_for(statecast, sales):
    ran = statecast("forecast", sales, *QUICK)
    assert all(name in ran.out for name in ("lo-80", "hi-80", "lo-95", "hi-95"))
    document = json.loads(statecast("forecast", sales, *QUICK, "--json").out)
    expected = sc.auto(epochs=30).fit(str(sales)).forecast(12, level=(80, 95))
    assert list(document["forecast"][0]) == ["unique_id", "ds", "mean", "lo-80", "hi-80", "lo-95", "hi-95"]
    for name, bound in expected.bounds.items():
        assert [row[name] for row in document["forecast"]] == bound[0].tolist()
    ran = statecast("forecast", sales, *QUICK, "--level", "99,50.5", "--json")
    assert list(json.loads(ran.out)["forecast"][0])[3:] == ["lo-50.5", "hi-50.5", "lo-99", "hi-99"]
    assert "lo-" not in statecast("forecast", sales, *QUICK, "--level", "none").out


def test_backtest_says_how_many_observations_were_within(statecast, sales, tmp_path):
    assert "lo-" not in statecast("backtest", sales, *QUICK).out
    path = tmp_path / "test.csv"
    ran = statecast("backtest", sales, *QUICK, "--level", "80,95", "--out", path, "--plot", tmp_path / "test.png")
    assert ran.code == 0, ran.err
    assert "hi-95" in ran.out
    frame = pd.read_csv(path)
    seen = {k: coverage(frame["y"], frame[f"lo-{k}"], frame[f"hi-{k}"]) for k in (80, 95)}
    expected = ", ".join(f"{100 * share:.0f} % where {k} % are promised" for k, share in seen.items())
    assert f"Observations within the intervals: {expected}." in ran.out
    document = json.loads(statecast("backtest", sales, *QUICK, "--level", "80,95", "--json").out)
    assert document["coverage"] == {str(k): pytest.approx(100 * share) for k, share in seen.items()}
    assert list(document["test"][0]) == ["unique_id", "origin", "ds", "step", "y", "mean", *frame.columns[6:]]


@pytest.mark.parametrize("level", ["100", "0", "eighty", "80;95", "", "nan"])
def test_wrong_levels_are_one_sentence(statecast, sales, level):
    ran = statecast("forecast", sales, "--level", level)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Error: --level: expected numbers from 1 to 99.9")
    assert ran.err.count("\n") == 1


def test_paths_are_columns_of_the_table(statecast, sales, tmp_path):
    path = tmp_path / "next.csv"
    ran = statecast("forecast", sales, *QUICK, "--out", path, "--paths", 3, "--quiet")
    assert ran.code == 0, ran.err
    frame = pd.read_csv(path)
    assert frame.columns.tolist()[-3:] == ["path-1", "path-2", "path-3"]
    expected = sc.auto(epochs=30, horizon=12).fit(str(sales)).sample(paths=3)[0]
    np.testing.assert_allclose(frame.iloc[:, -3:].to_numpy().T, expected)


@pytest.mark.parametrize("options", [(), ("--out", "next.json")])
def test_paths_that_are_written_nowhere_are_refused(statecast, sales, options):
    ran = statecast("forecast", sales, "--paths", 3, *options)
    assert (ran.code, ran.out) == (2, "")
    assert "--paths: expected --out FILE.csv or .parquet" in ran.err


def test_counts_are_whole_and_said_to_exist(statecast, sold):
    ran = statecast("forecast", sold, *QUICK)
    assert "% of these whole numbers are zero: --counts forecasts them as counts." in ran.out
    ran = statecast("forecast", sold, *QUICK, "--counts")
    assert ran.code == 0, ran.err
    assert "--counts" not in ran.out
    assert "LSTM (counts)" in ran.out
    document = json.loads(statecast("forecast", sold, *QUICK, "--counts", "--json").out)
    assert document == json.loads(statecast("forecast", sold, *QUICK, "--recipe", "counts", "--json").out) | {
        "seconds": document["seconds"]
    }
    numbers = [row[name] for row in document["forecast"] for name in ("mean", "lo-80", "hi-95")]
    assert all(number >= 0 and number == int(number) for number in numbers)


def test_counts_of_what_is_no_count_or_with_another_recipe_are_refused(statecast, sales, sold):
    ran = statecast("forecast", sales, "--counts")
    assert ran.code == 2
    assert ran.err.startswith("Error: counts are whole numbers from 0 to 10,000, got 145.9 in series 'Sales'.")
    ran = statecast("backtest", sold, "--counts", "--recipe", "auto")
    assert ran.code == 2
    assert "--counts is the recipe counts" in ran.err


def test_no_hint_for_series_without_many_zeros(statecast, sales):
    assert "--counts" not in statecast("forecast", sales, *QUICK).out
