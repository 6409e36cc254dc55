"""Parts of the intervals against tables, laws and slow arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from statecast.intervals import in_percent
from statecast.intervals._changes import Changes
from statecast.intervals._paths import correlations, shares
from statecast.intervals._residuals import Errors, Residuals
from statecast.intervals._spread import Spread
from statecast.intervals._student import Student

RNG = np.random.default_rng(5)


def test_levels_are_sorted_and_unique():
    assert in_percent([95, 80, 95.0]) == (80, 95)
    assert in_percent(np.array([99.9, 1])) == (1, 99.9)
    assert in_percent(()) == ()


@pytest.mark.parametrize(
    ("freedom", "probability", "value"),  # from the usual table
    [(1, 0.9, 3.078), (2, 0.975, 4.303), (3, 0.9, 1.638), (5, 0.995, 4.032), (30, 0.975, 2.042), (100, 0.9, 1.290)],
)
def test_quantiles_of_student(freedom, probability, value):
    student = Student.of(freedom)
    quantiles = student.quantiles(np.array([probability, 1 - probability, 0.5]))
    assert_allclose(quantiles, [value, -value, 0], atol=6e-4)
    assert_allclose(student.distribution(quantiles), [probability, 1 - probability, 0.5], atol=1e-6)


def changes_of(y: np.ndarray, season: int = 1, horizon: int = 4) -> Changes:
    return Changes.of(y, np.array([0, len(y)]), season, horizon)


def test_changes_by_hand():
    found = changes_of(np.array([1.0, 3.0, 4.0, 8.0, 8.0]), horizon=6)
    # a step: 2, 1, 4, 0, mean 1.75; two: 3, 5, 4, mean 4; three: 7, 5, too few to take a mean off; four: 7
    assert_allclose(found.variance[0, :4], [(0.25**2 + 0.75**2 + 2.25**2 + 1.75**2) / 3, 1, (49 + 25) / 2, 49])
    assert np.isnan(found.variance[0, 4:]).all()
    assert found.count.tolist() == [[3, 2, 2, 1, 0, 0]]


def test_neither_a_trend_nor_a_season_is_a_spread():
    trend = changes_of(3.0 * np.arange(40))
    assert_allclose(trend.variance, 0, atol=1e-20)
    wave = changes_of(np.tile([1.0, 5.0, 2.0, 9.0], 10), season=4)
    assert_allclose(wave.variance, 0, atol=1e-20)
    assert changes_of(np.tile([1.0, 5.0, 2.0, 9.0], 2)[:7], season=4).variance[0, 0] > 1  # too short to tell


def test_the_exponent_of_the_changes_tells_a_walk_from_noise_and_a_trend_that_wanders():
    steps = RNG.standard_normal(4000)
    for y, exponent in ((steps, 0.0), (steps.cumsum(), 0.5), (steps.cumsum().cumsum(), 1.0)):
        assert changes_of(y, horizon=8).exponent()[0] == pytest.approx(exponent, abs=0.05)


def rows(errors: np.ndarray) -> tuple[np.ndarray, ...]:
    """Errors [K, h] of one series as flat rows: errors, series, steps."""
    origin, step = np.nonzero(np.isfinite(errors))
    return errors[origin, step], np.zeros(len(step), np.int64), step + 1


@pytest.mark.parametrize("exponent", [0.0, 0.5])
def test_the_spread_is_found_and_grows_on_beyond_the_walk(exponent):
    """Errors of forecasts of a constant and of the last value; the changes say the same, or nothing."""
    steps = RNG.standard_normal(600)
    y = 2 * (steps if exponent == 0 else steps.cumsum())
    last = np.zeros(500) if exponent == 0 else y[:500]
    errors = np.stack([y[k : k + 500] - last for k in range(1, 9)], axis=1)
    found = Spread.of(*rows(errors), np.array([500]), changes_of(y, horizon=8)).steps(32)[0]
    assert_allclose(found, 2 * np.arange(1, 33) ** exponent, rtol=0.12)


def test_without_a_walk_the_changes_are_the_spread_and_a_single_one_will_do():
    none = np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.int64), np.array([0])
    y = RNG.standard_normal(3000).cumsum()
    assert_allclose(Spread.of(*none, changes_of(y)).steps(4)[0], np.sqrt([1, 2, 3, 4]), rtol=0.15)
    assert Spread.of(*none, changes_of(np.array([1.0, 4.0]))).steps(1)[0] == pytest.approx(3)
    assert Spread.of(*none, changes_of(np.array([7.0]))).steps(1)[0] == pytest.approx(7)
    assert Spread.of(*none, changes_of(np.zeros(9))).steps(1)[0] == 0


def test_correlations_are_those_of_a_random_walk_and_of_one_line():
    k = np.arange(1, 6)
    assert_allclose(correlations(0.5, 5), np.sqrt(np.minimum.outer(k, k) / np.maximum.outer(k, k)))
    assert_allclose(correlations(1.0, 5), 1)
    for exponent in (0.0, 0.3, 0.8):
        assert np.linalg.eigvalsh(correlations(exponent, 30)).min() > -1e-9


def test_independent_errors_share_nothing_and_those_of_a_walk_all():
    steps = RNG.standard_normal(800)
    for y, low, high in ((steps, 0.0, 0.1), (steps.cumsum(), 0.9, 1.0)):
        last = np.zeros(700) if high < 0.5 else y[:700]
        errors = np.stack([y[k : k + 700] - last for k in range(1, 7)], axis=1)
        flat, series, step = rows(errors)
        spread = Spread.of(flat, series, step, np.array([700]), changes_of(y, horizon=6))
        found = shares(flat / spread.steps(6)[0, step - 1], series, step, np.array([700]), spread)
        assert low <= found[0] <= high


def test_errors_of_a_shape_of_their_own_have_quantiles_by_rank():
    errors = [RNG.standard_normal((origins, 2)) for origins in (60, 10, 80)]
    walked = np.full((3, 80, 2), np.nan)
    for s, own in enumerate(errors):
        walked[s, : len(own)] = own
    changes = Changes.of(RNG.standard_normal(300).cumsum(), np.array([0, 100, 200, 300]), 1, 2)
    found = Residuals.of(Errors.of(walked), np.full(3, -1.0), changes)
    assert found.origins.tolist() == [60, 10, 80]
    assert found.ascending.lengths.tolist() == [120, 0, 160]  # of 10 origins none are kept
    places = [np.array([2, 0]), np.array([1])]  # the same in two blocks, out of order
    blocks = []
    for place in places:
        some = Changes(changes.variance[place], changes.count[place])
        blocks.append(Residuals.of(Errors.of(walked[place]), np.full(len(place), -1.0), some))
    joined = Residuals.joined(blocks, places)
    for one in (found, joined):
        assert_allclose(one.ascending.select(np.array([2])).values, found.ascending.values[120:])
        lower, upper = one.bounds(np.zeros((3, 2)), (80.0,))
        for s in (0, 2):
            scaled = np.sort((errors[s] / one.spread.steps(2)[s]).ravel())
            student = Student.of(max(2.0, (len(errors[s]) + 2) / 2)).quantiles(np.array([0.1, 0.9]))
            low, high = np.interp((len(scaled) + 1) * np.array([0.1, 0.9]) - 1, np.arange(len(scaled)), scaled)
            own = 1 - 50 / len(errors[s])
            assert lower[s, 0, 0] / one.spread.steps(2)[s, 0] == pytest.approx(student[0] + own * (low - student[0]))
            assert upper[s, 0, 1] / one.spread.steps(2)[s, 1] == pytest.approx(student[1] + own * (high - student[1]))
