from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

import statecast as sc
from statecast.baselines import LastSeason, last_value
from statecast.errors import DataError, ParameterError
from statecast.metrics import rmse


def months(values) -> pd.DataFrame:
    return pd.DataFrame({"ds": pd.date_range("1991-01-01", periods=len(values), freq="MS"), "y": values})


def test_baselines_stand_beside_and_have_the_known_error(shampoo):
    result = sc.backtest(months(shampoo), last_value(), test=12)
    assert list(result.baselines) == ["last_value", "last_season", "drift"]
    assert result.baselines["last_value"].rmse == pytest.approx(136.761, abs=5e-4)
    assert result.scores == result.baselines["last_value"]
    season = np.sqrt(np.mean((shampoo[24:] - shampoo[12:24]) ** 2))
    assert result.baselines["last_season"].rmse == pytest.approx(season)


def test_no_last_season_without_a_season_or_where_the_history_is_shorter(shampoo):
    assert list(sc.backtest(shampoo, last_value(), test=12).baselines) == ["last_value", "drift"]
    assert list(sc.backtest(months(shampoo), last_value(), test=30).baselines) == ["last_value", "drift"]


def test_several_steps_ahead_every_origin_once():
    y = np.arange(20.0)
    result = sc.backtest(y, LastSeason(1), test=6, horizon=4)
    assert result.origins.tolist() == [[13, 14, 15]]
    assert result.times[0].tolist() == [[14, 15, 16, 17], [15, 16, 17, 18], [16, 17, 18, 19]]
    assert_array_equal(result.y[0], result.times[0])
    assert result.mean[0].tolist() == [[13.0] * 4, [14.0] * 4, [15.0] * 4]
    frame = result.to_frame()
    assert frame.columns.tolist() == ["unique_id", "origin", "ds", "step", "y", "mean"]
    assert frame["step"].tolist() == [1, 2, 3, 4] * 3
    assert (frame["ds"] - frame["origin"] == frame["step"]).all()


def test_scores_of_a_panel_are_the_mean_of_its_series(shampoo):
    frames = [months(shampoo).assign(unique_id="a"), months(shampoo[:30] * 3).assign(unique_id="b")]
    both = sc.backtest(pd.concat(frames), last_value(), test=6)
    alone = [sc.backtest(frame, last_value(), test=6) for frame in frames]
    for score in ("rmse", "mae", "smape", "mase"):
        assert getattr(both.scores, score) == pytest.approx(np.mean([getattr(r.scores, score) for r in alone]))


def test_mase_scales_by_the_training_part_alone(shampoo):
    result = sc.backtest(months(shampoo), last_value(), test=12)
    scale = np.abs(shampoo[12:24] - shampoo[:12]).mean()
    assert result.scores.mase == pytest.approx(np.abs(np.diff(shampoo[23:])).mean() / scale)


@pytest.mark.parametrize(
    ("test", "horizon", "error", "message"),
    [
        (0, 1, ParameterError, "test must be"),
        (36, 1, DataError, "a test of 36 rows takes a longer series, got 36"),
        (12, 13, ParameterError, "horizon must be a whole number from 1 to 12"),
        (12, 0, ParameterError, "horizon must be"),
        (10**20, 1, ParameterError, "test must be"),
    ],
)
def test_impossible_tests_are_refused(shampoo, test, horizon, error, message):
    with pytest.raises(error, match=message):
        sc.backtest(shampoo, last_value(), test=test, horizon=horizon)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"refit": 0}, ParameterError, "refit must be a whole number from 1 to 12"),
        ({"refit": 13}, ParameterError, "refit must be"),
        ({"windows": 0}, ParameterError, "windows must be"),
        ({"windows": 3}, DataError, "a test of 3 x 12 rows takes a longer series, got 36 rows in 'y'.*--windows"),
        ({"sliding": 0}, ParameterError, "sliding must be"),
        ({"sliding": 2}, DataError, "at least 3 observations"),
        ({"baselines": "mean"}, ParameterError, "baselines must be simple, statistical, or some of .*got 'mean'"),
        ({"baselines": []}, ParameterError, "got none"),
    ],
)
def test_impossible_walks_are_refused(shampoo, options, error, message):
    with pytest.raises(error, match=message):
        sc.backtest(months(shampoo), sc.classic(epochs=1), **options)


def test_a_random_walk_is_not_claimed():
    """Over many random walks the network rarely beats the last value by much: nothing can."""
    rng = np.random.default_rng(0)
    walks = rng.normal(size=(40, 60)).cumsum(axis=1)
    frames = [pd.DataFrame({"unique_id": str(k), "ds": np.arange(60), "y": walk}) for k, walk in enumerate(walks)]
    result = sc.backtest(pd.concat(frames), sc.classic(epochs=50), test=20)
    assert result.scores.rmse > 0.97 * result.baselines["last_value"].rmse
    assert "beats" not in result.verdict


@pytest.mark.parametrize(("horizon", "options"), [(1, {"test": 24}), (6, {"test": 12, "windows": 3})])
def test_no_single_random_walk_is_claimed_though_some_look_better(horizon, options):
    rng = np.random.default_rng(1)
    walks = 50 + rng.normal(size=(30, 80)).cumsum(axis=1)
    verdicts = [sc.backtest(walk, sc.classic(epochs=30), horizon=horizon, **options).verdict for walk in walks]
    assert not any("beats" in verdict for verdict in verdicts)
    assert any("was better in this test" in verdict for verdict in verdicts)


def test_a_series_that_can_be_forecast_is_claimed():
    rng = np.random.default_rng(1)
    t = np.arange(120)
    result = sc.backtest(months(50 + t / 2 + 10 * np.sin(t * np.pi / 6) + rng.normal(size=120)), sc.auto(), test=24)
    assert result.verdict.startswith("The network beats")
    assert result.p_value < 0.01


def test_members_and_baselines_are_scored_by_their_own_forecasts(shampoo):
    result = sc.backtest(months(shampoo), sc.classic(epochs=20, members=3), test=12)
    for m, member in enumerate(result.member_scores):
        assert member.scores.rmse == rmse(result.y, result.members[:, :, m])
    assert result.baseline_means["last_value"].ravel().tolist() == shampoo[23:35].tolist()
    for name, scores in result.baselines.items():
        assert scores.rmse == rmse(result.y, result.baseline_means[name])


def test_what_was_decided_for_a_single_series_is_kept(shampoo):
    result = sc.backtest(months(shampoo), sc.auto(epochs=2), test=12)
    assert result.decisions == sc.auto(epochs=2).fit(months(shampoo[:24])).decisions()
    assert result.decisions[0] == "logged"
    two = pd.concat([months(shampoo).assign(unique_id=name) for name in "ab"])
    assert sc.backtest(two, sc.auto(epochs=2), test=12).decisions == ()


def test_the_combination_averages_the_recipe_and_the_best_baseline(shampoo):
    result = sc.backtest(months(shampoo), sc.classic(epochs=20), test=12)
    assert result.combination.baselines == ("last_value",)
    halfway = (result.mean + result.baseline_means["last_value"]) / 2
    assert_array_equal(result.combination.mean, halfway)
    assert result.combination.scores.rmse == rmse(result.y, halfway)


def test_baselines_are_chosen_by_name(shampoo):
    result = sc.backtest(months(shampoo), last_value(), test=12, baselines="drift")
    assert list(result.baselines) == list(result.recipes) == ["drift"]
