"""Seasonal indices that move."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from statecast.recipes._moving_season import MovingSeason
from statecast.series import Sequences
from statecast.transforms import Season

PERIOD = 4
SHAPE = np.array([-2.0, 0.0, 3.0, -1.0])


def changing(seasons: int, seed: int = 0) -> np.ndarray:
    """Return a season that turns upside down over the years, and a little noise."""
    share = np.linspace(1, -1, seasons * PERIOD)
    return 10 + share * np.tile(SHAPE, seasons) + np.random.default_rng(seed).normal(0, 0.05, seasons * PERIOD)


def of(*series: np.ndarray) -> Sequences:
    return Sequences.of(np.concatenate(series), np.array([len(one) for one in series]))


def fitted(sequences: Sequences, period: int) -> MovingSeason:
    season, moved = MovingSeason.fit_moved(sequences, period)
    for name in ("values", "places", "shift"):
        assert_array_equal(getattr(moved, name), getattr(season.moved(sequences), name))
    return season


def test_indices_of_a_short_series_are_fixed_and_those_of_season():
    short = of(changing(12)[:-1], changing(7), np.arange(30.0))
    season, fixed = fitted(short, PERIOD), Season(PERIOD).fit(short)
    moved = season.moved(short).values
    assert_array_equal(moved[~np.isnan(moved)], fixed.apply(short).values)
    assert_array_equal(season.invert(np.zeros((3, 9))), fixed.invert(np.zeros((3, 9))))


def test_indices_written_out():
    """The same with all indices of one series in a list."""
    values = changing(30)
    season = fitted(of(values), PERIOD)
    indices = list(Season(PERIOD).fit(of(values[: 12 * PERIOD])).indices[0])
    level, freed = 0.0, []
    for t, value in enumerate(values):
        place = t % PERIOD
        step = 0.2 * (value - indices[place] - level) if t else 0.0
        indices[place] += step
        indices = [index - step / PERIOD for index in indices]
        freed.append(value - indices[place])
        level += max(2 / (PERIOD + 1), 1 / (t + 1)) * (freed[-1] - level)
    assert_allclose(season.moved(of(values)).values[0], freed, rtol=1e-12)
    assert_allclose(season.invert(np.zeros((1, 6)))[0], [indices[t % PERIOD] for t in range(120, 126)], rtol=1e-9)
    assert abs(sum(indices)) < 1e-9


def test_indices_follow_what_a_season_has_become():
    values = changing(40)
    after = fitted(of(values), PERIOD).invert(np.zeros((1, PERIOD)))[0]
    assert_allclose(after, -SHAPE, atol=0.6)  # five seasons late; means of the last 12 are 0.9 off


def test_what_is_ahead_of_a_step_is_freed_of_the_indices_that_the_step_knows():
    series, horizon = of(changing(20), changing(31, 1), changing(5, 2)), 9
    season = fitted(series, PERIOD)
    ahead = season.moved(series).ahead(horizon)
    at = MovingSeason(season.start, season.share, season.start, *np.zeros((2, 3)), np.zeros(3, np.int64))
    steps = season.moved(series).raw
    for t in range(steps.shape[1] - horizon):
        at, _ = at.advance(steps[:, t])
        known = ~np.isnan(steps[:, t])
        expected = steps[:, t + 1 : t + 1 + horizon] - at.invert(np.zeros((3, horizon)))
        assert_allclose(ahead[known, t], expected[known], rtol=1e-12)


def test_a_series_does_not_see_its_neighbours():
    alone = fitted(of(changing(20)), PERIOD).moved(of(changing(20))).values[0]
    together = of(np.arange(200.0), changing(20))
    assert_array_equal(fitted(together, PERIOD).moved(together).values[1, :80], alone)


def test_advancing_is_a_walk_over_all_to_the_bit():
    values = changing(30)
    season = fitted(of(values), PERIOD)
    at = fitted(of(values[:100]), PERIOD)
    for value in values[100:]:
        at, _ = at.advance(np.array([value]))
    assert season.share[0] > 0
    for name in ("start", "places", "shift", "level", "seen"):
        assert_array_equal(getattr(at, name), getattr(season, name))


def test_a_shared_recipe_frees_long_series_of_moving_indices_and_carries_them_on():
    values = np.exp(changing(30) / 10)
    recipe = sc.shared(horizon=4, epochs=2, members=1, trust=0.0)
    ahead = recipe.fit(sc.read(values[:112], season=PERIOD)).update(values[112:]).forecast().mean
    assert_allclose(ahead[0], np.exp((10 - SHAPE) / 10), rtol=0.1)  # of means of the last 12 seasons: 17 % off
