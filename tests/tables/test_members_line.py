"""How far the seeds of a test are apart is said where it is much."""

from __future__ import annotations

import numpy as np
import pytest

import statecast as sc
from statecast.tables import members_line


def test_seeds_that_disagree_are_told_of_in_percent_of_the_forecasts(shampoo):
    result = sc.backtest(shampoo, sc.classic(epochs=400, members=3), test=6)
    apart = (result.members.max(axis=2) - result.members.min(axis=2)).mean() / np.abs(result.mean).mean()
    assert result.disagreement == pytest.approx(100 * apart)
    wide = sc.backtest(shampoo - shampoo.mean(), sc.classic(epochs=400, members=3), test=6)
    assert wide.disagreement > 20
    assert f"differ by up to {wide.disagreement:.0f} % of its size" in members_line(wide)


def test_seeds_that_agree_or_are_one_are_not_told_of(shampoo):
    steady = sc.backtest(shampoo + 1e5, sc.classic(epochs=5, members=2), test=6)
    assert steady.disagreement < 1
    assert "differ by" not in members_line(steady)
    alone = sc.backtest(shampoo, sc.classic(epochs=5), test=6)
    assert alone.disagreement is None
    assert "one seed" in members_line(alone)
    assert sc.backtest(np.zeros(20), sc.classic(epochs=5, members=2), test=4).disagreement is None
