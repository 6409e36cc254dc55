"""The recipe for counts: whole numbers whose distribution is known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from statecast.errors import DataError, ParameterError
from statecast.metrics import coverage, mae
from statecast.recipes._rate import Rate, check_whole, inverse_softplus, softplus
from statecast.recipes._whole import Mixture
from statecast.series import Sequences

SERIES, HORIZON = 40, 5


def negative_binomial(y: int, mean: float, dispersion: float) -> float:
    r = 1 / dispersion
    logs = math.lgamma(y + r) - math.lgamma(r) - math.lgamma(y + 1)
    return math.exp(logs + r * math.log(r / (r + mean)) + y * math.log(mean / (r + mean)))


def poisson(y: int, mean: float) -> float:
    return math.exp(y * math.log(mean) - mean - math.lgamma(y + 1))


def smallest(probability: float, mass) -> int:
    """Return the smallest number that is not exceeded with this probability."""
    y, total = 0, mass(0)
    while total < probability:
        y, total = y + 1, total + mass(y + 1)
    return y


@pytest.mark.parametrize(("mean", "dispersion"), [(0.2, 0.5), (4.0, 0.3), (4.0, 5.0), (900.0, 0.01)])
def test_quantiles_are_those_of_a_negative_binomial(mean, dispersion):
    wanted = np.array([0.025, 0.1, 0.5, 0.9, 0.975, 0.9995])
    found = Mixture(np.array([[mean]]), np.array([[dispersion]])).quantiles(wanted)[:, 0]
    assert found.tolist() == [smallest(p, lambda y: negative_binomial(y, mean, dispersion)) for p in wanted]


def test_without_dispersion_they_are_those_of_a_poisson():
    wanted = np.array([0.05, 0.5, 0.95])
    found = Mixture(np.array([[7.3]]), np.array([[1e-6]])).quantiles(wanted)[:, 0]
    assert found.tolist() == [smallest(p, lambda y: poisson(y, 7.3)) for p in wanted]


def test_a_mixture_is_the_mean_of_its_members_probabilities():
    mixture = Mixture(np.array([[1.0], [20.0]]), np.array([[0.1], [0.2]]))
    both = lambda y: (negative_binomial(y, 1.0, 0.1) + negative_binomial(y, 20.0, 0.2)) / 2  # noqa: E731
    assert mixture.quantiles(np.array([0.3, 0.7]))[:, 0].tolist() == [smallest(0.3, both), smallest(0.7, both)]
    assert mixture.medians().tolist() == [
        [smallest(0.5, lambda y: negative_binomial(y, 1.0, 0.1))],
        [smallest(0.5, lambda y: negative_binomial(y, 20.0, 0.2))],
    ]


def test_paths_have_the_distribution_and_as_much_in_common_as_is_said():
    mixture = Mixture(np.full((1, 2), 30.0), np.full((1, 2), 0.2))
    for together in (0.0, 0.8):
        paths = mixture.paths(20_000, together, np.random.default_rng(1))
        assert_allclose(paths.mean(axis=0), 30, rtol=0.02)
        assert_allclose(paths.var(axis=0), 30 + 0.2 * 900, rtol=0.06)
        assert np.corrcoef(paths.T)[0, 1] == pytest.approx(together, abs=0.04)


def panel_of(values: np.ndarray, period: int = 1) -> sc.series.Panel:
    series, steps = values.shape
    ids = np.repeat([f"{s:03d}" for s in range(series)], steps)
    frame = pd.DataFrame({"unique_id": ids, "ds": np.tile(np.arange(steps), series), "y": values.ravel()})
    return sc.read(frame, season=period)


RNG = np.random.default_rng(4)
T = np.arange(90)
DRAWN = {
    "poisson of 0.4": (RNG.poisson(0.4, (SERIES, 90)), lambda p: smallest(p, lambda y: poisson(y, 0.4)), 1),
    "poisson of 200": (RNG.poisson(200, (SERIES, 90)), lambda p: smallest(p, lambda y: poisson(y, 200)), 1),
    "negative binomial": (
        RNG.negative_binomial(2, 1 / 3, (SERIES, 90)),
        lambda p: smallest(p, lambda y: negative_binomial(y, 4, 0.5)),
        1,
    ),
    "now and then": (RNG.binomial(1, 0.25, (SERIES, 90)) * RNG.geometric(0.4, (SERIES, 90)), None, 1),
    "season": (RNG.poisson(6 * (1 + 0.7 * np.sin(T * np.pi / 6)), (SERIES, 90)), None, 12),
}


@pytest.mark.parametrize(("y", "quantile", "period"), DRAWN.values(), ids=DRAWN.keys())
def test_coverage_is_at_least_as_promised_and_the_median_beats_the_last_value(y, quantile, period):
    """Whole bounds cover more than they promise; as much as those of the distribution itself, where it is known."""
    recipe = sc.counts(horizon=HORIZON, members=2)
    ahead = recipe.fit(panel_of(y[:, :-HORIZON], period)).forecast(level=(80, 95))
    truth = y[:, -HORIZON:]
    for k, share in enumerate((0.8, 0.95)):
        found = coverage(truth, ahead.lower[:, k], ahead.upper[:, k])
        assert found > share - 0.04
        if quantile is not None:
            low, high = quantile((1 - share) / 2), quantile((1 + share) / 2)
            assert found == pytest.approx(np.mean((truth >= low) & (truth <= high)), abs=0.07)
    assert_array_equal(ahead.upper, np.floor(ahead.upper))
    assert_array_equal(ahead.mean, np.floor(ahead.mean))
    last = np.repeat(y[:, -HORIZON - 1 : -HORIZON], HORIZON, axis=1)
    assert mae(truth, ahead.mean) < 0.9 * mae(truth, last)


def test_the_season_stands_where_it_belongs():
    y = RNG.poisson(np.tile([1, 1, 30, 5], 15), (1, 60))
    ahead = sc.counts(horizon=8).fit(panel_of(y[:, :-2], 4)).forecast()
    assert ahead.mean[0].argmax() == 0  # two steps on in the season
    assert ahead.mean[0, 4] > 2 * ahead.mean[0, 5]
    assert ahead.mean[0, 3:5].tolist() == sorted(ahead.mean[0, 3:5])


def test_the_network_learns_what_the_level_cannot_know():
    y = RNG.poisson(np.where(np.arange(90) % 2, 12, 1), (10, 90))
    alone, half = (
        mae(y[:, -3:], sc.counts(trust=t, horizon=3, members=2, epochs=100).fit(panel_of(y[:, :-3])).forecast().mean)
        for t in (0.0, 0.9)
    )
    assert half < 0.6 * alone


def test_the_first_outputs_are_the_smoothed_level():
    y = RNG.poisson(40, 50).astype(float)
    recipe = sc.counts(trust=0.0, epochs=1, members=1, horizon=3)
    fitted = recipe.fit(y)
    level = y[0]
    for t, value in enumerate(y[1:], 1):
        level += max(fitted.rate.rate[0], 1 / (t + 1)) * (value - level)
    assert fitted.rate.level[0] == pytest.approx(level)
    expected = smallest(0.5, lambda k: negative_binomial(k, level, softplus(fitted.start)[0, 0]))
    assert fitted.forecast().mean[0, 0] == expected


def test_a_level_that_is_advanced_is_the_level_of_the_whole_series():
    y = RNG.poisson(np.tile([2, 9, 4], 20)).astype(float)
    whole = Rate.fit(Sequences(y, np.array([0, 60])), 3)
    rate = replace(whole, level=y[:1] / whole.shares[:, 0], seen=np.zeros(1, np.int64))
    for value in y:
        expected = softplus(rate.lines(1))[0, 0]
        rate, seen = rate.advance(np.array([value]))
        assert seen[0, 0] == pytest.approx((value - expected) / whole.spread[0], abs=1e-9)
    assert_allclose(rate.level, whole.level)
    assert_allclose(softplus(seen[0, 1:] * whole.size[0]), whole.level * whole.shares[0])


def test_raw_outputs_and_back():
    values = np.array([0.01, 0.7, 5.0, 900.0])
    assert_allclose(softplus(inverse_softplus(values)), values)


def test_shares_of_a_season_are_drawn_to_one_where_chance_may_explain_them():
    waves = np.tile([2.0, 10.0, 3.0, 5.0], 10)
    noisy = RNG.poisson(5, 40).astype(float)
    short = waves[:7]
    values = np.concatenate([waves, noisy, short])
    rate = Rate.fit(Sequences(values, np.array([0, 40, 80, 87])), 4)
    assert_allclose(rate.shares[0], np.array([2.0, 10.0, 3.0, 5.0]) / 5)
    assert np.abs(rate.shares[1] - 1).max() < 0.15
    assert rate.shares[2].tolist() == [1, 1, 1, 1]


def test_beyond_its_horizon_it_goes_on_and_is_no_surer():
    fitted = sc.counts(horizon=3).fit(RNG.poisson(20, 60))
    near, far = fitted.forecast(3, level=80), fitted.forecast(40, level=80)
    assert_array_equal(far.mean[:, :3], near.mean)
    width = (far.upper - far.lower)[0, 0]
    assert width[30:].mean() >= 0.9 * width[:3].mean()
    assert 12 < far.mean[0, -1] < 30


@pytest.mark.parametrize("wrong", [[1, 2, 2.5, 1], [1, 2, -1, 3], [1, 2, 3, 20_000]])
def test_what_is_no_count_is_refused(wrong):
    with pytest.raises(DataError, match=r"counts are whole numbers from 0 to 10,000, got .* choose another recipe"):
        sc.counts().fit(wrong)
    fitted = sc.counts(epochs=1).fit([1, 2, 0, 3])
    with pytest.raises(DataError, match="counts are whole numbers"):
        fitted.update(wrong)
    check_whole(np.array([0.0, 10_000.0]), np.array(["a", "a"]))


def test_short_series_and_numbers_out_of_range_are_refused():
    with pytest.raises(DataError, match="takes at least 3 observations, got 2"):
        sc.counts().fit([1, 2])
    for change in ({"trust": 1.5}, {"members": 0}, {"units": 0}, {"horizon": 0}, {"epochs": 0}):
        with pytest.raises(ParameterError, match=next(iter(change))):
            sc.counts(**change)
