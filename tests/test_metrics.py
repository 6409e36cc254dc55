"""Scores against values worked out by hand or published."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from statecast.metrics import (
    coverage,
    crps,
    mae,
    mase,
    mean_scores,
    naive_scale,
    pinball,
    rmse,
    scores,
    skill,
    smape,
    weighted_quantile_loss,
)


def test_by_hand():
    y, f = [1.0, 2.0, 4.0], [2.0, 2.0, 1.0]
    assert rmse(y, f) == pytest.approx(math.sqrt(10 / 3))
    assert mae(y, f) == pytest.approx(4 / 3)
    assert smape(y, f) == pytest.approx((200 / 3 + 0 + 200 * 3 / 5) / 3)


def test_smape_counts_two_zeros_as_no_error_and_goes_up_to_200():
    assert smape([0, 0], [0, 5]) == 100
    assert smape([-1.0], [1.0]) == 200


def test_mase_divides_by_the_training_part_with_the_season():
    history = [1.0, 5.0, 3.0, 8.0]
    assert naive_scale(history, 2) == pytest.approx((2 + 3) / 2)
    assert mase([10.0], [11.0], history, 2) == pytest.approx(1 / 2.5)
    assert naive_scale(history) == pytest.approx((4 + 2 + 5) / 3)
    assert naive_scale([1.0, 2.0], season=12) == 1  # shorter than a season: the season is left out


def test_the_scale_passes_over_what_was_not_observed():
    assert naive_scale([1.0, math.nan, 3.0, 7.0]) == 4
    assert naive_scale([1.0, 2.0, math.nan, 7.0, 5.0], season=2) == pytest.approx((5 + 0) / 1)
    assert math.isnan(naive_scale([math.nan, 1.0]))


def test_mase_of_a_constant_history_is_nan():
    assert math.isnan(mase([1.0], [2.0], [3.0, 3.0]))
    assert math.isnan(naive_scale([1.0]))


def test_the_last_value_on_the_shampoo_series(shampoo):
    # The published persistence score of the tutorial's own test part.
    assert rmse(shampoo[-12:], shampoo[-13:-1]) == pytest.approx(136.761, abs=5e-4)


def test_skill():
    assert skill(50, 100) == 0.5
    assert skill(200, 100) == -1
    assert math.isnan(skill(1, 0))


def test_all_at_once():
    got = scores([1.0, 2.0], [1.0, 4.0], [0.0, 1.0])
    assert (got.rmse, got.mae, got.mase) == (math.sqrt(2), 1, 1)


@pytest.mark.parametrize("score", [rmse, mae, smape])
def test_shapes_must_agree(score):
    with pytest.raises(ValueError, match=r"one shape, not empty, got \(2,\) and \(3,\)"):
        score(np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="not empty"):
        score([], [])


def test_pinball_by_hand():
    assert pinball([10.0, 10.0], [7.0, 12.0], 0.9) == pytest.approx((0.9 * 3 + 0.1 * 2) / 2)
    assert pinball([3.0], [3.0], 0.2) == 0
    assert pinball([1.0, 5.0, 2.0], [2.0, 2.0, 2.0], 0.5) == mae([1.0, 5.0, 2.0], [2.0, 2.0, 2.0]) / 2


def test_the_quantile_is_what_makes_the_pinball_loss_small():
    y = np.random.default_rng(0).exponential(size=2001)
    losses = [pinball(y, np.full(2001, level), 0.8) for level in np.quantile(y, [0.7, 0.8, 0.9])]
    assert np.argmin(losses) == 1


def test_weighted_quantile_loss_by_hand():
    y = [10.0, -30.0]
    forecasts = [[8.0, 11.0], [-30.0, -29.0]]
    tenth = 0.1 * 2 + 0.0  # below the first observation, on the second
    ninth = 0.1 * 1 + 0.1 * 1
    expected = (2 * tenth / 40 + 2 * ninth / 40) / 2
    assert weighted_quantile_loss(y, forecasts, (0.1, 0.9)) == pytest.approx(expected)
    assert math.isnan(weighted_quantile_loss([0.0], [[1.0]], (0.5,)))


def test_crps_of_many_quantiles_is_that_of_the_normal_distribution():
    levels = (np.arange(2000) + 0.5) / 2000
    normal = [NormalDist().inv_cdf(level) for level in levels]
    # Gneiting and Raftery (2007): z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)
    for z in (0.0, 1.3):
        exact = z * (2 * NormalDist().cdf(z) - 1) + 2 * NormalDist().pdf(z) - 1 / math.sqrt(math.pi)
        assert crps([z], [normal], levels) == pytest.approx(exact, abs=1e-4)
    with pytest.raises(ValueError, match="each of 3 quantiles, got 2"):
        crps([1.0], [[1.0, 2.0]], (0.1, 0.5, 0.9))


def test_coverage_by_hand():
    assert coverage([1.0, 2.0, 3.0, 4.0], [1.0, 0.0, 4.0, 0.0], [5.0, 2.0, 5.0, 3.0]) == 0.5


def test_the_mean_scores_of_many_series_are_those_of_one_after_another():
    rng = np.random.default_rng(2)
    y, forecast = rng.normal(size=(2, 40, 3, 4))
    seen = rng.random((40, 3, 4)) < 0.7
    seen[0], seen[1] = False, True  # one series without any observation, one with all
    y[2, 0, 0] = forecast[2, 0, 0] = 0.0
    histories = [rng.normal(size=n) for n in range(5, 45)]
    each = [scores(y[s][seen[s]], forecast[s][seen[s]], histories[s], 12) for s in range(1, 40)]
    scale = np.array([naive_scale(history, 12) for history in histories])
    found = mean_scores(y, forecast, seen, scale)
    for name in ("rmse", "mae", "smape", "mase"):
        assert getattr(found, name) == pytest.approx(np.mean([getattr(one, name) for one in each]), rel=1e-14)


def test_a_series_that_does_not_vary_leaves_the_mean_mase_unknown():
    y = np.ones((2, 3))
    found = mean_scores(y, y + 1, np.ones((2, 3), bool), np.array([2.0, 0.0]))
    assert found.mae == 1.0
    assert math.isnan(found.mase)
