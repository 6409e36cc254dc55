"""What was filled in is not drawn as observed."""

from __future__ import annotations

import numpy as np
import pandas as pd

import statecast as sc
from statecast.baselines import last_value
from statecast.tables import scores_table


def test_filled_values_have_a_line_of_their_own_and_are_not_in_that_of_observed_ones():
    frame = pd.DataFrame({"ds": pd.date_range("2024-01-01", periods=30), "y": np.arange(30.0)}).drop([10, 11, 20])
    panel = sc.read(frame)
    axes = last_value().fit(panel).forecast(3).plot(panel).axes[0]
    lines = {line.get_label(): line.get_ydata() for line in axes.lines}
    assert np.flatnonzero(np.isnan(lines["observed"])).tolist() == [10, 11, 20]
    assert np.isfinite(lines["filled in"][[10, 11, 20]]).all()


def test_there_is_no_skill_over_a_baseline_without_errors():
    tested = sc.backtest(5.0 + 3 * np.arange(40), last_value(), test=6)
    skills = dict(zip(scores_table(tested).columns[""], scores_table(tested).columns["skill over it"], strict=True))
    assert skills["drift"] == "-"
