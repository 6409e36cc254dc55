"""The walk that the intervals come from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from statecast.baselines import LastSeason, last_value
from statecast.errors import DataError
from statecast.intervals import Calibration
from statecast.intervals._residuals import GROWTH


def panel_of(**series: object) -> sc.series.Panel:
    frames = [pd.DataFrame({"unique_id": k, "ds": np.arange(len(y)), "y": y}) for k, y in series.items()]
    return sc.read(pd.concat(frames), season=1)


def errors_of(calibration: Calibration, series: int = 0) -> dict[tuple[int, int], float]:
    """Return the errors by origin, counted from the first, and step."""
    found = calibration.errors(np.array([series]))
    origins = (np.cumsum(found.steps == 1) - 1).tolist()
    return dict(zip(zip(origins, found.steps.tolist(), strict=True), found.values, strict=True))


def test_every_error_is_that_of_a_forecast_from_the_last_third():
    y = np.random.default_rng(1).normal(size=30)  # not above zero: errors are in units of the series
    found = errors_of(Calibration(last_value(), panel_of(a=y), 4))
    expected = {
        (origin, k): y[20 + origin + k - 1] - y[19 + origin]
        for origin in range(10)
        for k in range(1, min(4, 10 - origin) + 1)
    }
    assert found.keys() == expected.keys()
    assert_allclose([found[key] for key in expected], list(expected.values()))


def test_errors_of_a_series_above_zero_are_by_a_power_of_the_forecast():
    y = np.random.default_rng(1).uniform(5, 50, size=12)
    found = errors_of(Calibration(last_value(), panel_of(a=y), 2))
    assert found[0, 2] == pytest.approx((y[9] - y[7]) / y[7] ** GROWTH)


def test_the_recipe_is_fitted_without_the_last_third():
    seen = []

    class Spy(LastSeason):
        def fit(self, data, *, threads=1, progress=None):
            seen.append(data.values.tolist())
            return super().fit(data, threads=threads)

    y = np.arange(9.0) % 4
    assert len(errors_of(Calibration(Spy(1), panel_of(a=y), 2))) == 5
    assert seen == [y[:6].tolist()]


def test_series_that_the_recipe_refuses_leave_their_neighbours_alone():
    rng = np.random.default_rng(3)
    series = {name: rng.normal(size=n).cumsum() for name, n in {"a": 18, "b": 20, "c": 19, "d": 20}.items()}
    recipe = LastSeason(13)  # without a third, 6 of each, a has 12
    together = Calibration(recipe, panel_of(**series), 3)
    assert together.residuals.origins.tolist() == [0, 6, 6, 6]
    mean = np.zeros((4, 3))
    for s, (name, y) in enumerate(series.items()):
        alone = Calibration(recipe, panel_of(**{name: y}), 3)
        assert errors_of(together, s) == errors_of(alone)
        for side in (0, 1):
            assert_array_equal(
                together.residuals.bounds(mean, (80.0,))[side][s], alone.residuals.bounds(mean[:1], (80.0,))[side][0]
            )
    assert together.residuals.bounds(mean, (80.0,))[1][0, 0, 0] > 0  # its changes say how it moves


def test_a_walk_that_the_recipe_breaks_off_is_kept_so_far():
    y = np.concatenate([np.arange(1.0, 25.0), [0.5], np.arange(1.0, 12.0)])
    counts = sc.counts(epochs=1, members=1, horizon=2)  # takes the first 24 values, and refuses the half
    assert Calibration(counts, panel_of(a=y), 2).residuals.origins.tolist() == [1]


def test_what_was_decided_for_a_series_stays_in_its_walk():
    y = np.concatenate([np.arange(1.0, 25.0), [0.0], np.arange(1.0, 12.0)])
    recipe = sc.auto(epochs=1, members=1, horizon=2)
    kept, anew = (errors_of(one) for one in (recipe.fit(y).calibration, Calibration(recipe, panel_of(a=y), 2)))
    assert not np.allclose(
        list(kept.values()), list(anew.values())
    )  # no logs, as the zero forbids them; logs of the first 24 values


def test_filled_values_are_no_errors():
    y = np.random.default_rng(1).normal(size=15)
    panel = panel_of(a=y)
    filled = np.zeros(15, bool)
    filled[12] = True
    found = errors_of(Calibration(last_value(), replace(panel, filled=filled), 2))
    whole = errors_of(Calibration(last_value(), panel, 2))
    missing = {key for key in whole if 10 + key[0] + key[1] - 1 == 12}
    assert len(missing) == 2
    assert {v for k, v in whole.items() if k not in missing} == set(found.values())


def test_nothing_is_walked_before_someone_asks():
    class Broken(LastSeason):
        def fit(self, data, *, threads=1, progress=None):
            raise AssertionError("fitted")

    calibration = Calibration(Broken(1), panel_of(a=np.arange(20.0)), 2)
    forecast = last_value().fit(np.arange(20.0)).forecast(2)
    assert calibration.add_bounds(forecast, ()) is forecast
    with pytest.raises(AssertionError, match="fitted"):
        calibration.add_bounds(forecast, 80)


@pytest.mark.parametrize("recipe", [last_value(), sc.auto(epochs=5, members=1)])
def test_bounds_have_the_units_of_the_series(recipe):
    """In other units, by a power of two, so that the arithmetic is the same but for the powers of the forecast."""
    y = 30 + np.random.default_rng(8).normal(size=40)
    one, other = (recipe.fit(scale * y).forecast(4, level=80) for scale in (1.0, 1024.0))
    assert_allclose(other.upper - other.mean, 1024 * (one.upper - one.mean), rtol=1e-5)
    below, far_below = (recipe.fit(y - shift).forecast(4, level=80) for shift in (40, 1040))
    assert_allclose(below.upper - below.mean, far_below.upper - far_below.mean, rtol=1e-5)


def test_a_panel_gives_some_of_its_series():
    panel = panel_of(a=np.arange(3.0), b=np.arange(5.0), c=np.arange(4.0))
    some = panel.select(np.array([2, 0]))
    assert some.ids == ("c", "a")
    assert some.values.tolist() == [0, 1, 2, 3, 0, 1, 2]
    assert some.offsets.tolist() == [0, 4, 7]
    assert some.times.tolist() == [0, 1, 2, 3, 0, 1, 2]


def test_short_histories_have_intervals_too():
    for y in ([5.0], [5.0, 6.0], [5.0, 6.0, 4.0]):
        ahead = last_value().fit(y).forecast(3, level=(80, 95))
        assert (ahead.upper > ahead.mean[:, np.newaxis]).all()
        assert np.isfinite(ahead.upper).all()
    with pytest.raises(DataError):
        sc.auto().fit([5.0, 6.0])
