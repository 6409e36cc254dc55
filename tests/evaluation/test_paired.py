"""The paired test against printed tables, formulas written out, and simulated differences."""

from __future__ import annotations

import math

import numpy as np
import pytest

from statecast.evaluation import paired_test, student_tail


@pytest.mark.parametrize(  # the table of any textbook: upper tail, degrees of freedom, t
    ("tail", "degrees", "t"),
    [
        (0.05, 1, 6.3138),
        (0.05, 2, 2.9200),
        (0.05, 11, 1.7959),
        (0.025, 10, 2.2281),
        (0.01, 7, 2.9980),
        (0.01, 30, 2.4573),
        (0.005, 120, 2.6174),
        (0.001, 5, 5.8934),
    ],
)
def test_tails_of_students_t(tail, degrees, t):
    assert student_tail(t, degrees) == pytest.approx(tail, rel=1e-3)
    assert student_tail(-t, degrees) == pytest.approx(1 - tail, abs=1e-5)
    assert student_tail(0.0, degrees) == 0.5


def test_one_step_ahead_it_is_the_paired_t_test():
    d = np.array([1.0, 2.0, -1.0, 3.0, 0.5, 2.0, -0.5, 1.0, 4.0])
    t = d.mean() / (d.std(ddof=1) / math.sqrt(9))
    assert paired_test(d[np.newaxis]) == pytest.approx(student_tail(t, 8))


def test_two_steps_ahead_written_out():
    d = np.array([1.0, 2.0, 2.5, 2.0, 0.5, -0.5, -1.0, 0.0, 1.5, 2.0])
    n, c = 10, d - d.mean()
    gamma = [sum(c[t] * c[t - k] for t in range(k, n)) / n for k in (0, 1)]
    dm = d.mean() / math.sqrt((gamma[0] + 2 * gamma[1]) / n)
    corrected = dm * math.sqrt((n + 1 - 2 * 2 + 2 * 1 / n) / n)
    assert gamma[1] > 0  # else Bartlett's weights count
    assert paired_test(d[np.newaxis], 2) == pytest.approx(student_tail(corrected, n - 1))


def test_a_variance_near_zero_is_not_believed():
    d = 1 + np.tile([1.0, -1.0], 6)  # the sum of the plain autocovariances at lags 0 and 1 is far below zero
    n = 12
    weighted = (12 + 2 * 0.5 * -11) / n
    dm = 1 / math.sqrt(weighted / n) * math.sqrt((n + 1 - 4 + 2 / n) / n)
    assert paired_test(d[np.newaxis], 2) == pytest.approx(student_tail(dm, n - 1))


def test_lags_do_not_reach_over_the_end_of_a_window():
    rng = np.random.default_rng(0)
    windows = rng.normal(size=(3, 8)) + 0.3
    gap = np.full((3, 2), np.nan)
    in_a_row = np.concatenate([windows, gap], axis=1).reshape(1, -1)
    assert paired_test(windows, 3) == pytest.approx(paired_test(in_a_row, 3))
    assert paired_test(windows, 3) != pytest.approx(paired_test(windows.reshape(1, -1), 3))


def test_windows_of_one_origin_do_not_overlap():
    d = np.array([1.0, 2.0, -1.0, 3.0, 0.5, 2.0, -0.5, 1.0])[:, np.newaxis]
    assert paired_test(d, horizon=12) == paired_test(d.T)


def test_too_few_origins_tell_nothing():
    assert paired_test(np.arange(7.0)[np.newaxis]) is None
    assert paired_test(np.arange(8.0)[np.newaxis]) is not None
    assert paired_test(np.arange(11.0)[np.newaxis], horizon=6) is None
    assert paired_test(np.array([[1.0, 2.0, np.nan, 3.0, np.nan, 1.0, 2.0, 3.0, 2.0]])) is None


def test_the_same_from_every_origin():
    assert paired_test(np.full((1, 8), 2.0)) == 0
    assert paired_test(np.full((1, 8), -2.0)) == 1
    assert paired_test(np.zeros((1, 8))) == 1


def test_where_there_is_no_difference_it_is_rarely_found():
    """Of 2,000 tests at 5 %, about 100: within four standard errors."""
    rng = np.random.default_rng(1)
    found = sum(paired_test(rng.normal(size=(1, 20))) < 0.05 for _ in range(2000))
    assert abs(found - 100) < 4 * math.sqrt(2000 * 0.05 * 0.95)
