"""What is found on data whose effects are known, and what is called irrelevant."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

import statecast as sc
from statecast.errors import DataError, ParameterError

DRAWS = 20


def made(seed: int, length: int = 500) -> pd.DataFrame:
    """Y = 3 promo - 2 price two steps before + noise, and a column that has nothing to do with it."""
    rng = np.random.default_rng(seed)
    promo, price = (rng.random(length) < 0.3).astype(float), rng.normal(0, 1, length)
    y = 3 * promo - 2 * np.roll(price, 2) + rng.normal(0, 1, length)
    return pd.DataFrame(
        {"t": np.arange(length), "promo": promo, "price": price, "chance": rng.normal(size=length), "y": y}
    )


def read(frame: pd.DataFrame, **roles: str) -> sc.series.Panel:
    return sc.read(frame, target="y", time="t", season=1, **roles)


ROLES = ({"known": "promo,price,chance"}, {"known": "promo", "past": "price,chance"})


def place(impact, column: str) -> int:
    return impact.columns.index(column)


def check_known_effects(impact) -> None:
    promo, price = impact.per_unit[place(impact, "promo"), 0], impact.per_unit[place(impact, "price"), 0]
    assert abs(promo[0] / 3 - 1) < 0.15
    assert abs(price[2] / -2 - 1) < 0.15
    others = np.nan_to_num([*promo[1:], *price[:2], *price[3:], *impact.per_unit[place(impact, "chance"), 0]])
    assert np.abs(others).max() < 1.0
    assert impact.verdict(place(impact, "promo")) == impact.verdict(place(impact, "price")) == "matters"


@pytest.mark.parametrize("roles", [ROLES[0], pytest.param(ROLES[1], marks=pytest.mark.slow)], ids=["known", "past"])
def test_known_effects_are_found(roles):
    impact = sc.explain(read(made(100), **roles), sc.auto(horizon=2), threads=2)
    check_known_effects(impact)
    assert impact.verdict(0) == "the series itself"
    assert impact.per_unit.shape == (4, 2, 13)
    assert (impact.spread[1:, 0, 0][np.isfinite(impact.spread[1:, 0, 0])] > 0).any()


@pytest.mark.slow
@pytest.mark.parametrize("roles", ROLES, ids=["known", "past"])
def test_chance_is_called_irrelevant_in_18_of_20_draws(roles):
    irrelevant = 0
    for seed in range(DRAWS):
        impact = sc.explain(read(made(100 + seed), **roles), sc.auto(horizon=6), threads=2)
        check_known_effects(impact)
        irrelevant += impact.verdict(place(impact, "chance")) == "irrelevant"
    assert irrelevant >= 18


def test_lags_are_counted_from_the_step_that_is_forecast():
    impact = sc.explain(read(made(1, 200), known="promo", past="price"), sc.auto(horizon=3, members=2), permutations=0)
    known = np.isfinite(impact.per_unit)
    for step in range(3):
        assert known[place(impact, "promo"), step].all()  # known ahead, at the very step
        for column in ("y", "price"):
            assert known[place(impact, column), step].tolist() == [lag > step for lag in range(13)]
    two_ahead = impact.per_unit[place(impact, "price"), 1]
    assert two_ahead[2] < -1.5  # price two steps before the step that is forecast is the last one known
    assert np.nanargmax(np.abs(two_ahead)) == 2


def test_past_columns_alone_where_nothing_is_known_ahead():
    frame = made(8, 120)
    impact = sc.explain(read(frame, past="price"), sc.auto(horizon=2, members=1), permutations=9)
    assert impact.columns == ("y", "price")
    assert impact.per_unit[1, 0, 2] < -1


def test_a_column_that_did_not_vary_before_the_test_is_not_tested():
    frame = made(2, 200).assign(law=lambda f: (f.t >= 190) * 1.0)
    impact = sc.explain(read(frame, known="promo,law"), sc.auto(horizon=2, members=1), permutations=19)
    assert impact.verdict(place(impact, "law")) == "not tested"
    assert impact.verdict(place(impact, "promo")) == "matters"


def test_values_of_a_category_are_tested_together():
    rng = np.random.default_rng(3)
    kind = rng.choice(["a", "b", "c"], 200)
    y = np.select([kind == "a", kind == "b"], [5.0, -5.0], 0.0) + rng.normal(0, 1, 200)
    frame = pd.DataFrame({"t": np.arange(200), "kind": kind, "y": y})
    impact = sc.explain(read(frame, known="kind"), sc.auto(horizon=1, members=1), permutations=19)
    assert impact.columns == ("y", "kind=a", "kind=b", "kind=c")
    assert impact.p_values[1:].tolist() == [0.05] * 3
    a, b, c = impact.per_unit[1:, 0, 0]
    assert a - c == pytest.approx(5, abs=1)
    assert b - c == pytest.approx(-5, abs=1)


def test_of_a_short_series_without_covariates_only_the_slopes_are_told(shampoo):
    impact = sc.explain(shampoo, sc.auto(horizon=2, members=2))
    assert (impact.columns, impact.tested) == (("y",), 0)
    assert impact.per_unit[0, 0, 1] > 0  # a higher last value, a higher forecast
    assert sc.explain(shampoo[:4], sc.auto(horizon=1, members=1)).origins == 2


def test_a_series_of_a_panel_is_named_and_explained_as_if_alone():
    frames = [made(5, 150).assign(shop="a"), made(6, 150).assign(shop="b")]
    recipe = sc.auto(horizon=2, members=1)
    one = sc.explain(read(pd.concat(frames), known="promo", id="shop"), recipe, series="b", permutations=9)
    alone = sc.explain(read(frames[1], known="promo"), recipe, permutations=9)
    assert one.unique_id == "b"
    assert_array_equal(one.per_unit, alone.per_unit)
    assert_array_equal(one.p_values, alone.p_values)
    with pytest.raises(ParameterError, match="expected the name of a series, such as 'a', got 'c'"):
        sc.explain(read(pd.concat(frames), known="promo", id="shop"), recipe, series="c")


def test_the_same_again_and_on_other_threads_is_the_same():
    panel = read(made(7, 150), known="promo,price")
    one, two = (sc.explain(panel, sc.auto(horizon=2, members=2), permutations=9, threads=n) for n in (1, 3))
    assert_array_equal(one.per_unit, two.per_unit)
    assert_array_equal(one.p_values, two.p_values)
    frame = one.to_frame()
    assert list(frame.columns) == [
        "unique_id", "column", "kind", "step", "lag", "per_unit", "per_deviation", "spread", "p_value",
    ]  # fmt: skip
    assert len(frame) == np.isfinite(one.per_unit).sum()


def towns(count: int = 12, length: int = 60) -> pd.DataFrame:
    """Return shops that gain 30 by a promotion, and change by 3 a step, up or down: the direction tells which."""
    rng = np.random.default_rng(9)
    frames = []
    for s in range(count):
        promo = (rng.random(length) < 0.3).astype(float)
        trend = (1 if s % 2 else -1) * 3.0 * np.maximum(np.arange(length) - length // 2, 0)
        y = 300 + 30 * promo + trend + rng.normal(0, 1, length)
        columns = {"t": np.arange(length), "y": y, "promo": promo, "chance": rng.normal(size=length)}
        frames.append(pd.DataFrame({"shop": f"s{s:02}", **columns, "kind": "up" if s % 2 else "down"}))
    return pd.concat(frames)


def test_a_shared_recipe_learns_from_all_series_and_explains_one():
    panel = sc.read(towns(), target="y", time="t", season=1, id="shop", known="promo,chance", static="kind")
    recipe = sc.shared(horizon=2, members=2, epochs=60, trust=1.0)
    impact = sc.explain(panel, recipe, series="s03", permutations=19, threads=2)
    assert impact.unique_id == "s03"
    assert impact.columns == ("y", "promo", "chance", "kind=up")
    assert impact.kinds == ("target", "known", "known", "static")
    assert impact.per_unit[1, 0, 0] == pytest.approx(30, rel=0.3)
    assert impact.verdict(1) == "matters"
    assert impact.verdict(3) == "not tested"
    assert (np.isfinite(impact.per_unit[3]) == (np.arange(13) == 0)).all()
    assert impact.per_unit[3, 1, 0] > 0
    assert impact.deviations[3] == 0.5  # half of the shops
    alone = sc.explain(panel.select(np.array([3])), recipe, permutations=0)
    assert not np.array_equal(alone.per_unit, impact.per_unit)  # for it has learnt from one


def test_a_shared_recipe_is_tested_by_networks_that_have_not_seen_the_end_of_any_series(monkeypatch):
    learnt: list[list[int]] = []
    fit = sc.recipes.Shared.fit

    def seen(recipe, data, **options):
        learnt.append(data.lengths.tolist())
        return fit(recipe, data, **options)

    monkeypatch.setattr(sc.recipes.Shared, "fit", seen)
    lengths = (60, 40, 14, 12, 2)
    table = pd.concat([shop.iloc[:n] for n, (_, shop) in zip(lengths, towns(5).groupby("shop"), strict=True)])
    panel = sc.read(table, target="y", time="t", season=1, id="shop", known="promo", past="chance")
    impact = sc.explain(panel, sc.shared(horizon=1, members=1, epochs=1), permutations=1)
    assert impact.tested == 12
    assert learnt == [[60, 40, 14, 12], [48, 28]]  # those that are too short are not learnt from
    with pytest.raises(DataError, match="at least 3 observations, got 2 in series 's04'"):
        sc.explain(panel, sc.shared(horizon=1, members=1, epochs=1), series="s04")
