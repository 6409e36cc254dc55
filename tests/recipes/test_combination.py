"""Combinations against averages worked out by hand, and what --use chooses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from statecast.baselines import Drift, LastSeason, last_value
from statecast.errors import ParameterError
from statecast.recipes import Combination, to_use

LINE = np.arange(24.0)


def test_the_average_of_all(shampoo):
    recipes = (sc.classic(epochs=5, members=3), last_value(), Drift())
    ahead = Combination(recipes).fit(shampoo).forecast(4)
    alone = [recipe.fit(shampoo).forecast(4) for recipe in recipes]
    assert_allclose(ahead.mean, np.mean([one.mean for one in alone], axis=0))
    for m in range(3):  # the combination that a lucky seed would have made
        with_member = (alone[0].members[:, m] + alone[1].mean + alone[2].mean) / 3
        assert_allclose(ahead.members[:, m], with_member)


def test_weights_of_one_over_the_error_on_the_held_out_end():
    """On a line, the last value is off by 1 to 6 over the 6 steps held out; a season of 2 by 2, 2, 4, 4, 6, 6."""
    fitted = Combination((last_value(), LastSeason(2)), "inverse_error").fit(LINE)
    errors = np.sqrt([np.mean(np.arange(1, 7.0) ** 2), np.mean(np.repeat([2.0, 4.0, 6.0], 2) ** 2)])
    shares = (1 / errors) / (1 / errors).sum()
    assert_allclose(fitted.shares[:, 0], shares)
    assert fitted.decisions()[0] == f"{100 * shares[0]:.0f} % last_value and {100 * shares[1]:.0f} % last_season"
    assert_allclose(fitted.forecast(1).mean[0, 0], 23 * shares[0] + 22 * shares[1])


def test_a_perfect_recipe_gets_it_all_and_two_share():
    ahead = Combination((last_value(), Drift()), "inverse_error").fit(LINE)
    assert_allclose(ahead.forecast(3).mean[0], [24, 25, 26], rtol=1e-5)
    assert_allclose(Combination((Drift(), Drift()), "inverse_error").fit(LINE).shares, 0.5)


def test_every_series_has_weights_of_its_own():
    frame = pd.concat(
        [pd.DataFrame({"unique_id": k, "ds": range(24), "y": y}) for k, y in (("a", LINE), ("b", LINE % 2))]
    )
    shares = Combination((Drift(), LastSeason(2)), "inverse_error").fit(frame).shares
    assert shares[0, 0] > 0.99
    assert shares[1, 1] > 0.99


@pytest.mark.parametrize("series", [[1.0, 2.0, 4.0], [1.0, 2.0, 3.0, 5.0, 4.0]])
def test_too_short_to_hold_out_means_equal_weights(series):
    """Three rows have no quarter; of five, one is held out, and four are too few for a season of five."""
    recipes = (last_value(), LastSeason(len(series)))
    assert_array_equal(Combination(recipes, "inverse_error").fit(series).shares, [[0.5], [0.5]])


def test_weights_do_not_look_at_the_forecast(shampoo):
    changed = np.append(shampoo[:30], 1e4)
    a, b = (Combination((last_value(), Drift()), "inverse_error").fit(y[:30]) for y in (shampoo, changed))
    assert_array_equal(a.update(5.0).shares, b.shares)


def test_a_combination_can_be_tested_itself(shampoo):
    recipe = Combination((sc.classic(epochs=5, members=2), Drift()))
    result = sc.backtest(shampoo, recipe, test=6)
    alone = sc.backtest(shampoo, recipe.recipes[0], test=6)
    assert_allclose(result.mean, (alone.mean + alone.baseline_means["drift"]) / 2)
    assert [member.seed for member in result.member_scores] == [1, 2]


def test_wrong_combinations_are_refused():
    with pytest.raises(ParameterError, match="at least one"):
        Combination(())
    with pytest.raises(ParameterError, match="weights must be one of equal, inverse_error, got 'best'"):
        Combination((Drift(),), "best")


def test_what_to_use(shampoo):
    network = sc.auto(epochs=5)
    line, sales = sc.backtest(LINE, network, test=6), sc.backtest(shampoo, network, test=12)
    assert to_use("network", network, line) is network
    assert to_use("best", network, line) is line.recipes["drift"]
    assert to_use("best", network, sales) is network
    combination = to_use("combination", network, sales)
    assert combination == Combination((network, sales.recipes[sales.combination.baselines[0]]))
    with pytest.raises(ParameterError, match="use must be one of network, best, combination"):
        to_use("all", network, line)
