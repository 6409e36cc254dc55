"""Walks with refits, several windows and sliding histories are those of fits one after another."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

import statecast as sc
from reference.pooled import Pooled
from statecast.baselines import Drift, LastSeason
from statecast.evaluation import _refits
from statecast.recipes import Combination

RECIPES = {
    "classic": sc.classic(epochs=10, members=2),
    "auto": sc.auto(epochs=5, members=2, horizon=2),
    "drift": Drift(),
    "shared": Pooled(),
    "combination with a shared recipe": Combination((Drift(), Pooled())),
}
every = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())


def two_shops(values) -> pd.DataFrame:
    """Two series, one shorter than the other."""
    stamps = pd.date_range("1991-01-01", periods=len(values), freq="MS")
    whole = pd.DataFrame({"unique_id": "a", "ds": stamps, "y": values})
    return pd.concat([whole, whole.iloc[6:].assign(unique_id="b", y=values[6:][::-1])])


def by_hand(recipe, panel, fits, horizon, sliding=None):
    """Fit once for each (rows left, origins), one after another, and walk."""
    forecasts = []
    for left, origins in fits:
        history = panel.window(None, -left)
        fitted = recipe.fit(history if sliding is None else history.window(-sliding, None))
        for k in range(origins):
            if k:
                fitted = fitted.update(panel.window(k - 1 - left, k - left))
            forecasts.append(fitted.forecast(horizon))
    return np.stack([f.mean for f in forecasts], axis=1), np.stack([f.members for f in forecasts], axis=1)


WALKS = {  # options, (rows left, origins) of each fit
    "one fit": ({}, [(6, 5)]),
    "every origin": ({"refit": 1}, [(6, 1), (5, 1), (4, 1), (3, 1), (2, 1)]),
    "every other origin, one left over": ({"refit": 2}, [(6, 2), (4, 2), (2, 1)]),
    "windows": ({"windows": 3}, [(18, 5), (12, 5), (6, 5)]),
    "windows and refits": ({"windows": 2, "refit": 3}, [(12, 3), (9, 2), (6, 3), (3, 2)]),
    "sliding": ({"windows": 2, "refit": 4, "sliding": 10}, [(12, 4), (8, 1), (6, 4), (2, 1)]),
}


@every
@pytest.mark.parametrize(("options", "fits"), WALKS.values(), ids=WALKS.keys())
def test_the_same_bits_as_one_fit_after_another(recipe, shampoo, options, fits):
    panel = sc.read(two_shops(shampoo))
    result = sc.backtest(panel, recipe, test=6, horizon=2, threads=2, **options)
    mean, members = by_hand(recipe, panel, fits, 2, options.get("sliding"))
    assert_array_equal(result.mean, mean)
    assert_array_equal(result.members, members)
    baseline, _ = by_hand(Drift(), panel, fits, 2, options.get("sliding"))
    assert_array_equal(result.baseline_means["drift"], baseline)


def test_times_and_truth_of_several_windows():
    result = sc.backtest(np.arange(20.0), LastSeason(1), test=4, horizon=2, windows=2)
    assert result.windows == 2
    assert result.origins.tolist() == [[11, 12, 13, 15, 16, 17]]
    assert result.times[0].tolist() == [[12, 13], [13, 14], [14, 15], [16, 17], [17, 18], [18, 19]]
    assert_array_equal(result.y, result.times)
    assert result.scores.mase == 1.5  # errors of 1 and 2, changes of 1


def test_large_histories_are_fitted_in_parts(shampoo, monkeypatch):
    calls = []
    options = {"test": 8, "refit": 2, "windows": 2}
    whole = sc.backtest(shampoo, RECIPES["classic"], progress=lambda *done: calls.append(done), **options)
    monkeypatch.setattr(_refits, "MOST_VALUES", 50)  # histories of 20, 22, 24, 26, 28, 30, 32 and 34
    plan = _refits.Plan(8, 1, 2, 2)
    assert [len(part) for part in plan.parts(sc.read(shampoo))] == [2, 2, 1, 1, 1, 1]
    parts = sc.backtest(shampoo, RECIPES["classic"], progress=lambda *done: calls.append(done), **options)
    assert_array_equal(whole.members, parts.members)
    assert all(0 <= done <= total for done, total in calls)


@every
@pytest.mark.parametrize("options", [{}, {"refit": 2}, {"windows": 2, "refit": 3, "sliding": 12}])
def test_nothing_after_an_origin_changes_its_forecast(recipe, shampoo, options):
    moved = shampoo.copy()
    moved[30:] = 1000 - moved[30:]
    before, after = (sc.backtest(y, recipe, test=10, horizon=2, **options) for y in (shampoo, moved))
    known = before.origins[0] < 30
    assert 0 < known.sum() < len(known)
    assert_array_equal(before.mean[:, known], after.mean[:, known])
    assert not np.array_equal(before.mean[:, ~known], after.mean[:, ~known])
    for name in before.baselines:
        assert_array_equal(before.baseline_means[name][:, known], after.baseline_means[name][:, known])


def test_refits_learn_what_came_in():
    line = np.concatenate([np.zeros(20), np.arange(1.0, 11.0)])
    once, anew = (sc.backtest(line, sc.auto(epochs=5), test=10, refit=refit) for refit in (None, 1))
    assert anew.scores.rmse < once.scores.rmse


def test_the_decisions_are_those_of_the_last_fit(shampoo):
    stretched = np.concatenate([shampoo - 300, shampoo])  # below zero at first: not logged before the sliding history
    result = sc.backtest(stretched, sc.auto(epochs=1), test=12, windows=2, sliding=20, refit=4)
    assert result.decisions[0] == "logged"
    assert sc.backtest(stretched, sc.auto(epochs=1), test=12).decisions[0] == "not logged"


def test_a_shared_recipe_is_fitted_to_one_history_after_another(shampoo):
    """Side by side, the fits of earlier origins would learn from the histories of later ones."""
    recipe, panel = Pooled(), sc.read(two_shops(shampoo))
    sc.backtest(panel, recipe, test=6, refit=2, windows=2)
    assert [fit.ids for fit in recipe.fits] == [("a", "b")] * 6
    lasts = [fit.times[fit.offsets[1:] - 1].tolist() for fit in recipe.fits]
    assert lasts == [panel.times[panel.offsets[1:] - 1 - left].tolist() for left in (12, 10, 8, 6, 4, 2)]
