"""Scores against values worked out by hand or published."""

from __future__ import annotations

import math

import numpy as np
import pytest

from statecast.metrics import mae, mase, naive_scale, rmse, scores, skill, smape


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
