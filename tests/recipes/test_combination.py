"""Combinations against averages worked out by hand, and what --use chooses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from reference.pooled import Pooled
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


def three(seed: int = 2) -> pd.DataFrame:
    """Return walks of 24, 12, 9 and 3 steps, and a line."""
    rng = np.random.default_rng(seed)
    series = {name: 50 + rng.standard_normal(n).cumsum() for name, n in {"a": 24, "b": 12, "c": 9, "d": 3}.items()}
    series["e"] = LINE + 1
    return pd.concat(
        [pd.DataFrame({"unique_id": k, "ds": np.arange(len(y)), "y": y}) for k, y in series.items()], ignore_index=True
    )


def test_a_shared_recipe_is_weighed_by_one_fit_without_the_ends_of_all_series():
    shared = Pooled()
    panel = sc.read(three(), season=1)
    recipe = Combination((shared, Drift()), "inverse_error")
    shares = recipe.fit(panel).shares
    assert [fit.lengths.tolist() for fit in shared.fits] == [[18, 9, 7, 3, 18], [24, 12, 9, 3, 24]]
    squares = []
    for y, steps in zip(np.split(panel.values, panel.offsets[1:-1]), (6, 3, 2, 0, 6), strict=True):
        if not steps:
            continue
        known, end, k = y[:-steps], y[-steps:], np.arange(1, steps + 1)
        change = shared.fit(shared.fits[0]).change
        forecasts = (known[-1] + change * k, known[-1] + (known[-1] - known[0]) / (len(known) - 1) * k)
        squares.append([np.sum((end - f) ** 2) for f in forecasts])
    relative = np.array(squares).T / np.mean(squares, axis=1)
    drawn = np.sqrt((relative + relative.mean(axis=1, keepdims=True)) / 2)  # half the way to those of all
    assert_allclose(shares[:, [0, 1, 2, 4]], 1 / drawn / (1 / drawn).sum(axis=0))
    for_all = 1 / np.sqrt(relative.mean(axis=1))
    assert_allclose(shares[:, 3], for_all / for_all.sum())  # no end of its own
    assert shares[1, 4] > 0.6  # on the line the drift is perfect, but half of what is known of it is common


def test_what_a_combination_has_learnt_is_taken_elsewhere():
    shared = Pooled()
    panel = sc.read(three(), season=1)
    recipe = Combination((shared, Drift()), "inverse_error")
    fitted = recipe.fit(panel)
    again, learnt = fitted.pretrained, len(shared.fits)
    assert (recipe.shared, again.shared, again.name) == (True, False, "combination")
    some = panel.select(np.array([2, 0]))
    assert_array_equal(again.fit(some).forecast(4).mean, fitted.forecast(4).mean[[2, 0]])
    other = again.fit([1.0, 2.0, 4.0])  # of a series that was never seen
    assert_allclose(other.shares[:, 0], fitted.shares.mean(axis=1))
    assert len(shared.fits) == learnt
    ahead = replace(again, common=fitted.calibration.learnt).fit([1.0, 2.0, 4.0]).forecast(2, level=80)
    assert (ahead.upper[0, 0] > ahead.mean[0]).all()


def test_local_members_keep_their_bits_beside_other_series_and_a_shared_one_makes_them_differ():
    panel = sc.read(three(), season=1)
    for recipes, same in (((last_value(), Drift()), True), ((last_value(), Pooled()), False)):
        recipe = Combination(recipes, "inverse_error")
        one, other = (recipe.fit(panel.select(np.arange(n))).forecast(3).mean[:2] for n in (2, 5))
        assert np.array_equal(one, other) == same


def test_the_shared_part_of_a_combination_alone_is_fitted_before_a_walk_for_intervals():
    """Local members are fitted with each group of series, not beforehand as well."""
    calls = []

    class Spy(Drift):
        def fit(self, data, *, threads=1, progress=None):
            calls.append(data.lengths.tolist())
            return super().fit(data, threads=threads)

    fitted = Combination((Pooled(), Spy())).fit(sc.read(three(), season=1))
    assert calls == [[24, 12, 9, 3, 24]]
    assert np.isfinite(fitted.forecast(2, level=80).upper).all()
    assert sorted(calls[1:]) == [[5], [18, 6, 18]]  # ends of 4, and of 6


def test_wrong_combinations_are_refused():
    with pytest.raises(ParameterError, match="at least one"):
        Combination(())
    with pytest.raises(ParameterError, match="weights must be one of equal, inverse_error, got 'best'"):
        Combination((Drift(),), "best")


def test_what_to_use(shampoo):
    network, blind = sc.auto(epochs=5), sc.counts(epochs=1, trust=0.0)
    line, sales = sc.backtest(LINE, blind, test=6), sc.backtest(shampoo, network, test=12)
    assert to_use("network", blind, line) is blind
    assert to_use("best", blind, line) is line.recipes["drift"]
    assert to_use("best", network, sales) is network
    combination = to_use("combination", network, sales)
    assert combination == Combination((network, sales.recipes[sales.combination.baselines[0]]))
    with pytest.raises(ParameterError, match="use must be one of network, best, combination"):
        to_use("all", network, line)
