"""Two layers learn: a bit remembered over 50 steps, a sine plus trend."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reference.problems import Array
from statecast.network import Spec, initialise, run
from statecast.training import Adam, Schedule, batched_loss, train_batched

# -- learning ----------------------------------------------------------------------------------------------------------


def bits(count: int, seed: int) -> tuple[Array, Array]:
    """Return X [N, 51, 1], a bit and then 50 steps of noise, and y: the bit at all steps."""
    rng = np.random.default_rng([seed, 50])
    X = rng.uniform(-1, 1, (count, 51, 1))
    X[:, 0] = rng.choice([-1, 1], (count, 1))
    return X, np.repeat(X[:, :1], 51, axis=1)


def check_that_a_bit_is_remembered(seed: int) -> None:
    how = {"epochs": 40, "batch": 16, "optimiser": Adam(clip=1.0), "learning_rate": 0.02, "seed": seed, "threads": 2}
    trained = train_batched(initialise(Spec(1, 8, layers=2), seed), *bits(128, seed), **how)
    X, y = bits(256, seed + 1000)
    last = np.array([run(trained.parameters, x)[0][-1] for x in X])
    assert (np.sign(last) == y[:, -1]).all()
    assert np.mean((last - y[:, -1]) ** 2) < 0.01


def waves(count: int, seed: int) -> tuple[Array, Array, Array]:
    """Return X [N, 48], sines plus trends of any phase and slope, y, the next values, and weights: the last 24."""
    rng = np.random.default_rng([seed, 51])
    t = np.arange(49)
    phase, slope = rng.uniform(0, 12, (count, 1)), rng.uniform(-0.03, 0.03, (count, 1))
    series = np.sin(2 * np.pi * (t + phase) / 12) + slope * t
    return series[:, :-1], series[:, 1:], np.tile(np.arange(48) >= 24, (count, 1))


def check_that_a_sine_plus_trend_is_forecast(seed: int) -> None:
    start = initialise(Spec(1, 8, layers=2, residual=True, skip=True), seed)
    X, y, _ = waves(64, seed)
    schedule = Schedule("cosine", 0.02, warm_up=20)
    how = {"epochs": 150, "batch": 16, "optimiser": Adam(clip=1.0), "learning_rate": schedule, "seed": seed}
    trained = train_batched(start, X, y, **how, threads=2)
    X, y, weights = waves(256, seed + 1000)
    repeat = np.mean((X - y)[:, 24:] ** 2)
    assert math.sqrt(repeat) > 0.3
    assert math.sqrt(batched_loss(trained.parameters, X, y, weights=weights)) < 0.03


LEARNING = [check_that_a_bit_is_remembered, check_that_a_sine_plus_trend_is_forecast]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("check", LEARNING)
def test_two_layers_learn(check, seed: int) -> None:
    check(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 13))
@pytest.mark.parametrize("check", LEARNING)
def test_two_layers_learn_from_every_seed(check, seed: int) -> None:
    check(seed)
