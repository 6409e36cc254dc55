"""Covariates in the automatic recipe: what they add is found, used where it belongs, and never looked at too early."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from statecast.errors import DataError
from statecast.recipes._drivers import Drivers, Effect

DAYS = 140
LONG = 420  # networks see what is known ahead


def shop(length: int = DAYS, seed: int = 0) -> pd.DataFrame:
    """Sales with a promotion that acts at once, a price that acts after two days, and a level that wanders."""
    rng = np.random.default_rng(seed)
    promo = (rng.random(length) < 0.3).astype(float)
    price = rng.normal(0, 1, length)
    level = 50 + rng.normal(0, 0.2, length).cumsum()
    sales = level + 8 * promo - 4 * np.roll(price, 2) + rng.normal(0, 0.5, length)
    stamps = pd.date_range("2024-01-01", periods=length)
    return pd.DataFrame({"day": stamps, "promo": promo, "price": price, "sales": sales})


def read(frame: pd.DataFrame, **roles: object) -> sc.series.Panel:
    return sc.read(frame, target="sales", time="day", season=1, **roles)


def rmse(frame: pd.DataFrame, horizon: int = 7, **roles: object) -> float:
    return sc.backtest(read(frame, **roles), sc.auto(members=2, horizon=horizon), test=28, horizon=horizon).scores.rmse


@pytest.mark.parametrize("length", [DAYS, LONG])
def test_known_columns_make_the_forecast_better_by_far(length):
    frame = shop(length)
    alone, known = rmse(frame), rmse(frame, known="promo,price")
    assert known < alone / 2.5


def test_a_past_column_tells_of_the_steps_that_it_reaches():
    frame = shop()
    alone, past = rmse(frame, horizon=2, known="promo"), rmse(frame, horizon=2, known="promo", past="price")
    assert past < alone / 1.5


def test_a_column_of_noise_does_little_harm():
    frame = shop().assign(noise=np.random.default_rng(5).normal(size=DAYS))
    assert rmse(frame, known="promo,price,noise") < 1.15 * rmse(frame, known="promo,price")


@pytest.mark.parametrize("length", [DAYS, LONG])
def test_units_of_a_covariate_do_not_matter(length):
    frame = shop(length)
    other = frame.assign(promo=frame.promo * 1000 + 7, price=frame.price / 250 - 3)
    one, two = (sc.auto(members=1, horizon=7).fit(read(f.iloc[:-7], known="promo,price")) for f in (frame, other))
    a, b = (fitted.forecast(7, future=f.iloc[-7:]).mean for fitted, f in ((one, frame), (two, other)))
    assert_allclose(a, b, rtol=1e-3)


@pytest.mark.parametrize("length", [DAYS, LONG])
def test_what_comes_later_changes_nothing_before(length):
    """Targets and past columns after an origin, and known ones beyond the horizon."""
    frame, horizon = shop(length), 5
    origin = length - 20
    later = frame.copy()
    later.loc[origin:, ["sales", "price"]] += 100
    later.loc[origin + horizon :, "promo"] = 1 - later.loc[origin + horizon :, "promo"]
    recipe = sc.auto(members=1, horizon=horizon)
    fits = [recipe.fit(read(f, known="promo", past="price").window(None, origin)) for f in (frame, later)]
    assert_array_equal(fits[0].forecast(horizon).mean, fits[1].forecast(horizon).mean)
    moved = frame.copy()
    moved.loc[origin : origin + horizon - 1, "promo"] = 1 - moved.loc[origin : origin + horizon - 1, "promo"]
    known = recipe.fit(read(moved, known="promo", past="price").window(None, origin)).forecast(horizon).mean
    assert np.abs(known - fits[0].forecast(horizon).mean).min() > 1


@pytest.mark.parametrize("length", [DAYS, LONG])
def test_the_future_may_come_with_the_data_or_later(length):
    frame = shop(length)
    recipe = sc.auto(members=2, horizon=7)
    blank = frame.copy()
    blank.loc[length - 7 :, "sales"] = np.nan
    with_data = recipe.fit(read(blank, known="promo,price")).forecast(7)
    fitted = recipe.fit(read(frame.iloc[:-7], known="promo,price"))
    later = fitted.forecast(7, future=frame.iloc[-7:].drop(columns="sales"))
    assert_allclose(later.mean, with_data.mean, rtol=1e-4 if length == LONG else 1e-12)
    with pytest.raises(DataError, match=r"a forecast of 7 steps takes the known columns promo, price.*got 0"):
        fitted.forecast(7)


@pytest.mark.parametrize("length", [DAYS, LONG])
def test_updates_by_row_or_at_once_are_the_same_with_covariates(length):
    frame = shop(length)
    fitted = sc.auto(members=2, horizon=4).fit(read(frame.iloc[:-14], known="promo", past="price"))
    ahead, rows = frame.iloc[-4:], frame.iloc[-14:-4]
    at_once, by_row = fitted.update(rows), fitted
    for k in range(len(rows)):
        by_row = by_row.update(rows.iloc[k : k + 1])
    assert_array_equal(at_once.forecast(4, future=ahead).mean, by_row.forecast(4, future=ahead).mean)
    with pytest.raises(DataError, match="price"):
        fitted.update(rows[["day", "sales", "promo"]])
    with pytest.raises(DataError, match="covariates that the recipe was fitted with"):
        fitted.update(50.0)


@pytest.mark.parametrize("length", [DAYS, LONG])
def test_series_with_covariates_do_not_see_each_other(length):
    panel = pd.concat([shop(length).assign(shop="a"), shop(200, seed=1).assign(shop="b")])
    recipe = sc.auto(members=2, horizon=7)

    def fit(frame: pd.DataFrame, **roles: object):
        return recipe.fit(read(frame, known="promo", past="price", **roles).window(None, -7)).forecast(7)

    both, a, b = fit(panel, id="shop"), fit(shop(length)), fit(shop(200, seed=1))
    assert_array_equal(both.members[0], a.members[0])
    assert_array_equal(both.members[1], b.members[0])


def test_beyond_its_horizon_the_known_columns_go_on_acting():
    frame = shop()
    fitted = sc.auto(members=1, horizon=3, trust=0.0).fit(read(frame.iloc[:-9], known="promo"))
    far = fitted.forecast(9, future=frame.iloc[-9:]).mean[0]
    promo = frame.promo.to_numpy()[-9:]
    assert far[promo == 1].min() > far[promo == 0].max() + 5


def test_a_column_that_never_varied_changes_nothing():
    frame = shop().assign(law=0.0)
    recipe = sc.auto(members=1, horizon=3)
    without = recipe.fit(read(frame, known="promo").window(None, -3)).forecast(3).mean
    frame.loc[DAYS - 2 :, "law"] = 1.0
    assert_allclose(recipe.fit(read(frame, known="promo,law").window(None, -3)).forecast(3).mean, without, rtol=1e-9)


def test_several_targets_help_each_other():
    rng = np.random.default_rng(2)
    lead = rng.normal(0, 1, 150)
    frame = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=150), "lead": lead})
    frame["follow"] = 20 + 3 * np.roll(lead, 1) + rng.normal(0, 0.3, 150)
    both = sc.read(frame, target="lead,follow", season=1)
    alone = sc.read(frame, target="follow", season=1)
    recipe = sc.auto(horizon=1, members=2)
    result, single = (sc.backtest(panel, recipe, test=30) for panel in (both, alone))
    error = np.sqrt(np.mean((result.y[1] - result.mean[1]) ** 2))
    assert error < single.scores.rmse / 2


def test_nothing_is_learnt_from_what_was_filled():
    """Level and scale see the filled values, as the series goes on over them; the networks need not give them."""
    panel = read(shop())
    filled = np.zeros(DAYS, bool)
    filled[[40, 41, 90]] = True
    recipe = sc.auto(members=1, horizon=3)
    plain, marked = (recipe.fit(p).grouped.parts[0] for p in (panel, replace(panel, filled=filled)))
    assert_array_equal(plain.adjustment.anchor.level, marked.adjustment.anchor.level)
    weights = marked.adjustment.rows(replace(panel, filled=filled), (), 3).weights
    rows = [(t, k) for t in range(DAYS) for k in range(3) if t + k + 1 in (40, 41, 90) or t + k + 1 >= DAYS]
    assert {tuple(place) for place in np.argwhere(weights == 0).tolist()} == set(rows)
    assert not np.array_equal(plain.running.networks.weights, marked.running.networks.weights)


def test_two_observations_tell_of_no_effect():
    """As the intervals of three observations ask: nothing is learnt, and no mean of nothing is taken."""
    table = pd.DataFrame({"ds": range(2), "y": [1.0, 5.0], "promo": [0.0, 1.0]})
    panel = sc.read(table, known="promo")
    drivers = Drivers.fit(panel.covariates, panel.offsets, 0)
    effect = Effect.fit(drivers, panel.values, 0.5, (), 1)
    assert not effect.coefficients.any()
    assert effect.on(drivers, np.arange(2)).tolist() == [0.0, 0.0]
