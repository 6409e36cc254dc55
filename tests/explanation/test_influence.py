"""Slopes against finite differences of the same forecasts, and forecasts against those of the recipe."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import statecast as sc
from statecast import network
from statecast.recipes import _auto_influence, _shared_influence

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


HORIZON = 3
KNOWN, BOTH = {"known": "promo,price", "past": "rain"}, {"known": "promo", "past": "price,rain"}
STATIC = {**KNOWN, "static": "town"}


@dataclass(frozen=True)
class Case:
    """A series whose forecasts are explained."""

    recipe: sc.recipes.Auto | sc.recipes.Shared
    length: int
    roles: dict[str, str] = field(default_factory=dict)
    shift: float = 0.0
    outlier: bool = False
    seasonal: bool = False  # plainly, and with a longer season of 14 days

    @property
    def panel(self) -> sc.series.Panel:
        """The series, and another one that a shared recipe learns from as well."""
        frame = shop(self.length).assign(sales=lambda f: f.sales + self.shift, town="here")
        if self.seasonal:
            frame["sales"] += 30 * (np.arange(self.length) % 7) + 40 * (np.arange(self.length) // 7 % 2)
        if self.outlier:
            frame.loc[self.length - 5, "sales"] *= 5
        columns = [name for names in self.roles.values() for name in names.split(",")]
        other = frame[::-1].assign(day=frame.day.to_numpy(), sales=lambda f: f.sales * 1.5, town="there")
        two = pd.concat([frame.assign(shop="a"), other.assign(shop="b")])[["shop", "day", "sales", *columns]]
        season = (7, 14) if self.seasonal else None
        return sc.read(two, target="sales", id="shop", season=season, **self.roles).window(None, -HORIZON)


def shared(**values) -> sc.recipes.Shared:
    return sc.shared(horizon=HORIZON, members=2, epochs=4, units=5, trust=0.8, **values)


AUTO = sc.auto(horizon=HORIZON, members=2)
CASES = {
    "short, logged": Case(AUTO, 150, KNOWN),
    "short, not logged": Case(AUTO, 100, BOTH, shift=-60.0),
    "long": Case(AUTO, 330, KNOWN),
    "no covariates": Case(AUTO, 120),
    "with an outlier": Case(AUTO, 100, {"known": "promo"}, outlier=True),
    "past alone": Case(AUTO, 150, {"past": "price"}),
    "shared, logged": Case(shared(), 90, STATIC),
    "shared, not logged": Case(shared(loss="squared"), 80, BOTH, shift=-60.0),
    "shared, no covariates": Case(shared(), 60, seasonal=True),
    "shared, with an outlier": Case(shared(lags=3), 60, {"known": "promo"}, outlier=True),
    "shared, a season that moves": Case(shared(), 190, {"past": "rain"}, seasonal=True),
    "shared, two layers": Case(shared(layers=2), 60, {"past": "price", "static": "town"}),
}


def slopes_of(model: sc.recipes.FittedAuto | sc.recipes.FittedShared, panel: sc.series.Panel, window: int = 10_000):
    """Return slopes at the end of the way: for what was observed."""
    (part,) = model.grouped.parts
    if isinstance(model, sc.recipes.FittedShared):
        return _shared_influence.influence(part, panel, window, END)
    return _auto_influence.influence(part, panel, 0, window, END)


class Fit:
    """A recipe fitted to one series of a panel."""

    def __init__(self, case: Case) -> None:
        self.panel = case.panel.select(np.array([0]))
        learnt = case.recipe.fit(case.panel).pretrained if case.recipe.shared else case.recipe
        self.model = learnt.fit(self.panel)
        self.recipe = learnt

    def slopes(self, panel: sc.series.Panel | None = None, window: int = 10_000) -> sc.recipes.Influence:
        """Return the slopes of the forecasts of a panel by what is in its last rows."""
        return slopes_of(self.model, self.panel if panel is None else panel, window)

    def difference(self, name: str, *place: int) -> np.ndarray:
        """Return the difference of the forecasts by a number of the panel or its covariates."""
        ends = []
        for step in (1e-4, -1e-4):
            of = self.panel if name == "values" else self.panel.covariates
            values = getattr(of, name).copy()
            values[place] += step
            moved = replace(of, **{name: values})
            panel = moved if name == "values" else replace(self.panel, covariates=moved)
            ends.append(self.slopes(panel).forecasts)
        return (ends[0] - ends[1]) / 2e-4


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES.keys())
def fitted(request) -> Fit:
    return Fit(request.param)


def columns_of(panel: sc.series.Panel, kind: str) -> range:
    names = () if panel.covariates is None else getattr(panel.covariates, kind)
    if not names:
        pytest.skip(f"no {kind} columns")
    return range(len(names))


def test_at_the_end_of_the_way_are_the_forecasts_of_the_recipe(fitted):
    assert_allclose(fitted.slopes().forecasts, fitted.model.forecast(HORIZON).members[0], rtol=2e-5)


def test_seasons_of_both_kinds_are_among_the_cases():
    fixed, moving = (
        Fit(CASES[f"shared, {name}"]).model.grouped.parts[0].standing
        for name in ("no covariates", "a season that moves")
    )
    assert [fixed.season.share[0], moving.season.share[0]] == [0.0, 0.2]
    assert fixed.season.seasonal[0]
    assert moving.fixed[0].seasonal[0]


def test_at_another_step_are_the_forecasts_of_an_update(fitted):
    """Nothing is decided anew, and seasons go on from the first observation."""
    panel, first = fitted.panel, len(fitted.panel.values) - 4
    begun = fitted.recipe.fit(panel.window(None, first))
    updated = begun.update(panel.window(first, None))
    assert_allclose(slopes_of(begun, panel).forecasts, updated.forecast(HORIZON).members[0], rtol=2e-5)


@pytest.mark.parametrize("back", [1, 2, 3, 7, 30])
def test_slopes_by_observations(fitted, back):
    slopes = fitted.slopes().target
    assert np.abs(slopes[:, :, -1]).max() > 1e-4
    assert_allclose(slopes[:, :, -back], fitted.difference("values", -back), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("ahead", [3, 1, 0, -1, -5])
def test_slopes_by_known_columns(fitted, ahead):
    row = len(fitted.panel.values) - 1 + ahead
    for column in columns_of(fitted.panel, "known"):
        difference = fitted.difference("known_values", row, column)
        assert_allclose(fitted.slopes().known[:, :, row, column], difference, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("back", [1, 2, 3, 9])
def test_slopes_by_past_columns(fitted, back):
    for column in columns_of(fitted.panel, "past"):
        difference = fitted.difference("past_values", -back, column)
        assert_allclose(fitted.slopes().past[:, :, -back, column], difference, rtol=1e-5, atol=1e-6)


def test_slopes_by_static_columns(fitted):
    if fitted.recipe.name == "auto":
        assert fitted.slopes().static.shape == (2, HORIZON, 0)  # it sees none
        return
    for column in columns_of(fitted.panel, "static"):
        difference = fitted.difference("static_values", 0, column)
        assert np.abs(difference).max() > 1e-4
        assert_allclose(fitted.slopes().static[:, :, column], difference, rtol=1e-5, atol=1e-6)


def test_a_short_window_sees_what_matters(fitted):
    whole, window = (fitted.slopes(window=size) for size in (10_000, 80))
    assert_allclose(window.target[:, :, -10:], whole.target[:, :, -10:], atol=0.05 * np.abs(whole.target).max())


def test_forecasts_from_many_origins_are_those_of_updates(fitted):
    panel, first = fitted.panel, len(fitted.panel.values) - 12
    begun = fitted.recipe.fit(panel.window(None, first))
    found = begun.forecasts_from(panel)
    assert len(found) == 12 - HORIZON + 1
    for k, row in enumerate(found):
        at = begun if k == 0 else begun.update(panel.window(first, first + k))
        assert_allclose(row, at.forecast(HORIZON).members[0], rtol=2e-5, err_msg=str(k))


@pytest.mark.parametrize(
    "sizes", [{}, {"skip": True}, {"layers": 3}, {"layers": 2, "residual": True, "skip": True}], ids=str
)
def test_sensitivity_of_a_network_by_finite_differences(sizes):
    rng = np.random.default_rng(3)
    spec = network.Spec(inputs=3, units=5, outputs=2, **sizes)
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


@pytest.mark.parametrize("recipe", [sc.auto(epochs=2, members=1, horizon=2), sc.shared(epochs=2, members=1, horizon=2)])
def test_values_that_the_mean_swallows_have_finite_slopes(recipe):
    values = np.array([1e90, 1e90, 1e90, 1e90, 1.0, *np.random.default_rng(0).uniform(1, 2, 20)])
    fitted = recipe.fit(values)
    assert np.isfinite(fitted.influence(sc.read(values), 5).target).all()
