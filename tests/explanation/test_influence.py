"""Slopes against finite differences of the same forecasts, and forecasts against those of the recipe."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import statecast as sc
from statecast import network
from statecast.recipes._influence import influence
from statecast.recipes._origins import forecasts_from

END = np.array([1.0])  # of the way: what was observed


def shop(length: int) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "day": pd.date_range("2024-01-01", periods=length),
            "promo": (rng.random(length) < 0.3).astype(float),
            "price": rng.normal(2, 0.5, length),
            "rain": rng.gamma(2.0, 1.0, length),
        }
    )
    week = np.tile([0, 1, 2, 3, 2, 4, 6], length // 7 + 1)[:length]
    frame["sales"] = 40 + week + 8 * frame.promo - 4 * frame.price.shift(2, fill_value=2) + rng.normal(0, 0.5, length)
    return frame


CASES = {
    "short, logged": (150, {"known": "promo,price", "past": "rain"}, 0.0),
    "short, not logged": (100, {"known": "promo", "past": "price,rain"}, -60.0),
    "long": (330, {"known": "promo,price", "past": "rain"}, 0.0),
    "no covariates": (120, {}, 0.0),
    "with an outlier": (100, {"known": "promo"}, 0.0),
    "past alone": (150, {"past": "price"}, 0.0),
}
HORIZON = 3


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES.keys())
def fitted(request):
    length, roles, shift = request.param
    frame = shop(length).assign(sales=lambda f: f.sales + shift)
    if request.param is CASES["with an outlier"]:
        frame.loc[length - 5, "sales"] *= 5
    panel = sc.read(
        frame[["day", "sales", *(",".join(roles.values()).split(",") if roles else [])]], target="sales", **roles
    )
    panel = panel.window(None, -HORIZON)
    return sc.auto(horizon=HORIZON, members=2).fit(panel), panel


def forecasts(part, panel) -> np.ndarray:
    return influence(part, panel, 0, 10_000, END).forecasts


def difference(part, panel, change) -> np.ndarray:
    step = 1e-4
    return (forecasts(part, change(panel, step)) - forecasts(part, change(panel, -step))) / (2 * step)


def test_at_the_end_of_the_way_are_the_forecasts_of_the_recipe(fitted):
    model, panel = fitted
    assert_allclose(forecasts(model.grouped.parts[0], panel), model.forecast(HORIZON).members[0], rtol=2e-5)


@pytest.mark.parametrize("back", [1, 2, 3, 7, 30])
def test_slopes_by_observations(fitted, back):
    def change(panel, step):
        values = panel.values.copy()
        values[-back] += step
        return replace(panel, values=values)

    model, panel = fitted
    slopes = influence(model.grouped.parts[0], panel, 0, 10_000, END).target
    assert np.abs(slopes[:, :, -1]).max() > 1e-4
    assert_allclose(slopes[:, :, -back], difference(model.grouped.parts[0], panel, change), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("ahead", [3, 1, 0, -1, -5])
def test_slopes_by_known_columns(fitted, ahead):
    model, panel = fitted
    if panel.covariates is None or not panel.covariates.known:
        pytest.skip("no known columns")
    count = len(panel.values)
    row = count - 1 + ahead
    for column in range(len(panel.covariates.known)):

        def change(panel, step, column=column):
            known = panel.covariates.known_values.copy()
            known[row, column] += step
            return replace(panel, covariates=replace(panel.covariates, known_values=known))

        slopes = influence(model.grouped.parts[0], panel, 0, 10_000, END).known[:, :, row, column]
        assert_allclose(slopes, difference(model.grouped.parts[0], panel, change), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("back", [1, 2, 3, 9])
def test_slopes_by_past_columns(fitted, back):
    model, panel = fitted
    if panel.covariates is None or not panel.covariates.past:
        pytest.skip("no past columns")
    for column in range(len(panel.covariates.past)):

        def change(panel, step, column=column):
            past = panel.covariates.past_values.copy()
            past[-back, column] += step
            return replace(panel, covariates=replace(panel.covariates, past_values=past))

        slopes = influence(model.grouped.parts[0], panel, 0, 10_000, END).past[:, :, -back, column]
        assert_allclose(slopes, difference(model.grouped.parts[0], panel, change), rtol=1e-5, atol=1e-6)


def test_a_short_window_sees_what_matters(fitted):
    model, panel = fitted
    whole, window = (influence(model.grouped.parts[0], panel, 0, size, END) for size in (10_000, 60))
    assert_allclose(window.target[:, :, -10:], whole.target[:, :, -10:], atol=0.05 * np.abs(whole.target).max())


def test_forecasts_from_many_origins_are_those_of_updates(fitted):
    model, panel = fitted
    longer = panel
    recipe, first = model.recipe, len(panel.values) - 12
    begun = recipe.fit(panel.window(None, first))
    found = forecasts_from(begun.grouped.parts[0], longer, 0)
    assert len(found) == 12 - HORIZON + 1
    for k, row in enumerate(found):
        at = begun if k == 0 else begun.update(panel.window(first, first + k))
        assert_allclose(row, at.forecast(HORIZON).members[0], rtol=2e-5, err_msg=str(k))


@pytest.mark.parametrize("skip", [False, True])
def test_sensitivity_of_a_network_by_finite_differences(skip):
    rng = np.random.default_rng(3)
    spec = network.Spec(inputs=3, units=5, outputs=2, skip=skip)
    drawn = network.Parameters.from_flat(spec, network.initialise(spec, seed=2).to_flat().astype(np.float64))
    X = rng.normal(size=(2, 6, 3))
    found = network.sensitivity(drawn, X)
    outputs, _ = network.run(drawn, X[1])
    assert_allclose(found.outputs[1], outputs[-1], rtol=1e-6)
    for t, i in ((0, 1), (3, 2), (5, 0)):
        up, down = X.copy(), X.copy()
        up[1, t, i] += 1e-5
        down[1, t, i] -= 1e-5
        slope = (network.sensitivity(drawn, up).outputs[1] - network.sensitivity(drawn, down).outputs[1]) / 2e-5
        assert_allclose(found.slopes[1, :, t, i], slope, rtol=1e-6, atol=1e-10)
