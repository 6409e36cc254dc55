"""What tables on the command line show."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def hourly(tmp_path):
    """Write 600 hours of a daily wave."""
    path = tmp_path / "hours.csv"
    stamps = pd.date_range("2024-01-01", periods=600, freq="h")
    pd.DataFrame({"ds": stamps, "y": 10 + np.sin(np.arange(600) * 2 * np.pi / 24)}).to_csv(path, index=False)
    return path


def test_hours_in_a_table_are_alike(statecast, hourly):
    ran = statecast("forecast", hourly, "--horizon", 3, "--epochs", 1, "--members", 1)
    assert [line.split()[:2] for line in ran.out.splitlines() if line.startswith(" 2024-01-26")] == [
        ["2024-01-26", f"0{hour}:00"] for hour in range(3)
    ]


def test_facts_of_info_are_wrapped_and_not_cut(statecast, hourly, monkeypatch):
    for name, value in {"TTY_COMPATIBLE": "1", "TERM": "dumb", "COLUMNS": "60", "LINES": "25"}.items():
        monkeypatch.setenv(name, value)
    ran = statecast("info", hourly)
    assert "…" not in ran.out
    assert "stationary" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 60


@pytest.mark.parametrize(("width", "shown"), [(80, ["lo-80", "hi-80"]), (90, ["lo-80", "hi-80", "lo-95", "hi-95"])])
def test_intervals_that_do_not_fit_are_left_out_and_no_number_is_cut(statecast, sales, monkeypatch, width, shown):
    for name, value in {"TTY_COMPATIBLE": "1", "TERM": "dumb", "COLUMNS": str(width), "LINES": "25"}.items():
        monkeypatch.setenv(name, value)
    options = ("--epochs", 1, "--members", 1, "--horizon", 6, "--level", "80,95")
    lines = statecast("backtest", sales, *options).out.splitlines()
    heading = next(line.split() for line in lines if line.startswith(" Month"))
    assert [word for word in heading if word[:3] in ("lo-", "hi-")] == shown
    assert ("Not all intervals fit in the terminal; --out FILE writes them all." in lines) == (len(shown) < 4)
    row = next(line.split() for line in lines if line.startswith(" 1993-01-01"))
    assert row[2] == "339.7"
    assert len(row) == len(heading)


def test_members_are_told_with_equal_decimals(statecast, sales):
    words = " ".join(statecast("backtest", sales, "--epochs", 30).out.split())
    told = re.search(r"RMSE [\d.]+ on average over 5 seeds, sd [\d.]+, best [\d.]+, worst [\d.]+", words)
    assert told
    decimals = {len(number) for number in re.findall(r"\.(\d+)", told[0])}
    assert decimals == {2}


def test_explain_leaves_out_what_has_no_influence_to_speak_of(statecast, sales):
    ran = statecast("explain", sales, *("--epochs", 30, "--members", 2, "--horizon", 2))
    rows = [line.split() for line in ran.out.splitlines() if line.startswith(" Sales")]
    assert rows
    assert all(float(row[-1]) != 0 for row in rows)
