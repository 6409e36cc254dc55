"""Tuning: what is searched, that the test rows stay unseen, and that the score reported is that of the winner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.errors import DataError, ParameterError, TrainingError
from statecast.tuning import LogRange, Space, tune
from statecast.tuning._search import rounds, search

SPACES = (
    Space(sc.auto(epochs=10, members=2, horizon=1), {"units": (2, 4), "epochs": LogRange(5, 30), "trust": (0.5, 1.0)}),
    Space(
        sc.classic(epochs=10, horizon=1),
        {"units": (1, 4), "lags": (1, 2, 12), "fill": ("zero", "drop"), "learning_rate": LogRange(1e-3, 0.1)},
    ),
)
methods = pytest.mark.parametrize("method", ["random", "halving"])


def months(values, **columns) -> pd.DataFrame:
    return pd.DataFrame({**columns, "ds": pd.date_range("1991-01-01", periods=len(values), freq="MS"), "y": values})


@methods
def test_test_rows_change_neither_leaderboard_nor_winner(shampoo, method):
    moved = shampoo.copy()
    moved[-8:] = np.random.default_rng(0).uniform(1, 2000, 8)
    before, after = (tune(months(v), SPACES, trials=12, test=8, method=method) for v in (shampoo, moved))
    assert after.leaderboard == before.leaderboard
    assert after.winner == before.winner
    assert after.tested.scores != before.tested.scores


@methods
def test_the_last_validation_row_matters(shampoo, method):
    moved = shampoo.copy()
    moved[-9] += 300
    before, after = (tune(months(v), SPACES, trials=12, test=8, method=method) for v in (shampoo, moved))
    assert after.leaderboard != before.leaderboard


@methods
def test_the_same_seed_gives_the_same_and_threads_do_not_matter(shampoo, method):
    first, again, threaded = (
        tune(months(shampoo), SPACES, trials=20, test=8, method=method, seed=3, threads=n) for n in (1, 1, 5)
    )
    assert first.leaderboard == again.leaderboard == threaded.leaderboard
    assert first.failures == threaded.failures
    assert first.verdict == threaded.verdict
    other = tune(months(shampoo), SPACES, trials=20, test=8, method=method, seed=4)
    assert other.leaderboard != first.leaderboard


@pytest.mark.parametrize(("horizon", "windows"), [(1, 1), (3, 1), (2, 2)])
def test_the_leaderboard_and_the_reported_scores_are_those_of_backtests(shampoo, horizon, windows):
    spaces = tuple(replace(space, base=replace(space.base, horizon=horizon)) for space in SPACES)
    tuned = tune(months(shampoo), spaces, trials=8, test=6, horizon=horizon, windows=windows)
    assert len(tuned.leaderboard) + len(tuned.failures) == 8
    for candidate in tuned.leaderboard:
        parts = [
            sc.backtest(months(shampoo[: 30 - 6 * k]), candidate.recipe, test=6, horizon=horizon)
            for k in range(windows)
        ]
        squares = np.concatenate([((part.y - part.mean) ** 2).ravel() for part in parts])
        assert candidate.rmse == pytest.approx(np.sqrt(squares.mean()), rel=1e-12)
    assert [c.rmse for c in tuned.leaderboard] == sorted(c.rmse for c in tuned.leaderboard)
    assert tuned.winner == tuned.leaderboard[0].recipe
    for test, recipe in ((tuned.tested, tuned.winner), (tuned.default, spaces[0].base)):
        assert test.scores == sc.backtest(months(shampoo), recipe, test=6, horizon=horizon).scores


def test_the_error_of_a_panel_is_the_mean_of_its_series(shampoo):
    shops = [months(shampoo, unique_id="a"), months(shampoo[::-1] * 5, unique_id="b")]
    tuned = tune(pd.concat(shops), SPACES, trials=3, test=6)
    best = tuned.leaderboard[0]
    alone = [sc.backtest(shop.iloc[:30], best.recipe, test=6).scores.rmse for shop in shops]
    assert best.rmse == pytest.approx(np.mean(alone), rel=1e-9)


def test_what_was_filled_in_is_not_scored(shampoo):
    """Of six validation rows the first two were missing."""
    panel = sc.read(months(shampoo))
    filled = np.isin(np.arange(36), (24, 25))
    tuned = tune(replace(panel, filled=filled), SPACES[0], trials=4, test=6)
    for candidate in tuned.leaderboard:
        part = sc.backtest(months(shampoo[:30]), candidate.recipe, test=6)
        assert candidate.rmse == pytest.approx(np.sqrt(np.mean((part.y - part.mean)[0, 2:] ** 2)), rel=1e-12)
    with pytest.raises(DataError, match="all rows for validation were missing"):
        tune(replace(panel, filled=np.arange(36) >= 24), SPACES[0], trials=4, test=6)


def test_rounds_of_halving():
    assert rounds("random", 500) == [1.0]
    assert [round(1 / share) for share in rounds("halving", 500)] == [9, 3, 1]
    assert [round(1 / share) for share in rounds("halving", 9)] == [9, 3, 1]
    assert [round(1 / share) for share in rounds("halving", 8)] == [3, 1]
    assert rounds("halving", 2) == [1.0]


def test_halving_keeps_the_best_third_and_gives_it_three_times_the_epochs():
    """The error falls with lags and epochs, so only the epochs given in each round and the lags decide."""
    seen: list[tuple[int, int]] = []

    def score(recipe) -> float:
        seen.append((recipe.lags, recipe.epochs))
        return 1000.0 - 10 * recipe.lags - recipe.epochs / 9000

    recipes = [sc.classic(lags=lags, epochs=9000) for lags in (5, 1, 9, 3, 7, 2, 8, 4, 6)]
    progress: list[tuple[int, int]] = []
    ranked, failures = search(recipes, rounds("halving", 9), score, 1, lambda *at: progress.append(at))
    assert failures == ()
    assert [(c.recipe.lags, round(1 / c.share)) for c in ranked] == [
        (9, 1), (8, 3), (7, 3), (6, 9), (5, 9), (4, 9), (3, 9), (2, 9), (1, 9),
    ]  # fmt: skip
    assert {c.recipe.epochs for c in ranked} == {9000}
    assert [c.trial for c in ranked[:3]] == [2, 6, 4]
    assert sorted(seen[:9]) == [(lags, 1000) for lags in range(1, 10)]
    assert seen[9:] == [(9, 3000), (8, 3000), (7, 3000), (9, 9000)]
    assert progress == [(done, 13) for done in range(1, 14)]


def test_halving_finds_a_planted_recipe():
    """A learning rate of 0.02 learns an alternation; rates of a millionth learn nothing."""
    y = 100 + 20 * (-1.0) ** np.arange(40) + np.random.default_rng(0).normal(size=40)
    base = sc.classic(units=2, epochs=180, difference=0, horizon=1, learning_rate=1e-6)
    space = Space(base, {"learning_rate": (1e-6, 2e-6, 3e-6, 4e-6, 5e-6, 6e-6, 7e-6, 8e-6, 0.02)})
    tuned = tune(y, space, trials=30, test=8, method="halving")
    assert tuned.winner.learning_rate == 0.02
    assert tuned.leaderboard[0].share == 1
    assert len(tuned.leaderboard) == 9  # the whole space
    assert tuned.helped


def test_where_tuning_helps_it_says_so():
    """The default halves what its network says of an alternation; a network fully trusted has only the noise left."""
    y = 100 + 20 * (-1.0) ** np.arange(60) + 3 * np.random.default_rng(0).normal(size=60)
    tuned = tune(y, trials=20, test=12)
    assert tuned.helped
    assert tuned.advice == tuned.winner != tuned.base
    assert tuned.verdict.startswith("Tuning helped: on the 12 rows that the search has not seen its winner has RMSE ")
    assert tuned.tested.scores.rmse < 5 < tuned.default.scores.rmse
    assert tuned.luck < 0.01


def test_on_random_walks_tuning_claims_nothing():
    """Chance gives one lead in twenty at the level of the test; of 20 walks more than 3 would be too many."""
    rng = np.random.default_rng(0)
    walks = 500 + rng.normal(size=(20, 50)).cumsum(axis=1)
    space = Space(sc.auto(members=1, horizon=1), {"units": (2, 4), "trust": (0.25, 0.75, 1.0)})
    results = [tune(walk, space, trials=6, test=12) for walk in walks]
    assert sum(result.helped for result in results) <= 3
    assert {result.advice for result in results if not result.helped} == {space.base}
    said = {result.verdict.partition(" on the")[0].partition(":")[0] for result in results}
    assert any(result.verdict.startswith("Tuning did not help") for result in results), said


def swings(series: int = 20, length: int = 40) -> pd.DataFrame:
    """Return series that come nearer to 100 by a tenth with every step, and turn to the other side."""
    starts = np.random.default_rng(5).uniform(-40, 40, series)
    far = starts[:, np.newaxis] * (-0.9) ** np.arange(length)
    noise = np.random.default_rng(6).normal(0, 0.3, (series, length))
    return pd.concat([months(100 + y, unique_id=f"s{s:02}") for s, y in enumerate(far + noise)])


def test_a_shared_recipe_is_tuned_on_all_series_together():
    """One that learns nothing leaves the line; another learns the swing from all series."""
    base = sc.shared(units=6, epochs=30, members=1, trust=1.0, horizon=1, learning_rate=1e-6)
    table = swings()
    tuned = tune(table, Space(base, {"learning_rate": (1e-6, 0.02), "layers": (1, 2)}), trials=4, test=8)
    assert tuned.winner.learning_rate == 0.02
    assert tuned.base == base
    assert tuned.verdict.startswith("Tuning helped")
    history = table[table.groupby("unique_id").cumcount() < 32]
    for candidate in tuned.leaderboard:
        part = sc.backtest(history, candidate.recipe, test=8)
        each = np.sqrt(((part.y - part.mean) ** 2).mean(axis=(1, 2)))
        assert candidate.rmse == pytest.approx(each.mean(), rel=1e-12)
    assert tuned.tested.scores == sc.backtest(table, tuned.winner, test=8).scores


def test_halving_scores_a_recipe_that_finds_its_epochs_out_once():
    seen: list[int] = []

    def score(recipe) -> float:
        seen.append(recipe.units)
        return float(recipe.units)

    recipes = [sc.shared(units=units) for units in (5, 1, 9, 3, 7, 2, 8, 4, 6)]
    ranked, _ = search(recipes, rounds("halving", 9), score, 1)
    assert sorted(seen) == [*range(1, 10)]
    assert [(c.recipe.units, round(1 / c.share)) for c in ranked[:4]] == [(1, 1), (2, 3), (3, 3), (4, 9)]


def test_a_winner_that_is_the_default_is_said_to_be():
    y = [10.0, 12.0, 11.0, 13.0, 12.0, 14.0, 13.0, 15.0, 14.0, 16.0]
    tuned = tune(y, Space(sc.classic(epochs=5, horizon=1), {}), trials=5, test=3)
    assert len(tuned.leaderboard) == 1
    assert tuned.verdict.startswith("Tuning found nothing better than the default, so keep it")
    assert tuned.luck == 1
    assert not tuned.helped


def test_a_baseline_that_is_better_is_preferred():
    tuned = tune(np.arange(30.0) ** 2, Space(sc.classic(epochs=1, horizon=1), {"units": (1, 2)}), trials=3, test=6)
    best = min(tuned.tested.baselines.items(), key=lambda item: item[1].rmse)
    assert best[1].rmse < tuned.tested.scores.rmse
    assert f"The best baseline, the {best[0].replace('_', ' ')}, has" in tuned.verdict
    assert tuned.verdict.endswith("so prefer it.")


def test_recipes_that_fail_are_counted_and_said(shampoo):
    space = Space(sc.classic(epochs=5, horizon=1), {"lags": (1, 40), "fill": ("zero", "drop")})
    tuned = tune(months(shampoo), space, trials=4, test=6)
    assert len(tuned.leaderboard) == 3
    (failure,) = tuned.failures
    assert (failure.recipe.lags, failure.recipe.fill) == (40, "drop")
    assert "takes at least 43 observations" in failure.reason


def test_errors_that_are_not_of_the_recipe_are_not_hidden():
    def broken(_recipe) -> float:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        search([sc.auto()], [1.0], broken, 2)


def test_a_training_that_diverges_and_a_forecast_that_is_not_finite_are_failures():
    def score(recipe) -> float:
        if recipe.units == 1:
            raise TrainingError("diverged in epoch 3.")
        return float("nan") if recipe.units == 2 else 1.0

    ranked, failures = search([sc.auto(units=units) for units in (1, 2, 3)], [1.0], score, 2)
    assert [c.recipe.units for c in ranked] == [3]
    assert [(f.trial, f.reason) for f in failures] == [
        (0, "diverged in epoch 3."),
        (1, "its forecasts are not finite."),
    ]


def test_if_all_fail_the_reason_is_given(shampoo):
    space = Space(sc.classic(lags=40, fill="drop", horizon=1), {"units": (1, 2)})
    with pytest.raises(DataError, match=r"none of 3 recipes could be scored; the first: .*at least 43"):
        tune(months(shampoo), space, trials=3, test=6)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"trials": 0}, ParameterError, "trials must be"),
        ({"test": 0}, ParameterError, "test must be"),
        ({"horizon": 13}, ParameterError, "horizon must be a whole number from 1 to 12"),
        ({"windows": 0}, ParameterError, "windows must be"),
        ({"seed": -1}, ParameterError, "seed must be"),
        ({"threads": 0}, ParameterError, "threads must be"),
        ({"method": "grid"}, ParameterError, "method must be one of random, halving, got 'grid'"),
        ({"space": ()}, ParameterError, "expected a space"),
        ({"test": 18}, DataError, "series of more than 36 rows, got 36 in 'y'"),
        ({"windows": 2}, DataError, "more than 36 rows, got 36"),
    ],
)
def test_what_cannot_be_is_refused(shampoo, options, error, message):
    with pytest.raises(error, match=message):
        tune(months(shampoo), **{"trials": 2, "test": 12, **options})
