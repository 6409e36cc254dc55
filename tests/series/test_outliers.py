"""Outliers that a survey names: almost none where there is none, and those that are there, also at the ends."""

from __future__ import annotations

import numpy as np
import pytest

from statecast.series import survey

LENGTHS = ((30, 1), (100, 1), (36, 12), (60, 12), (60, 7), (24, 4))


def clean(kind: str, count: int, season: int, seed: int) -> np.ndarray:
    rng, t = np.random.default_rng(seed), np.arange(count)
    noise = rng.normal(size=count)
    wave = np.sin(2 * np.pi * t / season) if season > 1 else np.zeros(count)
    return {
        "noise": lambda: 100 + noise,
        "trend and season": lambda: 100 + t + 10 * wave + noise,
        "exact line": lambda: 7 + (seed - 3.3) * t,
        "exact growth": lambda: 100 * (1 + 0.01 * (seed % 5 - 2)) ** t,
        "exact season": lambda: 50 + 10.0 * (t % season == seed % season),
        "growth": lambda: 100 * 1.03**t * np.exp(0.03 * noise),
        "growing season": lambda: 100 * 1.01**t * (1 + 0.3 * wave) * np.exp(0.03 * noise),
        "random walk": lambda: 100 + np.cumsum(noise),
        "constant": lambda: np.full(count, 5.0),
    }[kind]()


@pytest.mark.parametrize(
    "kind",
    [
        "noise",
        "trend and season",
        "exact line",
        "exact growth",
        "exact season",
        "growth",
        "growing season",
        "random walk",
        "constant",
    ],
)
def test_at_most_one_in_a_hundred_clean_values_is_named_anywhere(kind):
    named, values, at_ends, ends = 0, 0, 0, 0
    for count, season in LENGTHS:
        for seed in range(15):
            found = survey(clean(kind, count, season, seed), season).outliers
            named, values = named + len(found), values + count
            at_ends, ends = at_ends + int(np.sum((found < 3) | (found >= count - 3))), ends + 6
    assert named <= 0.01 * values
    assert at_ends <= 0.015 * ends


@pytest.mark.parametrize("at", [(0,), (1,), (2,), (30,), (-2,), (-1,), (0, 1), (30, 31), (-2, -1)])
@pytest.mark.parametrize("season", [1, 7, 12])
@pytest.mark.parametrize("kind", ["noise", "trend and season", "random walk"])
def test_outliers_are_found_at_the_ends_and_side_by_side_and_their_neighbours_are_not(kind, season, at):
    extra = 0
    for seed in range(5):
        y = clean(kind, 60, season, seed)
        y[list(at)] += 50
        found, there = set(survey(y, season).outliers.tolist()), {place % 60 for place in at}
        assert there <= found
        extra += len(found - there)
    assert extra <= 3


def test_what_comes_on_every_fifth_day_is_no_outlier():
    rng = np.random.default_rng(0)
    sales = np.where(rng.random(100) < 0.2, rng.poisson(4, 100) + 1.0, 0.0)
    assert len(survey(sales, 1).outliers) <= 1


def test_a_smooth_curve_has_none():
    for count, season in ((100, 1), (60, 12), (100, 7)):
        assert survey(np.arange(count) ** 2.0, season).outliers.tolist() == []


def test_values_after_a_shift_of_the_level_are_no_outliers():
    y = 100 + np.random.default_rng(1).normal(size=100) + 20 * (np.arange(100) >= 50)
    found = survey(y, 1).outliers
    assert np.all(np.abs(found - 49.5) < 4)
