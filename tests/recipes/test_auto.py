"""The automatic recipe: what it decides, the line that it starts from, and what the network adds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from statecast.errors import DataError, ParameterError

RNG = np.random.default_rng(3)
MONTHS = 72
WAVE = np.tile(np.sin(2 * np.pi * np.arange(12) / 12), MONTHS // 12)
SALES = np.exp(4 + 0.01 * np.arange(MONTHS) + 0.3 * WAVE + RNG.normal(0, 0.03, MONTHS))


def months(values: np.ndarray, **columns: object) -> pd.DataFrame:
    stamps = pd.date_range("2015-01-01", periods=len(values), freq="MS")
    return pd.DataFrame({**columns, "ds": stamps, "y": values})


def theta(values: np.ndarray, horizon: int) -> np.ndarray:
    """Smooth exponentially, at the best rate up to 3 steps ahead, and go on by half the slope of the straight line."""

    def smoothed(rate: float) -> tuple[float, float]:
        levels = [values[0]]
        for value in values[1:]:
            levels.append(levels[-1] + rate * (value - levels[-1]))
        return sum(np.mean((values[k:] - levels[:-k]) ** 2) for k in (1, 2, 3)), levels[-1]

    _, level = min(smoothed(rate) for rate in np.arange(0.1, 1.0, 0.05))
    slope = np.polyfit(np.arange(len(values)), values, 1)[0]
    return level + slope / 2 * np.arange(1, horizon + 1)


def test_decisions_are_those_that_the_series_asks_for():
    panel = pd.concat(
        [
            months(SALES, unique_id="sales"),
            months(SALES - 60, unique_id="below zero"),
            months(RNG.normal(100, 1, MONTHS), unique_id="noise"),
        ]
    )
    fitted = sc.auto(epochs=1, members=1).fit(panel)
    said = dict(zip(fitted.origin.ids, (fitted.decisions(s) for s in range(3)), strict=True))
    assert said["sales"][:2] == ("logged", "season of 12 taken off")
    assert said["below zero"][:2] == ("not logged", "season of 12 taken off")
    assert said["noise"][:2] == ("logged", "no season")


def test_without_trust_it_is_the_theta_line(shampoo):
    forecast = sc.auto(trust=0.0, epochs=1, members=1).fit(shampoo).forecast(9).mean[0]
    assert_allclose(forecast[:6], np.exp(theta(np.log(shampoo), 6)), rtol=1e-10)
    signed = shampoo - 300
    assert_allclose(sc.auto(trust=0.0, epochs=1, members=1).fit(signed).forecast(6).mean[0], theta(signed, 6))


def test_no_forecast_is_below_zero_where_nothing_observed_was():
    rng = np.random.default_rng(0)
    y = np.maximum(rng.normal(1, 3, 80), 0) * np.linspace(2, 0.1, 80)
    assert (y == 0).any()
    ahead = sc.auto(horizon=12).fit(y).forecast(30, level=80)
    assert ahead.members.min() >= 0
    assert (ahead.lower[:, 0] <= ahead.mean).all()
    assert sc.auto(horizon=12).fit(y - 0.01).forecast(30).members.min() < 0


def test_one_outlier_does_not_carry_the_forecast_off():
    rng = np.random.default_rng(4)
    y = 100 + rng.normal(0, 1, 60)
    struck = y.copy()
    struck[-1] += 80
    recipe = sc.auto(horizon=6)
    calm, moved = (recipe.fit(values).forecast(6).mean for values in (y, struck))
    assert np.abs(moved - calm).max() < 8  # a plain level would follow by a tenth of 80, and more at a higher rate


def test_the_season_stands_where_it_belongs():
    ahead = sc.auto().fit(months(SALES[:-12])).forecast(12).mean[0]
    assert np.abs(np.log(ahead / SALES[-12:])).max() < 0.2
    assert np.corrcoef(np.log(ahead), WAVE[:12])[0, 1] > 0.95
    shifted = sc.auto().fit(months(SALES[:-7])).forecast(12).mean[0]  # the season goes on from another month
    assert np.corrcoef(np.log(shifted), np.roll(WAVE[:12], 7))[0, 1] > 0.95


def test_trust_is_how_far_the_forecast_is_from_the_line_to_the_network(shampoo):
    signed = shampoo - 300
    line, half, network = (sc.auto(trust=t, horizon=6).fit(signed).forecast(6).mean for t in (0.0, 0.5, 1.0))
    assert_allclose(half, (line + network) / 2)
    assert not np.allclose(line, network)


def test_the_network_learns_what_the_line_cannot_know():
    y = 100 + 10 * (-1.0) ** np.arange(80) + np.random.default_rng(1).normal(0, 1, 80)
    network, line = (sc.backtest(y, sc.auto(trust=t, horizon=1, epochs=200), test=20).scores.rmse for t in (1.0, 0.0))
    assert network < line / 2


def test_of_a_random_walk_no_win_is_claimed():
    skills = []
    for seed in range(8):
        y = 100 + np.random.default_rng(seed).normal(0, 1, 120).cumsum()
        result = sc.backtest(y, sc.auto(horizon=1), test=40)
        skills.append(1 - result.scores.rmse / result.baselines["last_value"].rmse)
    assert np.mean(skills) < 0.02
    assert max(skills) < 0.15


def test_a_series_does_not_depend_on_its_neighbours_or_on_threads():
    panel = pd.concat([months(SALES, unique_id="a"), months(SALES[::-1][:30], unique_id="b")])
    recipe = sc.auto(epochs=10, members=2)
    one, two = (recipe.fit(panel, threads=n).forecast(12) for n in (1, 3))
    assert_array_equal(one.members, two.members)
    alone = recipe.fit(months(SALES[::-1][:30])).forecast(12)
    assert_array_equal(one.members[1], alone.members[0])


def test_beyond_its_horizon_every_member_goes_on_from_its_own_forecasts(shampoo):
    recipe = sc.auto(horizon=3, members=2)
    fitted = recipe.fit(shampoo)
    far = fitted.forecast(6)
    assert_array_equal(far.members[:, :, :3], fitted.forecast(3).members)
    single = sc.auto(horizon=3, members=1).fit(shampoo)
    taken = single.update(single.forecast(3).mean[0])
    assert_allclose(far.members[0, 0, 3:], taken.forecast(3).mean[0], rtol=1e-6)


def test_a_logged_series_may_fall_to_zero_later(shampoo):
    """Half the smallest observation is the least that counts; nothing above it is touched."""
    fitted = sc.auto(epochs=1, members=1).fit(shampoo)
    floor = shampoo.min() / 2
    for value in (0.0, -5.0, floor):
        assert_array_equal(fitted.update(value).forecast(3).mean, fitted.update(floor).forecast(3).mean)
    closed = np.append(shampoo, [0.0, 300.0])
    assert np.isfinite(sc.backtest(closed, sc.auto(epochs=1, members=1), test=4).mean).all()


def test_short_series_have_less_done_to_them():
    assert np.isfinite(sc.auto(epochs=5).fit([1.0, 3.0, 2.0]).forecast(4).mean).all()
    with pytest.raises(DataError, match="takes at least 3 observations, got 2 in series"):
        sc.auto().fit([1.0, 2.0])


@pytest.mark.parametrize("change", [{"trust": -0.1}, {"trust": 1.1}, {"trust": "a"}, {"members": 0}, {"units": 0}])
def test_numbers_out_of_range_are_refused(change):
    with pytest.raises(ParameterError, match=next(iter(change))):
        sc.auto(**change)


def test_a_longer_series_beside_it_changes_no_bit_of_a_series():
    rng = np.random.default_rng(8)  # around zero: sums of rows padded with zeros have other bits in a third of these
    for length in range(90, 110):
        y, longer = (rng.normal(size=n).cumsum() for n in (length, 211))
        alone = sc.auto(members=1, epochs=1).fit(months(y)).grouped.parts[0].adjustment.anchor
        both = pd.concat([months(y, unique_id="a"), months(longer, unique_id="b")])
        beside = sc.auto(members=1, epochs=1).fit(both).grouped.parts[0].adjustment.anchor
        assert beside.scale[0] == alone.scale[0]
        assert beside.level[0] == alone.level[0]


def test_series_fitted_some_at_a_time_have_the_same_bits(monkeypatch):
    rng = np.random.default_rng(4)
    lengths = (40, 310, 33, 50, 3, 305, 64)  # of two sizes
    panel = sc.read(pd.concat([months(rng.normal(size=n), unique_id=f"s{k}") for k, n in enumerate(lengths)]))
    recipe, told = sc.auto(members=2, epochs=2, horizon=3), []
    together = recipe.fit(panel).forecast(4, level=80)
    monkeypatch.setattr("statecast.recipes._auto._MOST_TARGETS", 150)
    monkeypatch.setattr("statecast.intervals._calibration._MOST_ERRORS", 50)
    fitted = recipe.fit(panel, progress=lambda done, total: told.append((done, total)))
    apart = fitted.forecast(4, level=80)
    assert sorted(len(group) for group in fitted.grouped.groups) == [1, 1, 1, 2, 2]
    assert_array_equal(apart.mean, together.mean)
    assert_array_equal(apart.lower, together.lower)
    assert fitted.decisions(5)[-1].startswith("16 units")
    assert told == sorted(told)  # one count of all epochs, not one a part
    assert told[-1] == (7 * 2 * 2, 7 * 2 * 2)
