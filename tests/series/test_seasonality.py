"""Whether a season is found, on simulated series where it is known; and the parts of a series that outliers spare."""

from __future__ import annotations

import numpy as np
import pytest

from statecast.series import Sequences, are_seasonal, survey, vary_by_shares
from statecast.series._decompose import decompose

SERIES = 40


def together(series) -> Sequences:
    """Stand series one after another."""
    return Sequences.of(np.concatenate(series), np.array([len(one) for one in series]))


def season(kind: str, period: int, rng: np.random.Generator) -> np.ndarray:
    """Return a season with an amplitude of 10."""
    places = np.arange(period)
    if kind == "smooth":
        return 10 * np.sin(2 * np.pi * (places + rng.integers(period)) / period)
    if kind == "one peak":
        return np.where(places == rng.integers(period), 10.0, -10.0)
    shape = rng.uniform(-1, 1, period)
    return 10 * (shape - shape.mean()) / np.abs(shape - shape.mean()).max()


@pytest.mark.parametrize("trend", [0.0, 0.5, 1.2, 3.0])
@pytest.mark.parametrize("period", [4, 7, 12, 24])
def test_a_season_twice_the_noise_is_found_beside_any_trend(period, trend):
    rng = np.random.default_rng([period, int(10 * trend)])
    found = []
    for length in (3 * period, 60, 120):
        steps = np.arange(max(length, 24, 3 * period))
        for kind in ("smooth", "one peak", "any"):
            series = [
                season(kind, period, rng)[steps % period] + 10 * trend * steps / period + rng.normal(0, 5, len(steps))
                for _ in range(SERIES)
            ]
            found.append(are_seasonal(together(series), period))
    assert np.mean(found) >= 0.95


WITHOUT = {
    "noise": lambda e: e,
    "line": lambda e: e + 0.5 * np.arange(len(e)),
    "walk": np.cumsum,
    "walk that drifts": lambda e: np.cumsum(e + 0.5),
    "growth": lambda e: 100 * 1.05 ** np.arange(len(e)) * (1 + 0.01 * e),
    "outlier": lambda e: e + 20 * (np.arange(len(e)) == 7),
    "level shift": lambda e: e + 8 * (np.arange(len(e)) > len(e) // 2),
}


@pytest.mark.parametrize("period", [4, 7, 12, 24])
@pytest.mark.parametrize("make", WITHOUT.values(), ids=WITHOUT.keys())
def test_a_season_is_seldom_found_where_there_is_none(make, period):
    rng = np.random.default_rng(period)
    lengths = [length for length in (24, 36, 60, 120) if length >= 2 * period]
    series = [make(rng.normal(size=length)) for length in lengths for _ in range(200)]
    positive = [one.min() > 0 for one in series]
    series = [np.log(one) if above else one for one, above in zip(series, positive, strict=True)]
    assert are_seasonal(together(series), period).mean() < 0.06  # 0.04 is asked for, of some hundred series


def test_neighbours_and_units_change_nothing():
    rng = np.random.default_rng(0)
    series = [season("any", 12, rng)[np.arange(n) % 12] + rng.normal(0, 9, n) for n in range(24, 64)]
    found = are_seasonal(together(series), 12)
    assert 0 < found.sum() < len(found)
    assert [bool(are_seasonal(together([one]), 12)[0]) for one in series] == found.tolist()
    for unit in (1e-150, 1e-12, 1e12, 1e150):
        assert are_seasonal(together([unit * one for one in series]), 12).tolist() == found.tolist()


@pytest.mark.parametrize("values", [np.zeros(40), np.full(40, 1e9), 3.0 * np.arange(40), np.arange(23.0), np.ones(1)])
def test_what_does_not_vary_or_is_too_short_has_none(values):
    assert not are_seasonal(together([values]), 12).any()


def test_logarithms_are_taken_where_a_series_varies_by_shares():
    rng = np.random.default_rng(1)
    steps = np.arange(60.0)
    shares = [(100 + 2 * steps) * np.exp(0.2 * np.sin(steps) + 0.02 * rng.normal(size=60)) for _ in range(SERIES)]
    growth = [100 * 1.5**steps * np.exp(0.1 * rng.normal(size=60)) for _ in range(SERIES)]  # 1e-10 of the largest
    even = [100 + 2.5 * steps + 10 * np.sin(steps * np.pi / 6) + rng.normal(size=60) for _ in range(SERIES)]
    for series, share in ((shares, 1.0), (growth, 1.0), (even, 0.0)):
        assert abs(vary_by_shares(together(series), 12).mean() - share) < 0.05


@pytest.mark.parametrize("tiny", [1e-9, 0.01, 1.0])
@pytest.mark.parametrize("length", [12, 60, 200])
def test_a_single_tiny_value_rules_the_logarithm_out(tiny, length):
    values = 50 + np.random.default_rng(2).normal(0, 5, length)
    values[length // 2] = tiny
    assert not vary_by_shares(together([values]), 1)[0]


def test_info_finds_the_season_that_the_recipe_finds():
    steps = np.arange(36)
    values = 100 + 3 * steps + 10 * np.sin(2 * np.pi * steps / 12) + np.random.default_rng(0).normal(size=36)
    seen = survey(values, 12)
    assert (seen.is_seasonal, seen.is_logged) == (True, False)
    assert not survey(np.cumsum(np.random.default_rng(0).normal(size=36)), 12).is_seasonal


@pytest.mark.parametrize("period", [1, 4, 7, 12])
def test_at_most_one_clean_value_in_a_hundred_is_an_outlier(period):
    rng = np.random.default_rng(period)
    named, ends, count = 0, 0, 0
    for length in (24, 60, 120):
        steps = np.arange(length)
        for trend in (0.0, 1.0, 20.0):
            for _ in range(30):
                wave = 10 * np.sin(2 * np.pi * steps / period) if period > 1 else 0.0
                found = decompose(100 + trend * steps + wave + rng.normal(size=length), period).outliers
                half = max(period // 2, 2)
                named, ends = named + found.sum(), ends + found[:half].sum() + found[-half:].sum()
                count += length
    assert named / count < 0.01
    assert ends / count < 0.01


@pytest.mark.parametrize(
    "values",
    [
        3.0 * np.arange(48),
        100 * 1.03 ** np.arange(48),
        50 + 10.0 * (np.arange(48) % 12 == 5),
        np.arange(48.0) + 10 * (np.arange(48) % 12 == 5),
        np.full(48, 7.0),
        np.where(np.arange(48) % 6 == 0, 1.0, 0.0),
    ],
)
def test_lines_growth_and_pure_seasons_have_no_outliers(values):
    assert len(survey(values, 12).outliers) == 0


@pytest.mark.parametrize("at", [0, 1, 2, 30, 57, 58, 59])
def test_outliers_are_found_at_both_ends(at):
    steps = np.arange(60)
    values = 100 + steps + 10 * np.sin(2 * np.pi * steps / 12) + np.random.default_rng(3).normal(size=60)
    values[at] += 25
    assert at in survey(values, 12).outliers
    assert len(survey(values, 12).outliers) <= 2


def test_two_outliers_side_by_side_are_both_found():
    values = np.random.default_rng(4).normal(size=100)
    values[[40, 41]] += 30
    assert survey(values, 7).outliers.tolist() == [40, 41]
