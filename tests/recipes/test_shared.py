"""The shared recipe: one network for all series."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from statecast.errors import DataError, ParameterError
from statecast.recipes import Shared, from_document, to_document
from statecast.recipes._shared_training import BELIEVED, _ends, _lessons, _recent
from statecast.recipes._standing import Slope, Standing

QUICK = Shared(epochs=4, members=2, units=6, horizon=3)


def family(count: int = 12, length: int = 40, seed: int = 0, first: int = 0) -> pd.DataFrame:
    """Return series of several lengths with a season of 4, each of another size."""
    rng = np.random.default_rng(seed)
    frames = []
    for s in range(first, first + count):
        steps = np.arange(length - s % 5)
        y = 10.0 ** (s % 4) * np.exp(
            0.01 * steps + 0.1 * np.sin(np.pi * steps / 2) + 0.05 * rng.normal(size=len(steps))
        )
        frames.append(pd.DataFrame({"unique_id": f"s{s:02}", "ds": steps, "y": y}))
    return pd.concat(frames, ignore_index=True)


def test_the_order_of_the_series_changes_no_forecast():
    table = family()
    fitted = QUICK.fit(sc.read(table, season=4))
    upside_down = (
        table.iloc[::-1].sort_values("ds", kind="stable").sort_values("unique_id", ascending=False, kind="stable")
    )
    other = QUICK.fit(sc.read(upside_down, season=4))
    assert set(other.origin.ids) == set(fitted.origin.ids)
    own = fitted.forecast().to_frame().set_index(["unique_id", "ds"]).sort_index()
    assert_array_equal(own, other.forecast().to_frame().set_index(["unique_id", "ds"]).sort_index())


def test_threads_change_no_forecast():
    panel = sc.read(family(), season=4)
    assert_array_equal(QUICK.fit(panel, threads=1).forecast().members, QUICK.fit(panel, threads=3).forecast().members)


def test_a_series_twice_as_high_has_a_forecast_twice_as_high():
    table = family(8)
    double = table.assign(unique_id="double " + table.unique_id, y=2 * table.y)
    fitted = QUICK.fit(sc.read(pd.concat([table, double]), season=4))
    mean = dict(zip(fitted.origin.ids, fitted.forecast().mean, strict=True))
    for name in table.unique_id.unique():
        assert_allclose(mean["double " + name], 2 * mean[name], rtol=1e-5)


def test_trust_is_a_share_between_the_line_and_the_networks():
    """At no trust the forecast is the level and half the slope, which ordinary least squares gives as well."""
    y = np.exp(np.array([1.0, 1.3, 1.2, 1.7, 1.5, 1.9, 2.4, 2.0, 2.3]))
    ahead = {
        trust: np.log(replace(QUICK, trust=trust, members=1).fit(y).forecast().mean[0]) for trust in (0.0, 0.5, 1.0)
    }
    assert_allclose(ahead[0.5], (ahead[0.0] + ahead[1.0]) / 2, rtol=1e-6)
    assert_allclose(np.diff(ahead[0.0]), np.polyfit(np.arange(9), np.log(y), 1)[0] / 2, rtol=1e-9)
    assert np.abs(ahead[1.0] - ahead[0.0]).max() > 1e-4


def test_half_a_slope_is_that_of_least_squares_at_every_step():
    values = np.random.default_rng(3).normal(size=(2, 12)).cumsum(axis=1) + 1e6
    slope = Slope.before(values[:, 0])
    for n in range(1, 13):
        slope = slope.take(values[:, n - 1])
        expected = [np.polyfit(np.arange(n), v[:n], 1)[0] / 2 for v in values] if n >= 3 else [0.0, 0.0]
        assert_allclose(slope.half, expected, atol=1e-6)


def test_what_comes_later_changes_nothing_that_was_seen_before():
    panel = sc.read(family(3), season=4)
    standing = Standing.fit(panel, 5)
    changed = replace(panel, values=panel.values.copy())
    changed.values[panel.offsets[1:] - 4] *= 3
    seen, other = standing.seen(panel), standing.seen(changed)
    for s, length in enumerate(panel.lengths):
        before = slice(0, length - 4)
        for name in ("values", "levels", "slopes"):
            assert_array_equal(getattr(seen, name)[s, before], getattr(other, name)[s, before])
        assert_array_equal(seen.inputs(5)[s, before], other.inputs(5)[s, before])
        assert not np.array_equal(seen.levels[s, length - 4 : length], other.levels[s, length - 4 : length])


def test_targets_are_those_of_the_next_steps_and_no_other():
    """Put back on the line, what a row is to give is the value so many steps later."""
    panel = sc.read(np.exp(np.random.default_rng(1).normal(size=20).cumsum() / 10), season=1)
    standing = Standing.fit(panel, 2)
    seen = standing.seen(panel)
    targets, logs = seen.targets(3), np.log(panel.values)
    for t in range(17):
        line = seen.levels[0, t] + seen.slopes[0, t] * np.arange(1, 4)
        assert_allclose(line + standing.anchor.scale[0] * targets[0, t], logs[t + 1 : t + 4], rtol=1e-9)
    assert np.isnan(targets[0, 17, 2])
    assert not np.isnan(targets[0, 17, 1])


def test_held_out_ends_are_judged_by_rows_that_the_judges_did_not_learn_from():
    lengths, steps = np.array([[20]]), np.arange(20)
    judged = np.flatnonzero(_ends(3)(lengths, steps)[0])
    assert judged.tolist() == [13, 14, 15, 16]  # origins whose three targets are among the last six, 14 to 19
    assert judged.max() + 3 == 19
    assert (np.diff(_recent(3)(lengths, steps)[0]) >= 0).all()


def test_filled_values_are_no_targets():
    table = family(2)
    holes = table.assign(y=table.y.where(table.ds % 7 != 3))
    panel, network = sc.read(holes, season=4), QUICK._network(sc.read(table, season=4))
    lessons = _lessons(panel, panel, network, None, lambda lengths, steps: np.ones((len(lengths), len(steps))))
    filled = (np.arange(lessons.y.shape[1])[:, np.newaxis] + np.arange(1, 4)) % 7 == 3
    assert (lessons.weights[:, filled] == 0).all()
    assert (lessons.weights[0, :30][~filled[:30]] > 0).all()


def test_a_model_forecasts_series_that_it_has_never_seen():
    fitted = QUICK.fit(sc.read(family(), season=4))
    new = sc.read(family(4, seed=9, first=50), season=4)
    alone = fitted.pretrained.fit(new)
    assert np.isfinite(alone.forecast().mean).all()
    assert not fitted.pretrained.shared
    for s in range(4):  # each as if it were alone, bit for bit
        assert_array_equal(
            fitted.pretrained.fit(new.select(np.array([s]))).forecast().mean[0], alone.forecast().mean[s]
        )
    known = fitted.pretrained.fit(sc.read(family(), season=4))
    assert_array_equal(known.forecast().mean, fitted.forecast().mean)
    assert fitted.pretrained.fit([5.0]).forecast().mean.tolist() == [[5.0] * 3]  # from its very first observation on


def test_fine_tuning_starts_from_the_model_and_learns_the_new_series():
    fitted = QUICK.fit(sc.read(family(), season=4))
    rng = np.random.default_rng(5)
    new = np.tile([10.0, 14.0], 40) * np.exp(0.02 * rng.normal(size=80))  # goes back and forth, as none before
    history, truth = new[:-3], new[-3:]

    def error(recipe: sc.recipes.Pretrained) -> float:
        return float(np.abs(recipe.fit(history).forecast().mean[0] - truth).mean())

    tuned = replace(fitted.pretrained, epochs=200, learning_rate=0.02)
    assert tuned.shared
    assert error(tuned) < error(fitted.pretrained)
    weights = tuned.fit(history).pretrained.model.networks.weights
    assert_array_equal(
        fitted.pretrained.model.networks.weights,
        QUICK.fit(sc.read(family(), season=4)).pretrained.model.networks.weights,
    )
    assert not np.array_equal(weights, fitted.pretrained.model.networks.weights)


def test_a_network_learns_from_other_series_what_one_alone_is_too_short_to_tell():
    """All series halve their distance from 100 with every step; the last one has four observations."""
    rng = np.random.default_rng(2)
    starts = rng.uniform(-40, 40, 60)
    frames = [
        pd.DataFrame({"unique_id": f"s{s}", "ds": range(n), "y": 100 + start * 0.5 ** np.arange(n)})
        for s, start in enumerate(starts)
        for n in [4 if s == 59 else 8]
    ]
    fitted = Shared(horizon=3, members=2, trust=1.0, epochs=100).fit(sc.read(pd.concat(frames), season=1))
    truth = 100 + starts[59] * 0.5 ** np.arange(4, 7)
    ahead, line = fitted.forecast().mean[59], Shared(horizon=3, trust=0.0, epochs=1).fit(frames[59]).forecast().mean[0]
    assert np.abs(ahead - truth).mean() < np.abs(line - truth).mean() / 3


def test_static_columns_tell_kinds_of_series_apart():
    """Two kinds that go apart after a common start: only the static column says which one a series is."""
    rng = np.random.default_rng(4)
    frames = []
    for s in range(60):
        kind, steps = s % 2, np.arange(12)
        y = 100 + rng.normal(size=12) + np.where(steps >= 6, (1 if kind else -1) * 4.0 * (steps - 5), 0)
        frames.append(pd.DataFrame({"unique_id": f"s{s:02}", "ds": steps, "y": y, "kind": "up" if kind else "down"}))
    table = pd.concat(frames)
    short = table[(table.ds < 6) | (table.unique_id < "s50")]
    recipe = Shared(horizon=6, members=2, trust=1.0, epochs=60)
    fitted = recipe.fit(sc.read(short, season=1, static="kind"))
    change = fitted.forecast().mean[:, -1] - 100
    up = np.arange(60) % 2 == 1
    assert (change[50:][up[50:]] > 2).all()
    assert (change[50:][~up[50:]] < -2).all()


def test_known_columns_say_what_is_ahead():
    rng = np.random.default_rng(6)
    frames = []
    for s in range(30):
        promotion = (rng.random(46) < 0.2).astype(float)
        y = 50 + 30 * promotion + rng.normal(size=46)
        frames.append(pd.DataFrame({"unique_id": f"s{s:02}", "ds": range(46), "y": y, "promotion": promotion}))
    table = pd.concat(frames)
    history = table.assign(y=table.y.where(table.ds < 40))  # the rows ahead have a blank target
    fitted = Shared(horizon=6, members=2, trust=1.0, epochs=60).fit(sc.read(history, season=1, known="promotion"))
    truth = table[table.ds >= 40].y.to_numpy().reshape(30, 6)
    assert np.abs(fitted.forecast().mean - truth).mean() < 6  # 30 x 0.2 is what a promotion not foreseen costs

    ahead = table[table.ds >= 40][["unique_id", "ds", "promotion"]]
    without = Shared(horizon=6, members=2, trust=1.0, epochs=60).fit(
        sc.read(table[table.ds < 40], season=1, known="promotion")
    )
    assert np.abs(without.forecast(future=ahead).mean - truth).mean() < 6
    with pytest.raises(DataError, match="known columns promotion"):
        without.forecast()


def test_updates_with_covariates_come_to_the_run_over_all_of_it():
    rng = np.random.default_rng(7)
    frames = []
    for s in range(5):
        columns = {
            "ds": range(30),
            "y": rng.normal(size=30).cumsum() + 50,
            "price": rng.random(30),
            "heat": rng.random(30),
        }
        frames.append(pd.DataFrame({"unique_id": f"s{s}", **columns}))
    table = pd.concat(frames)
    known_ahead = table.assign(y=table.y.where(table.ds < 20))

    def read(part: pd.DataFrame) -> sc.series.Panel:
        return sc.read(part, season=1, known="price", past="heat")

    fitted = QUICK.fit(read(known_ahead))
    updated = fitted
    for step in range(20, 24):
        updated = updated.update(table[(table.ds <= step)])
    whole = fitted.pretrained.fit(read(table.assign(y=table.y.where(table.ds < 24))))
    # the adjustment of the whole history is another one; the state and the rows kept are the same for equal ones
    at_once = fitted.update(table[table.ds < 24])
    foreseen = table[table.ds >= 24][["unique_id", "ds", "price"]]
    assert_array_equal(updated.forecast(future=foreseen).mean, at_once.forecast(future=foreseen).mean)
    assert np.abs(whole.forecast().mean / updated.forecast(future=foreseen).mean - 1).max() < 0.5


def test_a_sample_of_whole_series_is_learnt_from_where_there_are_too_many():
    panel = sc.read(family(20), season=4)
    some = replace(QUICK, sample=200)
    drawn = some._sampled(panel)
    assert len(drawn.values) <= 200 < len(panel.values)
    assert set(drawn.lengths) <= set(panel.lengths)
    assert some.fit(panel).forecast().mean.shape == (20, 3)
    assert QUICK._sampled(panel) is panel


def test_constant_series_stay_constant_and_nothing_is_learnt_from_them():
    table = pd.DataFrame({"unique_id": ["a"] * 5 + ["b"] * 5, "ds": [*range(5)] * 2, "y": [7.0] * 5 + [0.0] * 5})
    assert_array_equal(QUICK.fit(table).forecast().mean, [[7.0] * 3, [0.0] * 3])


def test_many_constant_series_have_no_ends_to_judge_by():
    steps = np.tile(np.arange(20), 30)
    table = pd.DataFrame({"unique_id": np.repeat([f"s{s:02}" for s in range(30)], 20), "ds": steps, "y": 5.0})
    fitted = replace(QUICK, epochs=None).fit(sc.read(table, season=1))
    assert_array_equal(fitted.forecast().mean, np.full((30, 3), 5.0))
    assert fitted.pretrained.model.trust == BELIEVED


def test_pinball_loss_makes_the_forecast_a_quantile():
    rng = np.random.default_rng(8)
    frames = [
        pd.DataFrame({"unique_id": f"s{s:03}", "ds": range(20), "y": 100 + 10 * rng.normal(size=20)})
        for s in range(150)
    ]
    panel = sc.read(pd.concat(frames), season=1)
    truth = 100 + 10 * rng.normal(size=(150, 3))
    above = {}
    for quantile in (0.2, 0.8):
        recipe = Shared(horizon=3, members=1, trust=1.0, epochs=30, loss="pinball", quantile=quantile)
        above[quantile] = float((truth <= recipe.fit(panel).forecast().mean).mean())
    assert above[0.2] == pytest.approx(0.2, abs=0.1)
    assert above[0.8] == pytest.approx(0.8, abs=0.1)


def test_two_layers_and_a_longer_forecast():
    fitted = replace(QUICK, layers=2).fit(sc.read(family(), season=4))
    assert fitted.pretrained.model.networks.spec.residual
    assert_array_equal(fitted.forecast(8).mean[:, :3], fitted.forecast(3).mean)
    assert np.isfinite(fitted.forecast(8).mean).all()


def test_blocks_of_series_change_no_forecast(monkeypatch):
    panel = sc.read(family(), season=4)
    fitted = QUICK.fit(panel)
    monkeypatch.setattr("statecast.recipes._shared_model._MOST_STEPS", 100)
    few = fitted.pretrained.fit(panel)
    assert len(few.grouped.parts) > 3 > len(fitted.grouped.parts)
    assert_array_equal(few.forecast().mean, fitted.forecast().mean)


def test_a_recipe_file_holds_it():
    recipe = Shared(units=8, loss="pinball", quantile=0.7)
    assert from_document(to_document(recipe)) == recipe


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"units": 0}, "units"),
        ({"layers": 5}, "layers"),
        ({"lags": 0}, "lags"),
        ({"loss": "log"}, "loss"),
        ({"quantile": 1.0}, "quantile must be between 0 and 1"),
        ({"trust": 1.5}, "trust must be from 0 to 1"),
        ({"batch": 0}, "batch"),
        ({"sample": 0}, "sample"),
        ({"learning_rate": -1.0}, "learning_rate"),
    ],
)
def test_values_out_of_range_are_refused(values, message):
    with pytest.raises(ParameterError, match=message):
        Shared(**values)


@pytest.mark.parametrize("roles", [{}, {"static": "shop"}, {"static": "shop,town", "known": "ds2"}])
def test_other_columns_than_those_learnt_from_are_refused(roles):
    table = family(3).assign(shop=lambda f: f.unique_id, town="here", ds2=lambda f: f.ds)
    fitted = QUICK.fit(sc.read(table[["unique_id", "ds", "y", "shop", "town"]], season=4, static="shop,town"))
    columns = [name for given in roles.values() for name in given.split(",")]
    with pytest.raises(DataError, match="Give the same columns"):
        fitted.pretrained.fit(sc.read(table[["unique_id", "ds", "y", *columns]], season=4, **roles))


def test_a_series_of_two_observations_is_refused_by_name():
    with pytest.raises(DataError, match="at least 3 observations, got 2 in series 'b'"):
        QUICK.fit(pd.DataFrame({"unique_id": ["a"] * 3 + ["b"] * 2, "ds": [0, 1, 2, 0, 1], "y": [1.0, 2, 3, 4, 5]}))


def sized(sizes: dict[str, str], seed: int = 0) -> pd.DataFrame:
    """Return shops whose level is that of their size."""
    level, rng = {"big": 100.0, "small": 20.0, "tiny": 5.0}, np.random.default_rng(seed)
    days = pd.date_range("2024-01-01", periods=30)
    shops = [
        pd.DataFrame({"shop": shop, "day": days, "size": size, "y": level.get(size.lower(), 1) + rng.normal(size=30)})
        for shop, size in sizes.items()
    ]
    return pd.concat(shops)


def test_categories_of_new_series_have_the_columns_that_were_learnt():
    roles = {"id": "shop", "target": "y", "static": "size"}
    learnt = sc.read(sized({"a": "big", "b": "small", "c": "small"}), **roles)
    assert learnt.covariates.static == ("size=big",)
    pretrained = sc.shared(epochs=2, horizon=2).fit(learnt).pretrained
    new = sized({"d": "small", "e": "big", "f": "big"}, seed=1)  # here the column is that of the other one
    fitted = pretrained.fit(sc.read(new, **roles))
    assert sc.read(new, **roles).covariates.static == ("size=small",)
    assert fitted.origin.covariates.static == ("size=big",)
    assert fitted.origin.covariates.static_values.tolist() == [[0], [1], [1]]
    alone = pretrained.fit(sc.read(new[new["shop"] == "e"], **roles))
    assert alone.origin.covariates.static_values.tolist() == [[1]]
    assert_allclose(alone.forecast().mean, fitted.forecast().mean[1:2])
    with pytest.raises(DataError, match=r"'tiny' is no value that 'size' has in the history: 'big', 'small'"):
        pretrained.fit(sc.read(sized({"d": "tiny", "e": "big"}), **roles))
