"""Files of many series: what fails is named, the rest is forecast and tested."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.cli._progress import progress_bar

QUICK = ("--epochs", 3, "--members", 1)
LENGTHS = {"a": 40, "b": 1, "c": 31, "d": 36, "e": 2, "f": 14}


@pytest.fixture
def table() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    stamps = pd.date_range("2020-01-01", periods=40, freq="MS")
    frames = [
        pd.DataFrame({"unique_id": name, "ds": stamps[-length:], "y": rng.integers(5, 50, length).cumsum()})
        for name, length in LENGTHS.items()
    ]
    return pd.concat(frames, ignore_index=True)


@pytest.fixture
def file(table: pd.DataFrame, tmp_path: Path) -> Path:
    table.to_csv(tmp_path / "shops.csv", index=False)
    return tmp_path / "shops.csv"


def test_failures_are_named_at_the_end_and_the_others_are_done(statecast, file: Path, table: pd.DataFrame):
    ran = statecast("forecast", file, *QUICK, "--horizon", 3)
    assert (ran.code, ran.err) == (0, "")
    text = " ".join(ran.out.split())
    assert "Tested on 4 of the 6 series, those that can be tested." in text
    assert text.endswith(
        "2 of 6 series could not be forecast by the recipe: "
        "b: the recipe takes at least 3 observations, got 1. Forecast by the last value. "
        "e: the recipe takes at least 3 observations, got 2. Forecast by the last value."
    )
    document = json.loads(statecast("forecast", file, *QUICK, "--horizon", 3, "--json").out)
    assert document["failures"] == [
        {
            "unique_id": name,
            "reason": f"the recipe takes at least 3 observations, got {LENGTHS[name]}.",
            "method": "last_value",
        }
        for name in "be"
    ]
    assert (document["series"], document["tested_series"]) == (6, 4)
    rows = pd.DataFrame(document["forecast"])
    assert rows.unique_id.tolist() == [name for name in LENGTHS for _ in range(3)]
    good = table[~table.unique_id.isin(["b", "e"])]
    fitted = sc.auto(epochs=3, members=1, horizon=3).fit(good)
    expected = fitted.forecast(3, (80, 95)).to_frame()
    found = rows[~rows.unique_id.isin(["b", "e"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(found.drop(columns="ds"), expected.drop(columns="ds"), check_exact=True)
    tested = sc.backtest(good, sc.auto(epochs=3, members=1, horizon=3), test=11, horizon=3)
    assert document["scores"]["rmse"] == tested.scores.rmse


def test_failures_go_to_a_file_beside_the_table(statecast, file: Path, tmp_path: Path):
    ran = statecast("forecast", file, *QUICK, "--out", tmp_path / "next.parquet", "--plot", tmp_path / "next.png")
    assert ran.code == 0, ran.err
    assert f"Table written to {tmp_path / 'next.parquet'}." in ran.out.replace("\n", "")
    assert pd.read_csv(tmp_path / "next.failures.csv").unique_id.tolist() == ["b", "e"]
    assert pd.read_parquet(tmp_path / "next.parquet").unique_id.unique().tolist() == list(LENGTHS)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "next.failures.csv",
        "next.parquet",
        "next.png",
        "shops.csv",
    ]
    document = json.loads(statecast("forecast", file, *QUICK, "--out", tmp_path / "next.csv", "--json").out)
    assert document["out"] == str(tmp_path / "next.csv")
    assert "forecast" not in document


def test_many_failures_are_counted(statecast, tmp_path: Path, table: pd.DataFrame):
    few = [pd.DataFrame({"unique_id": f"new {k}", "ds": ["2023-04-01"], "y": [k]}) for k in range(9)]
    pd.concat([table, *few]).to_csv(tmp_path / "shops.csv", index=False)
    ran = statecast("forecast", tmp_path / "shops.csv", *QUICK, "--out", tmp_path / "next.csv")
    assert "11 of 15 series could not be forecast" in ran.out
    assert f"and 6 more: {tmp_path / 'next.failures.csv'} lists them all." in ran.out.replace("\n", "")
    assert "new 3" not in ran.out.partition("could not be forecast")[2]


def test_of_many_series_a_sample_is_tested(statecast, file: Path, monkeypatch: pytest.MonkeyPatch):
    whole = json.loads(statecast("forecast", file, *QUICK, "--horizon", 3, "--json").out)
    monkeypatch.setattr("statecast.cli.forecast.MANY", 5)
    monkeypatch.setattr("statecast.cli.forecast.SAMPLE", 4)
    ran = statecast("forecast", file, *QUICK, "--horizon", 3)
    assert "of the 6 series, a sample." in ran.out
    assert "Forecast 6 series in" in ran.out
    sampled = json.loads(statecast("forecast", file, *QUICK, "--horizon", 3, "--json").out)
    assert sampled["tested_series"] == 2  # of a, b, d, f: those that have a season before their test part
    assert "last_season" in sampled["baselines"]
    assert sampled["forecast"] == whole["forecast"]


def test_a_folder_is_forecast(statecast, file: Path, table: pd.DataFrame, tmp_path: Path):
    folder = tmp_path / "parts"
    folder.mkdir()
    table[table.unique_id <= "c"].to_parquet(folder / "0.parquet", index=False)
    table[table.unique_id > "c"].to_parquet(folder / "1.parquet", index=False)
    one, other = (json.loads(statecast("forecast", source, *QUICK, "--json").out) for source in (file, folder))
    assert one["forecast"] == other["forecast"]
    assert one["failures"] == other["failures"]


def test_a_stopped_run_is_resumed_when_asked(statecast, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    out = tmp_path / "next.csv"
    arguments = ("forecast", file, *QUICK, "--horizon", 3, "--out", out)
    monkeypatch.setattr("statecast.storage.TableWriter.__enter__", lambda writer: 1 / 0)
    assert statecast(*arguments).code == 1
    monkeypatch.undo()
    ran = statecast(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "an unfinished run is kept. Go on with it with --resume, or remove the folder" in ran.err
    ran = statecast("forecast", file, "--epochs", 4, "--members", 1, "--horizon", 3, "--out", out, "--resume")
    assert ran.code == 2
    assert "the unfinished run differs in recipe" in ran.err
    ran = statecast(*arguments, "--resume")
    assert ran.code == 0, ran.err
    assert "6 series had been forecast before the run was stopped." in ran.out
    assert len(pd.read_csv(out)) == 18


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--resume",), "name it with --out"),
        (("--address", "tcp://somewhere"), "name its engine"),
        (("--counts",), "none of the 6 series can be forecast with the recipe counts"),
    ],
)
def test_refusals(statecast, table: pd.DataFrame, tmp_path: Path, arguments, message: str):
    table.assign(y=table.y + 0.5).to_csv(tmp_path / "shops.csv", index=False)
    ran = statecast("forecast", tmp_path / "shops.csv", "--horizon", 60, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_quiet(statecast, file: Path):
    assert statecast("forecast", file, *QUICK, "--quiet").out == ""


def test_a_backtest_leaves_out_what_it_cannot_test(statecast, table: pd.DataFrame, tmp_path: Path):
    table = table[table.unique_id != "f"].copy()
    table.loc[table.unique_id == "c", "y"] = np.nan
    table.loc[(table.unique_id == "d") & (table.ds < "2022-01-01"), "y"] += 0.5
    table.to_csv(tmp_path / "shops.csv", index=False)
    ran = statecast("backtest", tmp_path / "shops.csv", *QUICK, "--counts", "--test", 6, "--json")
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    assert {row["unique_id"] for row in document["test"]} == {"a"}
    reasons = {one["unique_id"]: one["reason"] for one in document["left_out"]}
    assert set(reasons) == {"b", "c", "d", "e"}
    assert reasons["b"] == "a test of 6 rows takes 9, got 1."
    assert "missing values" in reasons["c"]
    assert "counts are whole numbers" in reasons["d"]
    alone = sc.backtest(table[table.unique_id == "a"], sc.counts(epochs=3, members=1, horizon=1), test=6)
    assert document["scores"]["rmse"] == alone.scores.rmse
    text = " ".join(statecast("backtest", tmp_path / "shops.csv", *QUICK, "--counts", "--test", 6).out.split())
    assert "4 of 5 series cannot be tested and were left out:" in text


def test_a_backtest_of_short_series_alone_is_refused(statecast, table: pd.DataFrame, tmp_path: Path):
    for names in (["e"], ["b", "e"]):
        table[table.unique_id.isin(names)].to_csv(tmp_path / "shops.csv", index=False)
        ran = statecast("backtest", tmp_path / "shops.csv", "--id", "unique_id", "--freq", "MS", *QUICK)
        assert (ran.code, ran.out) == (2, "")
        assert "takes a longer series" in ran.err


def test_the_bar_counts_series(monkeypatch: pytest.MonkeyPatch):
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "120")
    with progress_bar("forecasting", quiet=False, unit="series") as show:
        for done in (1000, 1500, 2000):
            show(done, 4000)
            time.sleep(0.12)
    assert "2,000 of 4,000 series" in screen.getvalue()
    assert "series/s" in screen.getvalue()


def test_paths_are_drawn_for_all(statecast, table: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("statecast.cli.forecast.MANY", 2)
    monkeypatch.setattr("statecast.cli.forecast.SAMPLE", 2)
    table[~table.unique_id.isin(["b", "e"])].to_csv(tmp_path / "shops.csv", index=False)
    out = tmp_path / "next.csv"
    arguments = ("forecast", tmp_path / "shops.csv", *QUICK, "--horizon", 3, "--paths", 4, "--out", out)
    assert statecast(*arguments).code == 0
    assert pd.read_csv(out).groupby("unique_id")["path-4"].count().to_dict() == dict.fromkeys("acdf", 3)
    ran = statecast(*arguments, "--resume")
    assert (ran.code, ran.out) == (2, "")
    assert "--paths are drawn for all series at once" in ran.err
