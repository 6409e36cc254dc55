"""Figures of forecasts, tests and impacts: what is drawn, and that nothing else is touched."""

from __future__ import annotations

import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.errors import ParameterError
from statecast.pictures import Band, Bars, Chart, Line, draw
from statecast.series import read, recent

RECIPE = sc.auto(epochs=1, members=2, horizon=3)


@pytest.fixture(scope="module")
def shops():
    """Return three series of three years, one of them with a name that is not plain text."""
    stamps = pd.date_range("2020-01-01", periods=36, freq="MS")
    rows = [
        pd.DataFrame({"unique_id": name, "ds": stamps, "y": 100.0 * (k + 1) + np.arange(36) % 12})
        for k, name in enumerate(["north", "south", r"$\\broken_math$"])
    ]
    return read(pd.concat(rows))


@pytest.mark.parametrize(("steps", "shown"), [(1, 72), (24, 288), (100, 600)])
def test_a_picture_shows_the_end_of_a_long_history(steps, shown):
    part = recent(read([*range(600)], season=24), 0, steps)
    assert (part.start, part.stop) == (600 - shown, 600)


def lines(ax):
    """Return the points of the lines of a chart by their labels."""
    return {line.get_label(): line.get_xydata() for line in ax.get_lines()}


def test_a_forecast_goes_on_from_the_end_of_its_history(shops):
    ahead = RECIPE.fit(shops).forecast(3, level=(80, 95))
    figure = ahead.plot(shops, series=["south"], by="the network")
    (ax,) = figure.axes
    assert ax.get_title(loc="left") == "south: history and forecast by the network"
    drawn = lines(ax)
    assert drawn["observed"][-1].tolist() == drawn["forecast"][0].tolist()
    assert drawn["forecast"][1:, 1].tolist() == ahead.mean[1].tolist()
    assert drawn["observed"][:, 1].tolist() == shops.values[36:72].tolist()
    assert len(ax.collections) == 2  # a band for each level


def test_a_forecast_without_a_history_stands_alone(shops):
    ahead = RECIPE.fit(shops).forecast(3)
    figure = ahead.plot()
    assert [ax.get_title(loc="left").split(":")[0] for ax in figure.axes] == list(shops.ids)
    assert [list(lines(ax)) for ax in figure.axes] == [["forecast"]] * 3


def test_series_with_a_history_come_first(shops):
    ahead = RECIPE.fit(shops).forecast(3)
    figure = ahead.plot(shops.select(np.array([1])))
    assert list(lines(figure.axes[0])) == ["observed", "forecast"]
    assert figure.axes[0].get_title(loc="left").startswith("south")


def test_a_test_shows_what_was_predicted_and_what_was_observed(shops):
    tested = sc.backtest(shops, RECIPE, test=6, horizon=3, level=80)
    beside, alone = (tested.plot(history, series="north").axes[0] for history in (shops, None))
    for ax in (beside, alone):
        drawn = lines(ax)
        assert drawn["predicted 1 ahead"][:, 1].tolist() == tested.mean[0, :, 0].tolist()
        assert drawn["predicted 3 ahead"][:, 1].tolist() == tested.mean[0, :, 2].tolist()
    assert lines(alone)["observed"][:, 1].tolist() == shops.values[30:36].tolist()
    assert len(lines(beside)["observed"]) == 36


def test_names_that_are_not_there_are_refused(shops):
    ahead = RECIPE.fit(shops).forecast(3)
    with pytest.raises(ParameterError, match="such as 'north', got 'east'"):
        ahead.plot(shops, series=["north", "east"])


def test_names_are_drawn_letter_by_letter(shops, tmp_path):
    """A name between dollar signs is no formula, and a broken one no error."""
    ahead = RECIPE.fit(shops).forecast(3)
    ahead.plot(shops).savefig(tmp_path / "a.png")
    name = r"$\\broken$"
    bars = Bars(name, name, (name,), np.ones(1), np.zeros(1), (False,))
    times = np.arange(3)
    chart = Chart(name, name, [Line("a", times, np.ones(3))], [Band("80 %", times, np.zeros(3), np.ones(3))])
    draw([chart, bars]).savefig(tmp_path / "b.png")


def test_an_impact_is_drawn_for_the_first_and_the_last_step_or_the_one_named():
    sales = 100 + 10 * np.sin(np.arange(60.0))
    impact = sc.explain(sales, RECIPE)
    assert [ax.get_title(loc="left")[-7:] for ax in impact.plot().axes] == ["1 ahead", "3 ahead"]
    (ax,) = impact.plot(2).axes
    assert [bar.get_width() for bar in ax.patches] == [
        impact.per_deviation[c, 1, lag] for c, lag in impact.strongest(2)
    ]
    with pytest.raises(ParameterError, match="step must be a whole number from 1 to 3, got 4"):
        impact.plot(4)


def settings():
    """Return matplotlib's settings, but for the backend, which is found out by looking at it."""
    return {name: mpl.rcParams[name] for name in mpl.rcParams if name != "backend"}


def test_no_global_setting_is_touched_and_no_window_is_opened(shops):
    before = settings()
    RECIPE.fit(shops).forecast(3).plot(shops)
    assert settings() == before
    code = (
        "import sys, statecast as sc\n"
        "sc.auto(epochs=1).fit([1.0, 3.0, 2.0, 4.0, 3.0, 5.0]).forecast(2).plot()\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
