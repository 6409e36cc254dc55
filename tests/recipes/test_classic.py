"""The classic recipe: exactly the recipe, no look ahead, aligned, and its state carried on."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from reference import recipe as written_out
from statecast.errors import DataError, ParameterError
from statecast.network import Spec, initialise, run
from statecast.recipes import Classic


def quick(**numbers) -> Classic:
    return Classic(**{"epochs": 30, **numbers})


def flat(fitted) -> np.ndarray:
    return np.concatenate([fitted.networks.weights.ravel(), fitted.state.hidden.ravel(), fitted.state.cell.ravel()])


@pytest.mark.parametrize(
    ("lags", "fill", "bptt", "units"), [(1, "zero", 1, 4), (3, "zero", 1, 4), (2, "drop", 4, 5), (1, "zero", 12, 3)]
)
def test_equals_the_recipe_written_out_step_by_step(shampoo, lags, fill, bptt, units):
    start = initialise(Spec(inputs=lags, units=units), seed=7)
    weights = [w.astype(np.float64) for w in start.to_keras()]
    expected, error = written_out.classic(shampoo, weights, test=12, lags=lags, fill=fill, epochs=60, bptt=bptt)
    recipe = Classic(units=units, lags=lags, fill=fill, bptt=bptt, epochs=60, seed=7)
    result = sc.backtest(shampoo, recipe, test=12)
    assert_allclose(result.mean[0, :, 0], expected, atol=0.02)  # float32 against float64, values up to 700
    assert result.scores.rmse == pytest.approx(error, abs=0.02)


def test_36_months_train_on_23_rows_scaled_by_themselves(shampoo):
    train = sc.series.Sequences(shampoo[:24], np.array([0, 24]))
    rows = Classic().pipeline.fit(train).apply(train).values
    assert rows.shape == (23, 2)
    assert_allclose(rows.min(axis=0), [-1, -1])
    assert_allclose(rows.max(axis=0), [1, 1])
    assert_allclose(rows[1:, 0], rows[:-1, 1])  # both columns span the same differences here


def test_changing_test_values_changes_no_parameter_no_scale_and_no_earlier_prediction(shampoo):
    changed = shampoo.copy()
    changed[30:] *= 5
    a, b = (sc.backtest(series, quick(), test=12) for series in (shampoo, changed))
    assert_array_equal(a.mean[0, :7], b.mean[0, :7])  # origins 23 .. 29 know the same history
    assert not np.array_equal(a.mean[0, 7:], b.mean[0, 7:])
    f, g = (quick().fit(series[:24]) for series in (shampoo, changed))
    assert_array_equal(flat(f), flat(g))


def test_update_moves_the_first_date_on_and_changes_the_forecast(shampoo):
    import pandas as pd

    frame = pd.DataFrame({"ds": pd.date_range("1991-01-01", periods=36, freq="MS"), "y": shampoo})
    fitted = quick().fit(frame.iloc[:30])
    after = fitted.update(frame.iloc[30:31])
    assert str(fitted.forecast(1).times[0, 0])[:10] == "1993-07-01"
    assert str(after.forecast(1).times[0, 0])[:10] == "1993-08-01"
    assert after.forecast(1).mean[0, 0] != fitted.forecast(1).mean[0, 0]
    assert after.networks is fitted.networks


def test_update_row_by_row_equals_all_at_once_and_leaves_the_old_one(shampoo):
    fitted = quick(lags=3, bptt=4, members=2).fit(shampoo[:24])
    before = fitted.forecast(5).members
    at_once = fitted.update(shampoo[24:])
    by_row = fitted
    for value in shampoo[24:]:
        by_row = by_row.update(float(value))
    assert_array_equal(flat(at_once), flat(by_row))
    assert_array_equal(at_once.forecast(4).members, by_row.forecast(4).members)
    assert_array_equal(fitted.forecast(5).members, before)


def test_updated_state_equals_a_run_over_the_whole_history(shampoo):
    fitted = quick(lags=2).fit(shampoo[:24]).update(shampoo[24:])
    whole = sc.series.Sequences(shampoo, np.array([0, 36]))
    train = sc.series.Sequences(shampoo[:24], np.array([0, 24]))
    rows = quick(lags=2).pipeline.fit(train).apply(whole).values[:, :-1]
    _, state = run(fitted.networks.parameters(0), rows)
    assert_array_equal(fitted.state.hidden[0], state.hidden)
    assert_array_equal(fitted.state.cell[0], state.cell)


def test_walk_forward_is_forecast_then_update(shampoo):
    result = sc.backtest(shampoo, quick(), test=5)
    fitted = quick().fit(shampoo[:31])
    for k in range(5):
        assert_array_equal(result.mean[0, k], fitted.forecast(1).mean[0])
        fitted = fitted.update(float(shampoo[31 + k]))


def test_several_steps_feed_their_own_forecasts_back(shampoo):
    fitted = quick().fit(shampoo)
    three = fitted.forecast(3).mean[0]
    by_hand = []
    moving = fitted
    for _ in range(3):
        by_hand.append(moving.forecast(1).mean[0, 0])
        moving = moving.update(by_hand[-1])
    assert_array_equal(three, by_hand)
    assert_array_equal(fitted.forecast(2).mean[0], three[:2])


def test_members_are_networks_of_their_own_seeds_and_are_averaged(shampoo):
    together = quick(members=30, seed=5).fit(shampoo)
    alone = quick(seed=5 + 7).fit(shampoo)
    assert_array_equal(together.networks.weights[7], alone.networks.weights[0])
    ahead = together.forecast(4)
    assert_array_equal(ahead.members[0, 7], alone.forecast(4).mean[0])
    assert_allclose(ahead.mean, ahead.members.mean(axis=1), rtol=1e-14)
    tested = sc.backtest(shampoo, quick(members=3, seed=5), test=6)
    single = sc.backtest(shampoo, quick(seed=7), test=6)
    assert tested.member_scores[2].seed == 7
    assert tested.member_scores[2].scores == single.scores


def test_threads_and_neighbours_change_no_bit(shampoo):
    import pandas as pd

    frames = [
        pd.DataFrame({"unique_id": f"s{k}", "ds": np.arange(len(v)), "y": v})
        for k, v in enumerate([shampoo, shampoo[::-1].copy(), shampoo[:30] ** 1.1])
    ]
    panel = pd.concat(frames)
    one, two = (quick(members=2).fit(panel, threads=n) for n in (1, 2))
    assert_array_equal(flat(one), flat(two))
    for k, frame in enumerate(frames):
        alone = quick(members=2).fit(frame)
        assert_array_equal(one.networks.weights[2 * k : 2 * k + 2], alone.networks.weights)
        assert_array_equal(one.forecast(3).mean[k], alone.forecast(3).mean[0])


def test_the_last_observation_matters_and_the_forecast_is_not_shifted():
    """On y[t] = -y[t-1] + noise about a level, the right forecast is the mirror of the last value."""
    rng = np.random.default_rng(3)
    y = 100 + 10.0 * (-1) ** np.arange(80) + rng.normal(0, 0.5, 80)
    result = sc.backtest(y, Classic(epochs=400, seed=2), test=20)
    observed, predicted = result.y[0, :, 0], result.mean[0, :, 0]
    assert np.abs(predicted - observed).mean() < 3
    assert np.abs(predicted[1:] - observed[:-1]).mean() > 15  # what a forecast shifted by a step would match


def test_an_impulse_is_answered_in_the_next_step_and_not_before():
    y = np.full(60, 50.0) + np.random.default_rng(0).normal(0, 1, 60)
    kicked = y.copy()
    kicked[50] += 40
    a, b = (sc.backtest(series, quick(), test=20) for series in (y, kicked))
    moved = np.flatnonzero(a.mean[0, :, 0] != b.mean[0, :, 0])
    assert moved[0] == 11  # the test starts at 40: the impulse is its row 10, the first forecast that knows it row 11


def test_a_constant_series_is_forecast_by_the_constant():
    fitted = quick().fit([42.5] * 20)
    assert fitted.forecast(5).mean.tolist() == [[42.5] * 5]
    result = sc.backtest([42.5] * 20, quick(), test=4)
    assert result.scores.rmse == 0
    assert result.verdict.startswith("No winner")


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_tiny_and_huge_series(shampoo, size):
    plain, scaled = (quick().fit(series).forecast(3).mean for series in (shampoo, shampoo * size))
    assert_allclose(scaled, plain * size, rtol=1e-3)


def test_without_difference(shampoo):
    fitted = quick(difference=0).fit(shampoo)
    assert np.isfinite(fitted.forecast(3).mean).all()


def test_seasonal_difference_repeats_a_pure_season_exactly():
    season = np.array([1.0, 5.0, 2.0, 8.0])
    assert_allclose(quick(difference=4).fit(np.tile(season, 6)).forecast(6).mean[0], np.tile(season, 2)[:6])


def test_horizon(shampoo):
    assert quick(horizon=5).fit(shampoo).forecast().mean.shape == (1, 5)
    assert quick().fit(shampoo).forecast().mean.shape == (1, 6)  # a bare list has no season
    with pytest.raises(ParameterError, match="horizon must be a whole number from 1"):
        quick().fit(shampoo).forecast(0)


def test_same_seed_same_bits_other_seed_other_numbers(shampoo):
    assert_array_equal(flat(quick(seed=3).fit(shampoo)), flat(quick(seed=3).fit(shampoo)))
    assert not np.array_equal(flat(quick(seed=3).fit(shampoo)), flat(quick(seed=4).fit(shampoo)))


def test_inputs_are_left_alone(shampoo):
    copy = shampoo.copy()
    fitted = quick().fit(shampoo[:30])
    fitted.update(shampoo[30:])
    sc.backtest(shampoo, quick(), test=3)
    assert_array_equal(shampoo, copy)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"units": 0}, "units must be a whole number from 1 to 512, got 0"),
        ({"units": 10**20}, "got 100000000000000000000"),
        ({"epochs": -1}, "epochs must be"),
        ({"lags": 0}, "lags must be"),
        ({"fill": "mean"}, "fill must be one of zero, drop"),
        ({"difference": -1}, "difference must be"),
        ({"bptt": 0}, "bptt must be"),
        ({"learning_rate": 0.0}, "learning_rate must be a number above 0"),
        ({"learning_rate": float("nan")}, "got nan"),
        ({"members": 0}, "members must be"),
        ({"seed": -1}, "seed must be"),
        ({"horizon": 0}, "horizon must be"),
    ],
)
def test_impossible_numbers_are_refused(numbers, message):
    with pytest.raises(ParameterError, match=message):
        Classic(**numbers)


def test_short_series_are_refused():
    assert Classic(epochs=1).fit([1.0, 2.0, 4.0]).forecast(1).mean.shape == (1, 1)
    with pytest.raises(DataError, match=r"at least 3 observations to train on .* got 2"):
        Classic(epochs=1).fit([1.0, 2.0])
    with pytest.raises(DataError, match="at least 6 observations"):
        Classic(epochs=1, lags=3, fill="drop").fit([1.0, 2.0, 4.0, 5.0, 7.0])


@pytest.mark.slow
def test_thirty_seeds_are_distributed_as_elsewhere(shampoo):
    """Keras gives a mean of 138 to 147 and an sd of about 45 over 30 seeds; 600 of ours are steadier than 30."""
    result = sc.backtest(shampoo, Classic(members=600), test=12, threads=2)
    errors = np.array([member.scores.rmse for member in result.member_scores])
    assert 135 < errors.mean() < 155
    assert 110 < np.median(errors) < 140
    assert errors.min() < 95
    assert errors.max() > 250
