"""Unusual rows are found, about as many are flagged as promised, and a refit is advised when errors have grown."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.baselines import LastSeason, last_value
from statecast.errors import ParameterError
from statecast.intervals import CHANCE
from statecast.intervals._health import LEVEL, _luck

HISTORY = 150


def fit(recipe, values, season: int = 1):
    """Fit to the first rows of each series [S, T]; the others are still to come."""
    size = len(values)
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat([f"s{s:03}" for s in range(size)], HISTORY),
            "ds": np.tile(np.arange(HISTORY), size),
            "y": values[:, :HISTORY].ravel(),
        }
    )
    return recipe.fit(sc.read(frame, season=season))


def walks(size: int, length: int = 400, seed: int = 0) -> np.ndarray:
    return 1000 + np.random.default_rng(seed).normal(0, 1, (size, length)).cumsum(axis=1)


def seasons(size: int, length: int = 400) -> np.ndarray:
    rng = np.random.default_rng(1)
    return 100 + np.tile(rng.normal(0, 9, (size, 7)), length // 7 + 1)[:, :length] + rng.normal(0, 2, (size, length))


@pytest.mark.parametrize("level", [80, 95, 99])
def test_as_many_rows_are_flagged_as_the_level_promises(level):
    values = walks(80)
    scored = fit(last_value(), values).update(values[:, HISTORY:]).watch.rows(level)
    assert 100 * scored.unusual.mean() == pytest.approx(100 - level, rel=0.35)


def test_the_score_is_one_on_the_bound_and_grows_with_the_distance():
    fitted = fit(last_value(), walks(1))
    ahead = fitted.forecast(1, level=99)
    mean, low, high = ahead.mean[0, 0], ahead.lower[0, 0, 0], ahead.upper[0, 0, 0]
    for y, score in ((mean, 0), (high, 1), (low, 1), (2 * high - mean, 2), (mean - (mean - low) / 4, 0.25)):
        scored = fitted.update(float(y)).watch.rows()
        assert scored.score[0, 0] == pytest.approx(score)
        if score != 1:
            assert scored.unusual[0, 0] == (score > 1)
    assert fitted.update(float(high) - 1e-6).watch.rows(50).unusual.all()
    for wrong in ((80, 95), 0, "high"):
        with pytest.raises(ParameterError, match="level"):
            fitted.update(1.0).watch.rows(wrong)


def test_planted_outliers_are_found_and_nothing_beside_them():
    rng = np.random.default_rng(2)
    values = 100 + np.tile(rng.normal(0, 9, 7), 40)[np.newaxis, :200] + rng.normal(0, 1, (1, 200))
    fitted = fit(sc.auto(epochs=20, members=2, horizon=7), values, season=7)
    planted = [5, 17, 33]
    values[0, [HISTORY + k for k in planted]] += [12, -12, 12]
    scored = fitted.update(values[:, HISTORY:]).watch.rows(99.9)
    assert set(planted) <= set(np.flatnonzero(scored.unusual[0]).tolist())
    assert scored.score[0, planted].min() > 1.5
    assert scored.unusual.sum() <= len(planted) + 1
    frame = scored.to_frame()
    assert frame.columns.tolist() == ["unique_id", "ds", "y", "mean", "lo-99.9", "hi-99.9", "score", "unusual"]
    assert frame.ds[frame.unusual].tolist()[:3] == [HISTORY + k for k in planted]


def test_a_constant_that_moves_is_infinitely_unusual():
    scored = last_value().fit(np.full(30, 4.0)).update([4.0, 5.0]).watch.rows()
    assert scored.score.tolist() == [[0, math.inf]]
    assert scored.unusual.tolist() == [[False, True]]


def test_counts_are_judged_by_their_own_distributions():
    values = np.random.default_rng(3).poisson(2.0, (30, 250)).astype(float)
    fitted = fit(sc.counts(epochs=10, members=2), values)
    after = fitted.update(values[:, HISTORY:])
    scored, health = after.watch.rows(95), after.watch.health()
    assert 0 < scored.unusual.mean() < 0.07  # whole bounds cover what they promise, or more
    assert health.series.ratio.mean() == pytest.approx(1, abs=0.1)  # sizes are means of the distributions
    assert not health.advice
    assert fitted.update(np.full(30, 40.0)).watch.rows().unusual.all()
    first = fitted.forecast(1, level=95)
    np.testing.assert_array_equal(scored.lower[:, 0], first.lower[:, 0, 0])


def test_luck_is_as_likely_as_it_says():
    """On rows that are outside as often as promised, p-values below a number come about as often, or less."""
    rng = np.random.default_rng(4)
    outside = (rng.random((20_000, 50)) < 1 - LEVEL / 100).astype(float)
    p_values = _luck(outside, np.full(len(outside), np.inf), 1)
    for share in (0.005, 0.02, 0.1):
        assert (p_values < share).mean() <= 1.5 * share
    assert (p_values < 0.1).mean() > 0.02
    few = _luck(outside, np.full(len(outside), 20), 1)
    assert (few >= p_values)[outside.mean(axis=1) > 0.2].all()  # intervals from few origins are believed less
    outside[:, :40] = np.nan
    assert (_luck(outside, np.full(len(outside), np.inf), 1) == 1).all()  # ten are too few


def test_no_refit_is_advised_while_nothing_changes():
    values = walks(100)
    health = fit(last_value(), values).update(values[:, HISTORY : HISTORY + 100]).watch.health()
    assert not health.advice
    assert health.series.is_stale(CHANCE).mean() <= 0.02
    assert health.panel.lately[0] == pytest.approx(1, abs=0.1)
    assert health.verdict.endswith("no refit is needed.")


def test_larger_errors_are_seen_soon_and_the_worst_series_is_named():
    values = walks(20)
    steps = np.diff(values[:, HISTORY - 1 :], axis=1)
    steps[3, 40:] *= 3
    steps[7, 40:] *= 6
    values[:, HISTORY:] = values[:, HISTORY - 1 : HISTORY] + steps.cumsum(axis=1)
    at = fit(last_value(), values).update(values[:, HISTORY : HISTORY + 40])
    assert not at.watch.health().advice
    health = at.update(values[:, HISTORY + 40 : HISTORY + 100]).watch.health()
    assert health.stale == ("s007", "s003")
    assert health.advice
    assert "2 of 20 series have gone stale. Refit these." in health.verdict
    both = fit(last_value(), values[[3, 7]]).update(values[[3, 7], HISTORY : HISTORY + 100]).watch.health()
    assert "the model has gone stale. Refit it." in both.verdict
    assert both.panel.steps[0] in (50, 100)


def test_a_broken_season_is_seen_and_a_biased_forecast_is_told():
    values = seasons(1)
    fitted = fit(LastSeason(7), values, season=7)
    later = values[:, HISTORY : HISTORY + 21]
    assert not fitted.update(later).watch.health().advice
    drifting = later + 12 * np.repeat([1, 2, 3], 7)
    health = fitted.update(drifting).watch.health()
    assert health.advice
    assert health.series.bias[0] > 2


def test_too_little_is_not_judged():
    fitted = fit(last_value(), walks(1))
    assert "update the model" in fitted.watch.health().verdict
    health = fitted.update(np.full(11, 1e6).tolist()).watch.health()
    assert not health.advice
    assert "too few to judge by" in health.verdict


def test_one_outlier_is_no_reason_to_refit():
    values = walks(1)
    values[0, HISTORY + 30] += 1e6
    health = fit(last_value(), values).update(values[:, HISTORY : HISTORY + 60]).watch.health()
    assert health.series.ratio[0] > 1000
    assert not health.advice
