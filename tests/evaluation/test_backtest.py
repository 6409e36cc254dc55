from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

import statecast as sc
from statecast.baselines import LastSeason, last_value
from statecast.errors import DataError, ParameterError
from statecast.evaluation import Spread, verdict
from statecast.metrics import Scores


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


def with_rmse(rmse: float) -> Scores:
    return Scores(rmse, rmse, 1.0, 1.0)


def test_verdict_says_who_wins():
    baselines = {"last_value": with_rmse(100.0), "last_season": with_rmse(200.0)}
    assert verdict(with_rmse(50.0), baselines).startswith("The network beats the last value: RMSE 50 against 100")
    assert verdict(with_rmse(150.0), baselines).startswith("A baseline wins: the last value has RMSE 100")
    assert verdict(with_rmse(100.5), baselines).startswith("No winner: the network and the last value are as good")
    assert "skill" not in verdict(with_rmse(1.0), {"last_value": with_rmse(0.0)})


def test_a_random_walk_is_not_claimed():
    """Over many random walks the network rarely beats the last value by much: nothing can."""
    rng = np.random.default_rng(0)
    walks = rng.normal(size=(40, 60)).cumsum(axis=1)
    frames = [pd.DataFrame({"unique_id": str(k), "ds": np.arange(60), "y": walk}) for k, walk in enumerate(walks)]
    result = sc.backtest(pd.concat(frames), sc.classic(epochs=50), test=20)
    assert result.scores.rmse > 0.97 * result.baselines["last_value"].rmse


def test_spread_over_members():
    spread = Spread.of([with_rmse(1.0), with_rmse(2.0), with_rmse(6.0)])
    assert (spread.mean, spread.best, spread.worst) == (3, 1, 6)
    assert spread.sd == pytest.approx(np.std([1, 2, 6], ddof=1))
