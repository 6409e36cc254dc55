from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import statecast as sc
from statecast.baselines import last_value
from statecast.tuning import luck


@pytest.fixture
def tested():
    """Return what makes a test of the errors [S, K, h] that it is given."""
    pattern = sc.backtest(np.arange(20.0), last_value(), test=4)

    def make(errors):
        errors = np.asarray(errors, np.float64)
        return replace(pattern, y=np.zeros_like(errors), mean=errors, horizon=errors.shape[2])

    return make


def steps(*errors: float):
    """One series, a step ahead."""
    return np.array(errors)[np.newaxis, :, np.newaxis]


def test_by_hand(tested):
    """Gains 3, 8, -1: of the 8 ways to sign them, only +3 +8 -1 and +3 +8 +1 reach 10."""
    worse, better = tested(steps(2.0, 3.0, 0.0)), tested(steps(1.0, 1.0, 1.0))
    assert luck(better, worse) == 2 / 8
    assert luck(worse, better) == 7 / 8


def test_a_lead_everywhere_is_as_unlikely_as_can_be(tested):
    assert luck(tested(steps(*[1.0] * 6)), tested(steps(*[2.0] * 6))) == 2.0**-6


def test_equal_forecasts_and_perfect_ones(tested):
    assert luck(tested(steps(1.0, 2.0)), tested(steps(1.0, 2.0))) == 1
    assert luck(tested(steps(0.0, 0.0)), tested(steps(0.0, 0.0))) == 1


def test_many_origins_are_drawn_alike_and_near_the_normal_approximation(tested):
    gains = np.random.default_rng(0).normal(0.2, 1, 100)
    worse, better = tested(steps(*np.sqrt(5 + gains))), tested(steps(*[np.sqrt(5)] * 100))
    z = gains.sum() / np.sqrt((gains**2).sum())
    from math import erfc, sqrt

    assert luck(better, worse) == luck(better, worse) == pytest.approx(erfc(z / sqrt(2)) / 2, abs=0.015)


def test_forecasts_of_several_steps_count_by_blocks_of_origins(tested):
    """Six origins three steps ahead are two blocks, so 1/4 is the least."""
    assert luck(tested(np.full((1, 6, 3), 1.0)), tested(np.full((1, 6, 3), 2.0))) == 1 / 4


def test_a_series_of_large_numbers_does_not_outvote_the_others(tested):
    worse, better = np.full((3, 8, 1), 2.0), np.full((3, 8, 1), 1.0)
    better[0] = 2.1
    scale = np.array([1000.0, 1.0, 1.0]).reshape(3, 1, 1)
    assert luck(tested(better * scale), tested(worse * scale)) == luck(tested(better), tested(worse)) == 2.0**-8
