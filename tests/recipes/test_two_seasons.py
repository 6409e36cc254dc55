"""Two and three seasons: what is tested is what forecasts, and where it is not, that is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import statecast as sc

YEAR = np.array([20, 0, 10, 30, 60, 100, 140, 150, 90, 40, 30, 200.0])
RECIPES = {"auto": sc.auto, "shared": sc.shared, "counts": sc.counts}


def observed(period: int, length: int) -> np.ndarray:
    """Return a strong season on a line, with a little noise."""
    shape = np.interp(np.linspace(0, 11, period), np.arange(12), YEAR)
    noise = np.random.default_rng(period).normal(0, 5, length)
    return np.round(300 + shape[np.arange(length) % period] + 12 * np.arange(length) / period + noise)


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("period", [4, 7, 12, 24])
def test_three_seasons_are_tested_with_the_season_that_forecasts(name, period):
    panel = sc.read(observed(period, 3 * period), season=period)
    recipe = RECIPES[name](horizon=period)
    tested = sc.backtest(panel, recipe, test=period, horizon=period)
    assert tested.scores.rmse < 0.25 * np.std(observed(period, period))
    assert any(said.startswith(f"season of {period}") for said in recipe.fit(panel).decisions())
    assert "less than two seasons" not in tested.verdict


@pytest.mark.parametrize("name", RECIPES)
def test_two_seasons_are_enough_for_a_strong_one(name):
    values = observed(12, 36)
    ahead = RECIPES[name](horizon=12).fit(sc.read(values[:24], season=12)).forecast(level=95)
    assert np.sqrt(np.mean((ahead.mean[0] - values[24:]) ** 2)) < 15  # without a season 63
    if name == "auto":
        width = ahead.upper - ahead.lower
        assert 5 < np.median(width) < 120  # the season is no noise


def test_a_test_of_fits_too_short_for_the_season_says_so():
    panel = sc.read(observed(12, 30), season=12)
    for recipe in (sc.auto(horizon=12), sc.recipes.Combination((sc.auto(horizon=12), sc.shared(horizon=12, epochs=2)))):
        verdict = sc.backtest(panel, recipe, test=12, horizon=12).verdict
        assert "Its fits saw 18 rows, less than two seasons of 12, and so no season" in verdict
    classic = sc.backtest(panel, sc.classic(epochs=5), test=12, horizon=12)
    assert "less than two seasons" not in classic.verdict  # it finds none anyway
    two = pd.concat(
        pd.DataFrame({"unique_id": name, "ds": range(n), "y": observed(12, n)}) for name, n in (("a", 30), ("b", 60))
    )
    many = sc.backtest(sc.read(two, season=12), sc.auto(horizon=12, epochs=2), test=12, horizon=12)
    assert "Its fits saw 18 rows of 1 of 2 series, less than two seasons of 12" in many.verdict


def test_a_steady_trend_goes_on_and_one_that_comes_and_goes_by_half():
    rng = np.random.default_rng(0)
    steps = np.arange(60)
    line = 100 + 3 * steps + rng.normal(size=60)
    steady, walk = (sc.auto(horizon=12).fit(values) for values in (line, 100 + np.cumsum(rng.normal(0.5, 3, 60))))
    assert "steady trend" in steady.decisions()
    assert "steady trend" not in walk.decisions()
    np.testing.assert_allclose(steady.forecast().mean[0], 100 + 3 * np.arange(60, 72), atol=3)  # half of it: 18 off


def test_updates_of_a_steady_trend_equal_a_run_over_all():
    line = 100 + 3.0 * np.arange(72) + 5 * np.sin(np.arange(72) * np.pi / 6) + np.random.default_rng(1).normal(size=72)
    fitted = sc.auto(horizon=12).fit(sc.read(line[:60], season=12))
    at_once, each = fitted.update(line[60:]), fitted
    for value in line[60:]:
        each = each.update(float(value))
    np.testing.assert_array_equal(at_once.forecast().mean, each.forecast().mean)
    np.testing.assert_allclose(at_once.forecast().mean[0], 100 + 3.0 * np.arange(72, 84), atol=9)
