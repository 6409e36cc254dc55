"""The forecast of some series together, and what takes over where the recipe refuses one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.baselines import Drift, LastSeason, last_value
from statecast.distributed import forecast_part
from statecast.errors import DataError, ParameterError, TrainingError
from statecast.recipes import Combination
from statecast.series import Panel

LEVEL = (80.0, 95.0)
QUICK = sc.auto(epochs=5, members=2)


@pytest.fixture(scope="module")
def panel(mixed: pd.DataFrame) -> Panel:
    return sc.read(mixed)


@dataclass(frozen=True)
class Moody:
    """A recipe that refuses series by their name, ends in a failed training, or forecasts what is not finite."""

    refuses: str | tuple[str, ...] = ""
    diverges: str = ""
    overflows: str = ""
    name: str = "moody"
    seeds: tuple[int, ...] = ()
    shared: bool = False

    def fit(self, data, *, threads=1, progress=None):
        """Fail at some, keep the last value of the others."""
        for name in data.ids:
            if name in self.refuses:
                raise DataError(f"no {name}")
            if name in self.diverges:
                raise TrainingError(f"diverged with {name}")
        return _Overflowing(last_value().fit(data), self.overflows)


@dataclass(frozen=True)
class _Overflowing:
    fitted: object
    names: str

    @property
    def origin(self):
        return self.fitted.origin

    def forecast(self, horizon, level=()):
        ahead = self.fitted.forecast(horizon, level)
        odd = np.isin(ahead.ids, list(self.names))[:, np.newaxis]
        return replace(ahead, mean=np.where(odd, np.inf, ahead.mean))


@pytest.mark.parametrize("recipe", [QUICK, sc.classic(epochs=20), Combination((QUICK, Drift()))], ids=lambda r: r.name)
def test_a_forecast_is_that_of_the_series_alone_to_the_last_bit(panel: Panel, recipe):
    part = forecast_part(panel, recipe, 5, LEVEL, threads=2)
    assert part.forecast.ids == panel.ids
    failed = {failure.unique_id for failure in part.failures}
    assert failed == {"b", "e", "h"}
    for s, name in enumerate(panel.ids):
        alone = panel.select(np.array([s]))
        expected = forecast_part(alone, recipe, 5, LEVEL).forecast
        if name not in failed:
            direct = recipe.fit(alone).forecast(5, LEVEL)
            np.testing.assert_array_equal(expected.mean, direct.mean)
            np.testing.assert_array_equal(part.forecast.members[s], direct.members[0])
        for field in ("times", "mean", "lower", "upper"):
            np.testing.assert_array_equal(getattr(part.forecast, field)[s], getattr(expected, field)[0])


def test_short_series_have_reasons_and_the_last_value(panel: Panel):
    part = forecast_part(panel, QUICK, 3)
    assert [(f.unique_id, f.method) for f in part.failures] == [(name, "last_value") for name in "beh"]
    assert part.failures[0].reason == "the recipe takes at least 3 observations, got 1."
    for name in "beh":
        s = panel.ids.index(name)
        np.testing.assert_array_equal(part.forecast.mean[s], np.full(3, panel.values[panel.offsets[s + 1] - 1]))


@pytest.mark.parametrize("kind", ["refuses", "diverges", "overflows"])
def test_what_the_recipe_fails_at_is_found_among_the_others(panel: Panel, kind: str):
    part = forecast_part(panel, Moody(**{kind: "dk"}), 4, LEVEL)
    reasons = {"refuses": "no d", "diverges": "diverged with d", "overflows": "the forecast is not finite."}
    assert [f.unique_id for f in part.failures] == ["d", "k"]
    assert part.failures[0].reason == reasons[kind]
    whole = last_value().fit(panel).forecast(4, LEVEL)
    others = [s for s, name in enumerate(panel.ids) if name not in "dk"]
    np.testing.assert_array_equal(part.forecast.mean[others], whole.mean[others])
    np.testing.assert_array_equal(part.forecast.lower[others], whole.lower[others])
    assert np.isfinite(part.forecast.mean).all()


@pytest.mark.parametrize("kind", ["refuses", "diverges", "overflows", "nothing"])
def test_one_fit_is_kept_of_all_that_is_forecast_by_the_recipe(panel: Panel, kind: str):
    recipe = Moody() if kind == "nothing" else Moody(**{kind: ("d", "k")})
    assert forecast_part(panel, recipe, 3).fitted is None
    part = forecast_part(panel, recipe, 3, keep=True)
    failed = [failure.unique_id for failure in part.failures]
    assert failed == ([] if kind == "nothing" else ["d", "k"])
    own = np.flatnonzero(~np.isin(part.forecast.ids, failed))
    assert part.fitted.origin.ids == tuple(part.forecast.ids[s] for s in own)
    np.testing.assert_array_equal(part.fitted.forecast(3).mean, part.forecast.mean[own])


def test_a_panel_of_failures_alone(panel: Panel):
    part = forecast_part(panel, Moody(refuses="abcdefghijkl"), 4, LEVEL)
    assert [f.unique_id for f in part.failures] == list(panel.ids)
    assert part.forecast.ids == panel.ids
    assert part.forecast.lower.shape == (12, 2, 4)


def test_the_stand_in_is_the_baseline_that_was_best_on_the_end():
    t = np.arange(48)
    rng = np.random.default_rng(0)
    series = {
        "season": 10 * np.sin(2 * np.pi * t / 12),
        "line": 2.0 * t,
        "walk": np.where(t < 30, rng.normal(0, 9, 48), 4.0),
    }
    frame = pd.concat(
        pd.DataFrame({"unique_id": name, "ds": pd.date_range("2000", periods=48, freq="MS"), "y": y})
        for name, y in series.items()
    )
    panel = sc.read(frame)
    part = forecast_part(panel, Moody(refuses=panel.ids), 12, LEVEL)
    best = {"season": LastSeason(12), "line": Drift(), "walk": last_value()}
    assert {f.unique_id: f.method for f in part.failures} == {
        "season": "last_season",
        "line": "drift",
        "walk": "last_value",
    }
    for s, name in enumerate(panel.ids):
        expected = best[name].fit(panel.select(np.array([s]))).forecast(12, LEVEL)
        np.testing.assert_array_equal(part.forecast.mean[s], expected.mean[0])
        np.testing.assert_array_equal(part.forecast.upper[s], expected.upper[0])


def test_filled_values_do_not_choose_the_stand_in():
    y = [5.0, 9.0, 5.0, 9.0, 5.0, 9.0, 5.0, 9.0, 7.0, np.nan, np.nan, 7.0]
    frame = pd.DataFrame({"unique_id": "x", "ds": pd.date_range("2000", periods=12, freq="MS"), "y": y})
    panel = sc.read(frame, season=2)
    spoilt = replace(panel, values=np.where(panel.filled, 1e6, panel.values))
    methods = [forecast_part(p, Moody(refuses="x"), 3).failures[0].method for p in (panel, spoilt)]
    assert methods[0] == methods[1] == "last_value"


def test_the_horizon_is_the_recipes_own_or_a_season(panel: Panel):
    assert forecast_part(panel, QUICK).forecast.mean.shape == (12, 12)
    assert forecast_part(panel, replace(QUICK, horizon=4)).forecast.mean.shape == (12, 4)


def test_wrong_arguments_are_no_failures_of_series(panel: Panel):
    with pytest.raises(ParameterError, match="horizon"):
        forecast_part(panel, QUICK, 0)
    with pytest.raises(ParameterError, match="level"):
        forecast_part(panel, QUICK, 3, 120)
