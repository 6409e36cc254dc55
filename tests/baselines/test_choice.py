from __future__ import annotations

import pytest

from statecast.baselines import METHODS, choose
from statecast.errors import ParameterError
from statecast.series import Frequency

HOURLY = Frequency.of("h")


@pytest.mark.parametrize(
    ("frequency", "shortest", "names"),
    [
        (HOURLY, 168, ["last_value", "last_season", "last_season_168", "drift"]),
        (HOURLY, 167, ["last_value", "last_season", "drift"]),
        (HOURLY, 23, ["last_value", "drift"]),
        (Frequency.of("YS"), 50, ["last_value", "drift"]),
        (Frequency.of("MS"), 1, ["last_value"]),
    ],
)
def test_simple_ones_are_those_that_the_history_is_long_enough_for(frequency, shortest, names):
    chosen = choose("simple", frequency, shortest)
    assert list(chosen) == names
    assert all(recipe.name == name for name, recipe in chosen.items())


def test_names_can_be_a_string_or_a_sequence_and_groups_among_them():
    assert list(choose("drift, last_value", HOURLY, 50)) == ["drift", "last_value"]
    assert list(choose(["drift", "simple"], HOURLY, 50)) == ["drift", "last_value", "last_season"]


def test_the_longer_season_is_the_one_repeated():
    chosen = choose("simple", Frequency("h", 2, (3,)), 3)
    ahead = {name: recipe.fit([1.0, 2.0, 3.0]).forecast(3).mean[0].tolist() for name, recipe in chosen.items()}
    assert ahead["last_season"] == [2, 3, 2]
    assert ahead["last_season_3"] == [1, 2, 3]


@pytest.mark.parametrize("wanted", ["mean", "last_season_168", "autoets", "", []])
def test_others_are_refused_with_those_that_there_are(wanted):
    with pytest.raises(ParameterError, match=r"last_value, last_season, drift, AutoETS, .* for this data, got"):
        choose(wanted, HOURLY, 100)


def test_without_statsforecast_the_cure_is_said(monkeypatch):
    monkeypatch.setattr("statecast.baselines._statistical.find_spec", lambda name: None)
    for wanted in ("statistical", METHODS[0]):
        with pytest.raises(ParameterError, match=r"AutoETS takes .* statsforecast: pip install statecast\[baselines\]"):
            choose(wanted, HOURLY, 100)
    assert "drift" in choose("simple", HOURLY, 100)
