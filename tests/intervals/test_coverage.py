"""Intervals cover what they promise where the distribution is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.baselines import Drift, LastSeason, last_value
from statecast.metrics import coverage

SERIES = 120


def noise(count: int, steps: int, rng: np.random.Generator) -> np.ndarray:
    return 50 + 3 * rng.standard_normal((count, steps))


def walk(count: int, steps: int, rng: np.random.Generator) -> np.ndarray:
    return rng.standard_normal((count, steps)).cumsum(axis=1)


def growing_walk(count: int, steps: int, rng: np.random.Generator) -> np.ndarray:
    return 100 * np.exp(0.05 * rng.standard_normal((count, steps)).cumsum(axis=1))


def autoregression(count: int, steps: int, rng: np.random.Generator) -> np.ndarray:
    y = rng.standard_normal((count, steps))
    y[:, 0] /= np.sqrt(1 - 0.8**2)
    for t in range(1, steps):
        y[:, t] += 0.8 * y[:, t - 1]
    return 40 + y


def season(count: int, steps: int, rng: np.random.Generator) -> np.ndarray:
    return 100 + 10 * np.sin(np.arange(steps) * np.pi / 6) + 2 * rng.standard_normal((count, steps))


def panel_of(values: np.ndarray, period: int) -> sc.series.Panel:
    series, steps = values.shape
    ids = np.repeat([f"{s:04d}" for s in range(series)], steps)
    return sc.read(
        pd.DataFrame({"unique_id": ids, "ds": np.tile(np.arange(steps), series), "y": values.ravel()}), season=period
    )


CASES = {
    "last value of a walk": (walk, last_value(), 1, 120),
    "last value of a growing walk": (growing_walk, last_value(), 1, 120),
    "last value of a short walk": (walk, last_value(), 1, 30),
    "drift of a walk": (walk, Drift(), 1, 120),
    "last season of a season": (season, LastSeason(12), 12, 120),
    "auto of a walk": (walk, sc.auto(horizon=6, members=2), 1, 90),
    "auto of noise": (noise, sc.auto(horizon=6, members=2), 1, 90),
    "auto of an autoregression": (autoregression, sc.auto(horizon=6, members=2), 1, 90),
    "auto of a season": (season, sc.auto(horizon=6, members=2), 12, 90),
}


@pytest.mark.parametrize(("draw", "recipe", "period", "steps"), CASES.values(), ids=CASES.keys())
def test_coverage_is_as_promised(draw, recipe, period, steps):
    """Within two standard errors of the coverage over so many series, whose own coverages have an sd of about 0.3."""
    y = draw(SERIES, steps + 6, np.random.default_rng(7))
    ahead = recipe.fit(panel_of(y[:, :-6], period)).forecast(6, level=(80, 95))
    narrow, wide = (coverage(y[:, -6:], ahead.lower[:, k], ahead.upper[:, k]) for k in (0, 1))
    assert abs(narrow - 0.8) < 0.05
    assert abs(wide - 0.95) < 0.03


SUMS = {
    "last value of a walk": (walk, last_value(), 1, 120),
    "auto of noise": (noise, sc.auto(horizon=6, members=2), 1, 120),
    "last season of a season": (season, LastSeason(12), 12, 120),
}


@pytest.mark.parametrize(("draw", "recipe", "period", "steps"), SUMS.values(), ids=SUMS.keys())
def test_sums_over_paths_cover_as_promised(draw, recipe, period, steps):
    """The sum of six steps of a walk varies six times as much as if they were independent; that of noise does not."""
    y = draw(SERIES, steps + 6, np.random.default_rng(11))
    paths = recipe.fit(panel_of(y[:, :-6], period)).sample(6, paths=400)
    lower, upper = np.quantile(paths.sum(axis=2), [0.1, 0.9], axis=1)
    assert abs(coverage(y[:, -6:].sum(axis=1), lower, upper) - 0.8) < 0.09


def test_each_step_of_the_paths_has_the_quantiles_of_the_bounds(shampoo):
    fitted = sc.auto(horizon=6).fit(shampoo)
    ahead = fitted.forecast(6, level=(50, 80))
    paths = fitted.sample(6, paths=20_000)[0]
    for k, share in enumerate((0.5, 0.8)):
        assert np.abs(np.mean(paths < ahead.lower[0, k], axis=0) - (1 - share) / 2).max() < 0.015
        assert np.abs(np.mean(paths > ahead.upper[0, k], axis=0) - (1 - share) / 2).max() < 0.015


@pytest.mark.slow
def test_where_there_are_many_origins_the_shape_is_that_of_the_errors():
    """Exponential noise: each side of the interval has its own size, which a symmetric one has not."""
    y = 5 + np.random.default_rng(2).exponential(size=(40, 906))
    ahead = sc.auto(horizon=6, members=2).fit(panel_of(y[:, :-6], 1)).forecast(6, level=80)
    assert np.mean(y[:, -6:] > ahead.upper[:, 0]) == pytest.approx(0.1, abs=0.04)
    assert np.mean(y[:, -6:] < ahead.lower[:, 0]) > 0.02
