"""What the verdict says, and how the spread over members is told."""

from __future__ import annotations

import numpy as np
import pytest

from statecast.evaluation import Spread, best, spoken, verdict
from statecast.metrics import Scores


def with_rmse(rmse: float) -> Scores:
    return Scores(rmse, rmse, 1.0, 1.0)


BASELINES = {"last_value": with_rmse(100.0), "last_season": with_rmse(200.0)}


def test_clearly_better():
    said = verdict(with_rmse(50.0), BASELINES, 0.004)
    assert said == "The network beats the last value: RMSE 50 against 100 (skill 0.50, p = 0.004). Use the network."
    assert "p < 0.001" in verdict(with_rmse(50.0), BASELINES, 1e-12)


@pytest.mark.parametrize(("p_value", "why"), [(0.03, "Chance may give as much (p = 0.03)"), (None, "Too few origins")])
def test_better_but_not_proven(p_value, why):
    said = verdict(with_rmse(50.0), BASELINES, p_value)
    assert said.startswith("The network was better in this test: RMSE 50 against 100 of the last value (skill 0.50)")
    assert why in said
    assert said.endswith("a hint to use the network, no proof.")
    assert "beats" not in said


@pytest.mark.parametrize("p_value", [None, 0.0001])
def test_a_smaller_error_decides_for_a_baseline_and_a_tie_for_none(p_value):
    said = verdict(with_rmse(150.0), BASELINES, p_value)
    assert said.startswith("A baseline wins: the last value has RMSE 100, the network 150")
    assert said.endswith("prefer the last value here.")
    said = verdict(with_rmse(99.5), BASELINES, p_value)
    assert said == "No winner: the network and the last value are as good, RMSE 99.5 and 100. Use either."
    assert "skill" not in verdict(with_rmse(1.0), {"last_value": with_rmse(0.0)}, p_value)


def test_names():
    assert best(BASELINES | {"AutoETS": with_rmse(99.0)}) == "AutoETS"
    assert [spoken(name) for name in ("last_season_168", "AutoETS")] == ["the last season of 168", "AutoETS"]


def test_spread_over_members():
    spread = Spread.of([with_rmse(1.0), with_rmse(2.0), with_rmse(6.0)])
    assert (spread.mean, spread.best, spread.worst) == (3, 1, 6)
    assert spread.sd == pytest.approx(np.std([1, 2, 6], ddof=1))
