"""Intervals of shared recipes: what the errors of all series say together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from reference.pooled import Pooled
from statecast.intervals import Calibration
from statecast.intervals._changes import Changes
from statecast.intervals._common import Common
from statecast.intervals._spread import Spread
from statecast.metrics import coverage

RNG = np.random.default_rng(3)


def panel_of(*series: np.ndarray) -> sc.series.Panel:
    frames = [pd.DataFrame({"unique_id": f"s{k:03d}", "ds": np.arange(len(y)), "y": y}) for k, y in enumerate(series)]
    return sc.read(pd.concat(frames), season=1)


def walks(count: int, steps: int, size: float = 1.0) -> list[np.ndarray]:
    """Random walks far above zero."""
    return list(size * (100 + RNG.standard_normal((count, steps)).cumsum(axis=1)))


def test_all_series_are_learnt_from_once_more_without_their_ends():
    recipe = Pooled()
    panel = panel_of(np.arange(30.0) ** 1.5 - 50, np.arange(9.0) % 5 - 2, np.arange(4.0) ** 2 - 1, np.arange(3.0) - 1)
    found, before = Calibration(recipe, panel, 8).shared_errors()
    (fit,) = recipe.fits  # one network for all, whatever their lengths
    parts = [8, 4, 0, 0]  # the horizon, a half, and none where less than 3 would remain
    assert fit.lengths.tolist() == [22, 5, 4, 3]
    assert before.lengths.tolist() == [22, 5, 4, 3]
    assert_array_equal(fit.values, np.concatenate([y[: len(y) - n] for y, n in zip(split(panel), parts, strict=True)]))
    assert found.origins.tolist() == [8, 4, 0, 0]
    change = recipe.fit(fit).change
    expected = []  # from every origin, what comes less the last value and so many mean changes
    for y, part in zip(split(panel), parts, strict=True):
        for at in range(len(y) - part, len(y)):
            expected += [y[at + k - 1] - y[at - 1] - k * change for k in range(1, len(y) - at + 1)]
    assert_allclose(found.values, expected)
    assert Calibration(recipe, panel, 8).learnt.origins == 12


def split(panel: sc.series.Panel) -> list[np.ndarray]:
    return np.split(panel.values, panel.offsets[1:-1])


def test_large_panels_are_walked_from_few_origins():
    found, _ = Calibration(Pooled(), panel_of(*walks(120, 40)), 18).shared_errors()
    assert set(found.origins) == {5}
    assert found.steps.max() == 18


def test_of_no_errors_nothing_is_common_but_how_series_move():
    changes = Changes.of(np.array([1.0, 3.0, 4.0, 5.0, 5.0, 5.0]), np.array([0, 3, 6]), 1, 2)
    none = np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.int64)
    common = Common.of(*none, changes, np.array([2.0, 0.0]))
    assert common.origins == 0
    assert_array_equal(common.ratio(3), 1)
    width = common.spread(changes, np.array([2.0, 0.0])).steps(4)
    alone = Spread.of(*none, np.zeros(2, np.int64), changes).steps(4)
    assert_allclose(width[0], alone[0])  # the only one that moves is what is typical
    assert_array_equal(width[1], 0)  # what never moves is drawn to nothing


def test_ratios_and_factors_by_hand():
    """Unit changes; errors of twice that one step ahead and thrice that two steps ahead, by sqrt(pi / 2)."""
    changes = replace(Changes.of(RNG.standard_normal(9).cumsum(), np.array([0, 9]), 1, 2), variance=np.ones((1, 2)))
    sizes = np.ones(1)
    width = Common.of(*[np.zeros(0, t) for t in (float, int, int)], changes, sizes).spread(changes, sizes).steps(2)[0]
    step = np.tile([1, 2], 500)
    error = np.where(step == 1, 2.0, 3.0) * width[step - 1] * np.tile([1.0, 1.0, -1.0, -1.0], 250)
    found = Common.of(error, np.zeros(1000, np.int64), step, changes, sizes)
    assert_allclose(found.ratio(4), np.sqrt(np.pi / 2) * np.array([2.0, 3.0, 3.0, 3.0]), rtol=0.01)
    assert_allclose(found.ascending, np.sqrt(2 / np.pi) * np.repeat([-1.0, 1.0], 1000), rtol=0.01)
    twice = found.factors(2 * error[:2], np.zeros(2, np.int64), step[:2], changes, sizes)  # of one origin, and eight
    assert_allclose(twice, (2 * 1 + 1 * 8) / 9, rtol=0.01)


def test_a_series_that_hardly_moved_decides_for_no_other():
    series = walks(40, 30)
    jump = np.where(np.arange(30) < 29, 1e-9 * np.arange(30) % 2, 5.0)
    recipe = Pooled(change=None)
    without, beside = (Calibration(recipe, panel_of(*some), 6).residuals for some in (series, [*series, jump]))
    one, other = (r.bounds(np.zeros((len(r.origins), 6)), (80.0,))[1][:40] for r in (without, beside))
    assert_allclose(one, other, rtol=0.15)


@pytest.mark.parametrize("steps", [12, 60])
def test_coverage_is_as_promised_whatever_the_size_of_each_series(steps):
    """Twenty times as large ones are among them; two standard errors are about 3 % and 2 %."""
    y = np.array([*walks(400, steps + 4), *walks(400, steps + 4, size=20)])
    ahead = Pooled().fit(panel_of(*y[:, :-4])).forecast(4, level=(80, 95))
    for part in (slice(0, 400), slice(400, 800)):
        narrow, wide = (coverage(y[part, -4:], ahead.lower[part, k], ahead.upper[part, k]) for k in (0, 1))
        assert abs(narrow - 0.8) < 0.05
        assert abs(wide - 0.95) < 0.03


def test_heavy_tails_are_seen_by_all_series_together():
    """Errors of which one in 25 is fifty times as large: 95 % are within a few, 99 % within a hundred."""
    steps = RNG.standard_normal((200, 40)) * np.where(RNG.uniform(size=(200, 40)) < 0.04, 50, 1)
    y = 30 * np.sign(RNG.standard_normal(200))[:, np.newaxis] + steps.cumsum(axis=1)
    ahead = Pooled().fit(panel_of(*y[:, :-1])).forecast(1, level=(80, 98))
    narrow, wide = (coverage(y[:, -1:], ahead.lower[:, k], ahead.upper[:, k]) for k in (0, 1))
    assert abs(narrow - 0.8) < 0.06
    assert abs(wide - 0.98) < 0.03


def test_the_order_of_the_series_changes_no_bit():
    panel = panel_of(*walks(9, 20), *walks(4, 7), *[3 * y for y in walks(5, 40)])
    order = np.random.default_rng(1).permutation(len(panel))
    one, other = (Pooled().fit(p) for p in (panel, panel.select(order)))
    for side in ("lower", "upper"):
        bounds = [getattr(fitted.forecast(5, level=(80, 95)), side) for fitted in (one, other)]
        assert_array_equal(bounds[0][order], bounds[1])
    assert_array_equal(one.sample(3, paths=5)[order], other.sample(3, paths=5))


def test_what_is_common_is_taken_to_series_that_were_never_seen_without_a_walk():
    fitted = Pooled().fit(panel_of(*walks(300, 30)))
    common = fitted.calibration.learnt

    class Untouched(Pooled):
        def fit(self, data, *, threads=1, progress=None):
            raise AssertionError("walked")

    y = np.array(walks(300, 28))
    known = panel_of(*y[:, :-4])
    ahead = fitted.pretrained.fit(known).forecast(4)
    ahead = Calibration(Untouched(change=0.0), known, 4, common=common).add_bounds(ahead, (80,))
    assert abs(coverage(y[:, -4:], ahead.lower[:, 0], ahead.upper[:, 0]) - 0.8) < 0.05
    line = panel_of(np.array([3.0, 4.0, 5.0, 6.0]))  # on a line, whose changes say nothing
    cold = Calibration(Untouched(change=0.0), line, 4, common=common).add_bounds(
        fitted.pretrained.fit(line).forecast(4), 80
    )
    assert (cold.upper[0, 0] > cold.mean[0] + 0.1).all()


def test_nothing_after_the_origin_changes_a_bound():
    series = walks(8, 30)
    moved = [np.where(np.arange(30) < 24, y, 500 - y) for y in series]
    before, after = (
        sc.backtest(panel_of(*some), Pooled(), test=10, horizon=3, refit=2, level=80) for some in (series, moved)
    )
    known = before.origins[0] < 24
    assert 0 < known.sum() < len(known)
    assert_array_equal(before.lower[:, known], after.lower[:, known])
    assert_array_equal(before.upper[:, known], after.upper[:, known])
