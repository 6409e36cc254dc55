from __future__ import annotations

import numpy as np
import pytest

import statecast as sc
from statecast.errors import ParameterError
from statecast.tuning import LogRange, Space, usual_spaces
from statecast.tuning._space import draw


def test_a_log_range_has_every_order_of_magnitude_as_often():
    rng = np.random.default_rng(0)
    drawn = np.array([LogRange(1e-4, 1e-1).draw(rng) for _ in range(3000)])
    assert drawn.min() >= 1e-4
    assert drawn.max() <= 1e-1
    for low in (1e-4, 1e-3, 1e-2):
        assert np.mean((drawn >= low) & (drawn < 10 * low)) == pytest.approx(1 / 3, abs=0.03)


def test_whole_ends_give_whole_numbers_that_reach_both():
    rng = np.random.default_rng(0)
    drawn = [LogRange(2, 5).draw(rng) for _ in range(300)]
    assert {type(number) for number in drawn} == {int}
    assert set(drawn) == {2, 3, 4, 5}
    assert isinstance(LogRange(2.0, 5.0).draw(rng), float)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1), (2, 1), (1, float("inf")), (float("nan"), 1)])
def test_a_range_that_cannot_be_is_refused(low, high):
    with pytest.raises(ParameterError, match="a range must go"):
        LogRange(low, high)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"depth": (1, 2)}, "classic has no 'depth'"),
        ({"units": ()}, "units: expected a value"),
        ({"units": (4, 0)}, "units"),
        ({"fill": ("zero", "mean")}, "fill must be one of"),
        ({"learning_rate": LogRange(1e-3, 1e3)}, "learning_rate"),
        ({"epochs": LogRange(0.5, 1.5)}, "epochs"),
    ],
)
def test_a_space_of_recipes_that_cannot_be_is_refused_before_any_is_drawn(values, message):
    with pytest.raises(ParameterError, match=message):
        Space(sc.classic(), values)


def test_what_is_not_searched_stays_as_it_is():
    space = Space(sc.classic(lags=3, members=2, horizon=4), {"units": (1, 2)})
    drawn = {space.draw(np.random.default_rng(seed)) for seed in range(20)}
    assert drawn == {sc.classic(lags=3, members=2, horizon=4, units=units) for units in (1, 2)}


def test_recipes_drawn_are_different_begin_with_the_bases_and_come_from_every_space():
    spaces = [
        Space(sc.auto(), {"units": (2, 4, 8), "learning_rate": LogRange(1e-3, 1e-1)}),
        Space(sc.classic(), {"units": (2, 4), "learning_rate": LogRange(1e-3, 1e-1)}),
    ]
    recipes = draw(spaces, 40, seed=1)
    assert recipes[:2] == [sc.auto(), sc.classic()]
    assert len(set(recipes)) == len(recipes) == 40
    assert [recipe.name for recipe in recipes].count("auto") == 20
    assert draw(spaces, 40, seed=1) == recipes
    assert draw(spaces, 10, seed=1) == recipes[:10]
    assert draw(spaces, 40, seed=2) != recipes
    assert draw(spaces, 1, seed=1) == [sc.auto()]


def test_a_small_space_is_drawn_whole_and_no_more():
    recipes = draw([Space(sc.classic(), {"units": (1, 2), "lags": (1, 2, 3)})], 100, seed=1)
    assert set(recipes) == {sc.classic()} | {sc.classic(units=u, lags=n) for u in (1, 2) for n in (1, 2, 3)}


def test_usual_spaces_fit_the_series():
    monthly = usual_spaces(season=12, rows=60, horizon=3)
    assert monthly["classic"].values["difference"] == (0, 1, 12)
    assert 12 in monthly["classic"].values["lags"]
    assert usual_spaces(season=12, rows=20, horizon=3)["classic"].values["difference"] == (0, 1)
    assert usual_spaces(season=1, rows=60, horizon=3)["classic"].values["difference"] == (0, 1)
    assert usual_spaces(season=1, rows=4, horizon=3)["classic"].values["lags"] == (1,)
    assert {space.base.horizon for space in monthly.values()} == {3}
    assert monthly["auto"].base == sc.auto(horizon=3)
    assert monthly["shared"].base == sc.shared(horizon=3)
    assert monthly["shared"].values["lags"] == (None, 8, 19)  # None: a season and one
    assert usual_spaces(season=1, rows=60, horizon=3)["shared"].values["lags"] == (None, 3, 7)
    assert usual_spaces(season=10_000, rows=60, horizon=3)["shared"].values["lags"] == (None, 1000, 1000)
