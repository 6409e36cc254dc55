"""Observations that were filled in are not scored: the numbers are those without them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.baselines import Drift, last_value
from statecast.errors import DataError
from statecast.metrics import mae, rmse


def filled(panel, rows):
    marked = np.zeros(len(panel.values), np.bool_)
    marked[rows] = True
    return replace(panel, filled=marked)


def test_scores_are_those_of_what_was_observed(shampoo):
    panel = sc.read(shampoo)
    whole, marked = (sc.backtest(p, Drift(), test=12) for p in (panel, filled(panel, [5, 26, 30])))
    seen = np.delete(np.arange(12), [2, 6])
    assert np.array_equal(whole.mean, marked.mean)
    assert marked.scored[0, :, 0].tolist() == [k in seen for k in range(12)]
    assert marked.scores.rmse == pytest.approx(rmse(whole.y[0, seen, 0], whole.mean[0, seen, 0]))
    last = marked.baselines["last_value"]
    assert last.rmse == pytest.approx(rmse(shampoo[24 + seen], shampoo[23 + seen]))
    changes = np.delete(np.abs(np.diff(shampoo[:24])), [4, 5])  # those of row 5
    assert last.mase == pytest.approx(mae(shampoo[24 + seen], shampoo[23 + seen]) / changes.mean())


def test_what_is_filled_in_changes_no_score_and_no_verdict(shampoo):
    """A wild value in a place that is marked matters to later forecasts alone, and here there are none."""
    wild = shampoo.copy()
    wild[-1] = 1e6
    a, b = (sc.backtest(filled(sc.read(y), [35]), last_value(), test=12) for y in (shampoo, wild))
    assert (a.scores, a.baselines, a.verdict, a.p_value) == (b.scores, b.baselines, b.verdict, b.p_value)
    assert a.combination.scores == b.combination.scores


def test_a_series_of_which_nothing_was_observed_is_left_out(shampoo):
    frames = [pd.DataFrame({"unique_id": k, "ds": np.arange(36), "y": shampoo * (1 + i)}) for i, k in enumerate("ab")]
    both = sc.read(pd.concat(frames))
    alone = sc.backtest(shampoo, Drift(), test=4)
    assert sc.backtest(filled(both, range(68, 72)), Drift(), test=4).scores == alone.scores


def test_nothing_observed_at_all_is_refused(shampoo):
    panel = filled(sc.read(shampoo), range(30, 36))
    with pytest.raises(DataError, match=r"all 4 observations of the test part were missing.*--test"):
        sc.backtest(panel, Drift(), test=4)
    assert sc.backtest(panel, Drift(), test=7).scored.sum() == 1
