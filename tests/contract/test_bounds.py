"""Whatever forecasts: point forecast, bounds, paths, tests and updates agree on what a series never goes below."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import statecast as sc
from contract.recipes import RECIPES
from statecast.recipes import to_use

COUNT = 36
SERIES = {
    "falls": np.linspace(100, 4, COUNT).round(),
    "zeros at the end": np.r_[np.linspace(90, 2, 30).round(), np.zeros(6)],
    "intermittent": np.where(np.arange(COUNT) % 5 == 0, np.arange(COUNT) % 3 + 1.0, 0.0),
    "tiny": np.linspace(1, 0.01, COUNT) * 1e-9,
    "below zero": np.linspace(10, -30, COUNT).round(),
    "huge trend": np.arange(COUNT) * 250.0 + 1,
    "constant": np.full(COUNT, 4.0),
    "zero": np.zeros(COUNT),
}
FORECASTS = [
    pytest.param(recipe, values, id=f"{name}, {kind}")
    for name, recipe in RECIPES.items()
    for kind, values in SERIES.items()
    if name != "counts" or kind not in ("tiny", "below zero")
]


@pytest.mark.parametrize(("recipe", "values"), FORECASTS)
def test_point_forecast_bounds_and_paths_have_one_floor(recipe, values):
    fitted = recipe.fit(values)
    ahead = fitted.forecast(24, level=(80, 95))
    inner, outer = ahead.lower[:, 0], ahead.lower[:, 1]
    assert (outer <= inner).all()
    assert (inner <= ahead.mean).all()
    assert (ahead.mean <= ahead.upper[:, 0]).all()
    assert (ahead.upper[:, 0] <= ahead.upper[:, 1]).all()
    assert_array_equal(fitted.forecast(24).mean, ahead.mean)
    if values.min() >= 0:
        for said in (ahead.mean, ahead.members, ahead.lower, fitted.sample(24, paths=20)):
            assert said.min() >= 0


@pytest.mark.parametrize(("recipe", "values"), FORECASTS)
def test_what_an_update_is_watched_by_is_what_was_forecast(recipe, values):
    fitted = recipe.fit(values)
    for _ in range(2):
        before, fitted = fitted.forecast(1), fitted.update([float(values[-1])])
        np.testing.assert_allclose(fitted.watch.rows().mean, before.mean, rtol=1e-6, atol=1e-9 * np.abs(values).max())


@pytest.mark.parametrize("recipe", [r for r in RECIPES.values() if not r.shared], ids=lambda recipe: recipe.name)
@pytest.mark.parametrize("kind", ["falls", "zeros at the end"])
def test_a_test_scores_what_would_be_forecast(recipe, kind):
    values = SERIES[kind]
    result = sc.backtest(values, recipe, test=6, horizon=6, level=80)
    assert_array_equal(result.mean[:, 0], recipe.fit(values[:-6]).forecast(6).mean)
    for said in (result.mean, result.lower, result.combination.mean, *result.baseline_means.values()):
        assert said.min() >= 0


@pytest.mark.parametrize("use", ["best", "combination"])
def test_what_is_used_after_a_test_does_not_go_below_zero(use):
    values = SERIES["falls"]
    recipe = to_use(use, sc.classic(epochs=10), sc.backtest(values, sc.classic(epochs=10), test=6), "equal")
    ahead = recipe.fit(values).forecast(12, level=80)
    assert ahead.mean.min() >= 0
    assert ((ahead.lower[:, 0] <= ahead.mean) & (ahead.mean <= ahead.upper[:, 0])).all()
