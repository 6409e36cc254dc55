"""What every recipe must pass, whatever it is inside."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

import statecast as sc
from contract.recipes import RECIPES
from statecast.errors import DataError, ParameterError
from statecast.recipes import count_parameters
from statecast.series import pretrain

LOCAL = {name: recipe for name, recipe in RECIPES.items() if not recipe.shared}
SHARED = {name: recipe for name, recipe in RECIPES.items() if recipe.shared}
every = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())
local = pytest.mark.parametrize("recipe", LOCAL.values(), ids=LOCAL.keys())
shared = pytest.mark.parametrize("recipe", SHARED.values(), ids=SHARED.keys())


@pytest.fixture
def shampoo(shampoo):
    """Return the series as whole numbers, which suit recipes of any numbers and those of counts."""
    return np.round(shampoo)


def months(values, first: str = "1991-01-01", **columns) -> pd.DataFrame:
    stamps = pd.date_range(first, periods=len(values), freq="MS")
    return pd.DataFrame({**columns, "ds": stamps, "y": values})


def two_shops(values) -> pd.DataFrame:
    return pd.concat([months(values, unique_id="a"), months(values[::-1].copy(), unique_id="b")])


@every
def test_forecast_follows_the_last_observation(recipe, shampoo):
    ahead = recipe.fit(months(shampoo)).forecast(3)
    assert [str(t)[:10] for t in ahead.times[0]] == ["1994-01-01", "1994-02-01", "1994-03-01"]
    assert ahead.mean.shape == (1, 3)
    assert ahead.members.shape == (1, max(len(recipe.seeds), 1), 3)
    assert np.isfinite(ahead.mean).all()
    assert ahead.to_frame().columns.tolist() == ["unique_id", "ds", "mean"]


@every
def test_a_longer_forecast_begins_like_a_shorter_one(recipe, shampoo):
    fitted = recipe.fit(shampoo)
    assert_array_equal(fitted.forecast(9).mean[:, :4], fitted.forecast(4).mean)


@every
def test_the_horizon_of_the_frequency_is_used_when_nobody_says(recipe, shampoo):
    assert recipe.fit(months(shampoo)).forecast().mean.shape == (1, getattr(recipe, "horizon", None) or 12)


@every
def test_updates_row_by_row_or_at_once_by_table_or_by_numbers_are_the_same(recipe, shampoo):
    frame = months(shampoo)
    fitted = recipe.fit(frame.iloc[:30])
    at_once = fitted.update(frame.iloc[30:])
    whole_table = fitted.update(frame)  # rows already seen are passed over
    numbers = fitted.update(shampoo[30:])
    by_row = fitted
    for k in range(30, 36):
        by_row = by_row.update(frame.iloc[k : k + 1])
    for other in (whole_table, numbers, by_row):
        assert_array_equal(other.forecast(4).mean, at_once.forecast(4).mean)
        assert_array_equal(other.forecast(4).times, at_once.forecast(4).times)
    assert_array_equal(fitted.forecast(2).times, recipe.fit(frame.iloc[:30]).forecast(2).times)


@local
def test_series_do_not_see_each_other(recipe, shampoo):
    both = recipe.fit(two_shops(shampoo)).forecast(5)
    alone = recipe.fit(months(shampoo)).forecast(5)
    assert both.ids == ("a", "b")
    assert_array_equal(both.mean[0], alone.mean[0])
    assert both.to_frame()["unique_id"].tolist() == ["a"] * 5 + ["b"] * 5


@every
def test_a_panel_is_updated_by_a_table_or_by_a_number_a_series(recipe, shampoo):
    fitted = recipe.fit(two_shops(shampoo[:30]))
    rows = pd.concat([months([5.0], "1993-07-01", unique_id="a"), months([7.0], "1993-07-01", unique_id="b")])
    assert_array_equal(fitted.update(rows).forecast(2).mean, fitted.update([5.0, 7.0]).forecast(2).mean)


@every
@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (months([1.0, 2.0], "1993-09-01"), "first new row of series 'y' at 1993-07-01.*got 1993-09-01"),
        (months([1.0, 2.0], "1990-01-01"), "expected rows after 1993-06-01.*got none"),
        (months([1.0, 2.0], "1993-07-01", unique_id="shop"), "new rows of the series 'y', got 'shop'"),
        ([], "got shape"),
        ([1.0, float("nan")], "finite observations"),
        (["many"], "expected numbers"),
    ],
)
def test_rows_that_do_not_follow_are_refused(recipe, shampoo, rows, message):
    fitted = recipe.fit(months(shampoo[:30]))
    with pytest.raises(DataError, match=message):
        fitted.update(rows)


@every
def test_wrong_horizons_are_refused(recipe, shampoo):
    fitted = recipe.fit(shampoo)
    for horizon in (0, -1, 1.5, 10**20):
        with pytest.raises(ParameterError, match="horizon must be a whole number"):
            fitted.forecast(horizon)


@every
def test_the_same_again_gives_the_same_bits(recipe, shampoo):
    assert_array_equal(recipe.fit(shampoo).forecast(4).members, recipe.fit(shampoo).forecast(4).members)


@every
def test_inputs_are_left_alone(recipe, shampoo):
    frame, copy = months(shampoo), months(shampoo)
    recipe.fit(frame.iloc[:30]).update(frame.iloc[30:])
    pd.testing.assert_frame_equal(frame, copy)


@every
def test_the_last_observation_matters(recipe, shampoo):
    moved = shampoo.copy()
    moved[-1] += 50
    before, after = (sc.backtest(series, recipe, test=4) for series in (np.append(shampoo, 1), np.append(moved, 1)))
    assert_array_equal(before.mean[0, :3], after.mean[0, :3])
    if recipe.name != "last_season":
        assert not np.array_equal(before.mean[0, 3], after.mean[0, 3])


@every
def test_a_constant_series_is_forecast_by_its_constant_without_a_spread(recipe):
    ahead = recipe.fit(np.full(36, 4.0)).forecast(3, level=(80, 99))
    assert_array_equal(ahead.mean, np.full((1, 3), 4.0))
    assert_array_equal(ahead.lower, np.full((1, 2, 3), 4.0))
    assert_array_equal(ahead.upper, ahead.lower)


@every
def test_negative_tiny_and_huge_series(recipe, shampoo):
    for series in (-shampoo, shampoo * 1e-12, shampoo * 1e12, np.full(36, 3.5)):
        if recipe.name == "counts":
            with pytest.raises(DataError, match=r"counts are whole numbers from 0 to 10,000, got .* in series 'y'"):
                recipe.fit(series)
            continue
        ahead = recipe.fit(series).forecast(13, level=80)
        assert np.isfinite([ahead.mean, ahead.lower[:, 0], ahead.upper[:, 0]]).all()


@every
def test_intervals_hold_the_forecast_and_one_another_and_do_not_go_below_zero(recipe, shampoo):
    for series in (shampoo, shampoo[:16], np.maximum(shampoo - 200, 0)):
        ahead = recipe.fit(months(series)).forecast(30, level=[95, 50, 80, 99.9, 1])
        assert ahead.levels == (1, 50, 80, 95, 99.9)
        assert ahead.lower.shape == ahead.upper.shape == (1, 5, 30)
        assert np.isfinite(ahead.upper).all()
        assert (ahead.lower >= 0).all()
        assert (np.diff(ahead.lower, axis=1) <= 0).all()
        assert (np.diff(ahead.upper, axis=1) >= 0).all()
        assert ((ahead.lower[:, 0] <= ahead.mean) & (ahead.mean <= ahead.upper[:, 0])).all()
        assert (recipe.fit(months(series)).sample(5, paths=20) >= 0).all()


@every
def test_a_table_has_the_bounds_by_their_names(recipe, shampoo):
    frame = recipe.fit(two_shops(shampoo)).forecast(2, level=(80, 97.5)).to_frame()
    assert frame.columns.tolist() == ["unique_id", "ds", "mean", "lo-80", "hi-80", "lo-97.5", "hi-97.5"]
    assert len(frame) == 4


@local
def test_intervals_and_paths_of_a_series_do_not_depend_on_the_others(recipe, shampoo):
    frames = [months(shampoo, unique_id="a"), months(shampoo[5:], unique_id="b"), months(shampoo[:20], unique_id="c")]
    fitted = recipe.fit(pd.concat(frames), threads=2)
    all_ahead, all_paths = fitted.forecast(5, level=(80, 95)), fitted.sample(5, paths=7)
    for s, frame in enumerate(frames):
        alone = recipe.fit(frame)
        ahead = alone.forecast(5, level=(80, 95))
        assert_array_equal(all_ahead.lower[s], ahead.lower[0])
        assert_array_equal(all_ahead.upper[s], ahead.upper[0])
        assert_array_equal(all_paths[s], alone.sample(5, paths=7)[0])


@every
def test_a_fitted_recipe_tells_what_was_fitted_and_where_it_stands(recipe, shampoo, tmp_path):
    panel = sc.read(two_shops(shampoo))
    fitted = recipe.fit(panel)
    assert fitted.recipe.name == recipe.name
    assert fitted.recipe.seeds == recipe.seeds
    assert (fitted.origin.ids, fitted.origin.frequency) == (panel.ids, panel.frequency)
    assert_array_equal(fitted.origin.last, panel.times[panel.offsets[1:] - 1])
    fitted.save(tmp_path / "model")
    again = sc.load(tmp_path / "model")
    assert count_parameters(again) == count_parameters(fitted)
    assert again.recipe.name == recipe.name
    assert_array_equal(fitted.recipe.fit(panel).forecast().mean, fitted.forecast().mean)


@every
def test_what_is_saved_and_loaded_goes_on_to_the_same_bits(recipe, shampoo, tmp_path):
    panel = sc.read(two_shops(shampoo[:30]))
    fitted = recipe.fit(panel)
    fitted.save(tmp_path / "model")
    again = sc.load(tmp_path / "model")
    for one, other in ((fitted, again), (fitted.update([5.0, 7.0]), again.update([5.0, 7.0]))):
        ours, theirs = (each.forecast(5, level=(80, 95)) for each in (one, other))
        for name in ("ids", "times", "mean", "members", "lower", "upper"):
            assert_array_equal(getattr(ours, name), getattr(theirs, name))
        assert one.decisions(1) == other.decisions(1)
        assert_array_equal(one.sample(2, paths=3), other.sample(2, paths=3))
    again.update([5.0, 7.0]).save(tmp_path / "later")
    assert_array_equal(sc.load(tmp_path / "later").forecast().mean, fitted.update([5.0, 7.0]).forecast().mean)


@every
def test_asking_for_intervals_changes_no_forecast(recipe, shampoo):
    fitted = recipe.fit(shampoo)
    assert_array_equal(fitted.forecast(4, level=90).mean, fitted.forecast(4).mean)
    assert fitted.forecast(4).lower is None


@every
def test_paths_are_drawn_anew_by_another_seed_only(recipe, shampoo):
    fitted = recipe.fit(shampoo)
    paths = fitted.sample(4, paths=9, seed=3)
    assert paths.shape == (1, 9, 4)
    assert_array_equal(paths, fitted.sample(4, paths=9, seed=3))
    assert not np.array_equal(paths, fitted.sample(4, paths=9, seed=4))
    for wrong in ({"paths": 0}, {"seed": -1}, {"horizon": 0}):
        with pytest.raises(ParameterError, match=next(iter(wrong))):
            fitted.sample(**wrong)


@every
def test_no_interval_knows_what_comes_later(recipe, shampoo):
    moved = shampoo.copy()
    moved[-3:] += 90
    before, after = (sc.backtest(series, recipe, test=8, horizon=2, level=(80, 95)) for series in (shampoo, moved))
    known = slice(None, 6)  # origins before the first value that was moved
    assert_array_equal(before.lower[:, known], after.lower[:, known])
    assert_array_equal(before.upper[:, known], after.upper[:, known])
    alone = recipe.fit(shampoo[:-8]).forecast(2, level=(80, 95))
    assert_array_equal(before.lower[:, 0], alone.lower)


@every
def test_an_update_moves_the_intervals_on_without_finding_them_anew(recipe, shampoo):
    fitted = recipe.fit(shampoo[:30])
    moved = fitted.update(shampoo[30:])
    assert np.isfinite(moved.forecast(3, level=80).upper).all()
    if recipe.name != "counts":  # whose intervals are the network's own
        assert moved.calibration is fitted.calibration
        assert "residuals" in vars(fitted.calibration)  # found once, for all


@every
@pytest.mark.parametrize("level", [0, 100, 0.5, 99.95, -80, "80", (80, "a"), (80, float("nan")), True, None])
def test_wrong_levels_are_refused(recipe, shampoo, level):
    with pytest.raises(ParameterError, match="level must be"):
        recipe.fit(shampoo).forecast(2, level=level)


def shops(values, lengths=(36, 20, 18, 29, 36)) -> sc.series.Panel:
    """Return series of mixed lengths, each with a tail of the values, without a season."""
    frames = [
        pd.DataFrame({"unique_id": f"shop {k}", "ds": np.arange(n), "y": np.roll(values, k)[-n:]})
        for k, n in enumerate(lengths)
    ]
    return sc.read(pd.concat(frames), season=1)


def ahead_of(fitted) -> list[np.ndarray]:
    """Return all that a fitted recipe says of the next steps, a row a series."""
    ahead = fitted.forecast(4, level=(80, 95))
    return [ahead.mean, ahead.members, ahead.lower, ahead.upper, fitted.sample(4, paths=5)]


@every
def test_the_order_of_the_series_and_the_threads_change_no_bit(recipe, shampoo):
    panel, order = shops(shampoo), np.array([3, 0, 4, 2, 1])
    for one, other in zip(
        ahead_of(recipe.fit(panel)), ahead_of(recipe.fit(panel.select(order), threads=2)), strict=True
    ):
        assert_array_equal(one[order], other)


@shared
def test_mixed_lengths_from_three_points_up(recipe, shampoo):
    panel = shops(shampoo, (36, 3, 4, 9, 5))
    for said in ahead_of(recipe.fit(panel)):
        assert np.isfinite(said).all()
    ahead = recipe.fit(panel).forecast(4, level=80)
    assert (ahead.lower < ahead.upper).all()


@shared
@pytest.mark.parametrize("length", [3, 4, 36])
def test_a_panel_of_one(recipe, shampoo, length):
    fitted = recipe.fit(shops(shampoo, (length,)))
    for said in ahead_of(fitted):
        assert said.shape[0] == 1
        assert np.isfinite(said).all()


@shared
def test_a_series_learns_from_the_others(recipe, shampoo):
    """Otherwise it would be local, and its laws those of local recipes."""
    panel = shops(shampoo)
    alone, beside = (recipe.fit(panel.select(np.arange(n))).forecast(4).mean[0] for n in (1, 5))
    assert not np.array_equal(alone, beside)


@shared
def test_what_was_learnt_trains_nothing_and_gives_the_same_bits_again(recipe, shampoo):
    panel = shops(shampoo)
    fitted = recipe.fit(panel)
    again = fitted.pretrained
    assert not again.shared
    assert_array_equal(again.fit(panel).forecast(4).members, fitted.forecast(4).members)
    sent = pickle.loads(pickle.dumps(again))  # to a worker
    some = panel.select(np.array([2, 0]))
    assert_array_equal(sent.fit(some).forecast(4).members, fitted.forecast(4).members[[2, 0]])
    assert_array_equal(pretrain(recipe, panel).fit(some).forecast(4).mean, fitted.forecast(4).mean[[2, 0]])


@shared
def test_a_series_that_was_never_seen_is_forecast_the_same_alone_and_beside_others(recipe, shampoo):
    learnt = recipe.fit(shops(shampoo)).pretrained
    for length in (3, 4, 30):
        new = sc.read(months(shampoo[:length] + 7, unique_id="new"))
        beside = sc.read(pd.concat([months(shampoo[:length] + 7, unique_id="new"), months(shampoo, unique_id="old")]))
        alone = learnt.fit(new).forecast(4).mean[0]
        assert np.isfinite(alone).all()
        assert_array_equal(learnt.fit(beside).forecast(4).mean[0], alone)


@shared
def test_intervals_of_a_series_that_was_never_seen_need_no_walk(recipe, shampoo):
    fitted = recipe.fit(shops(shampoo))
    learnt = replace(fitted.pretrained, common=fitted.calibration.learnt)
    cold = learnt.fit(sc.read(months(shampoo[:4] + 7)))
    ahead = cold.forecast(3, level=80)
    assert (ahead.lower < ahead.upper).all()
    assert cold.calibration.residuals.origins.tolist() == [0]


@shared
def test_an_update_is_a_run_over_the_longer_history_by_the_same_networks(recipe, shampoo):
    panel = shops(shampoo)
    fitted = recipe.fit(panel.window(None, -5))
    updated = fitted.update(panel.window(-5, None)).forecast(4).mean
    assert_array_equal(fitted.pretrained.fit(panel.window(None, -5)).update(panel).forecast(4).mean, updated)
    if not fitted.decisions():  # otherwise a longer history may decide otherwise
        np.testing.assert_allclose(fitted.pretrained.fit(panel).forecast(4).mean, updated, rtol=1e-5)


@every
def test_nothing_after_an_origin_changes_a_forecast_of_any_series(recipe, shampoo):
    panel, first = shops(shampoo, (36, 30, 36)), 5  # values of the last rows are moved, after five origins
    ends = panel.offsets[1:, np.newaxis] - np.arange(8, 0, -1)[first:]
    moved = panel.values.copy()
    moved[ends] += 90
    options = {"test": 8, "horizon": 2, "refit": 3, "level": 80}
    before, after = (sc.backtest(p, recipe, **options) for p in (panel, replace(panel, values=moved)))
    known = slice(None, first + 1)
    for said in ("mean", "members", "lower", "upper"):
        assert_array_equal(getattr(before, said)[:, known], getattr(after, said)[:, known])
    assert recipe.name == "last_season" or not np.array_equal(before.mean, after.mean)
