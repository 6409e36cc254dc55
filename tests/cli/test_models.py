"""Model files: written by a forecast, forecast from where they stand, looked at; wrong ones are refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file

import statecast as sc

QUICK = ("--epochs", 3, "--members", 2, "--horizon", 3)


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    """Write three series of months with covariates; the last one is too short."""
    rng = np.random.default_rng(5)
    frames = []
    for name, length in {"north": 40, "south": 33, "new": 2}.items():
        stamps = pd.date_range("2020-01-01", periods=40, freq="MS")[-length:]
        promo = rng.integers(0, 2, length)
        frames.append(pd.DataFrame({"unique_id": name, "ds": stamps, "y": 20 + promo + rng.normal(size=length)}))
        frames[-1]["promo"] = promo
    pd.concat(frames).to_csv(tmp_path / "panel.csv", index=False)
    return tmp_path / "panel.csv"


@pytest.fixture
def model(statecast, sales: Path, tmp_path: Path) -> Path:
    """Save a small model of one series."""
    path = tmp_path / "sales.statecast"
    assert statecast("forecast", sales, *QUICK, "--quiet", "--save", path).code == 0
    return path


def rows(ran) -> list[dict[str, object]]:
    assert ran.code == 0, ran.err
    return json.loads(ran.out)["forecast"]


@pytest.mark.parametrize(
    "options",
    [
        ("--recipe", "auto"),
        ("--recipe", "classic"),
        ("--recipe", "shared"),
        ("--use", "best"),
        ("--use", "combination"),
        ("--use", "combination", "--weights", "inverse_error", "--recipe", "shared"),
        ("--level", "none"),
    ],
    ids=" ".join,
)
def test_a_model_forecasts_what_the_run_that_saved_it_did(statecast, sales, tmp_path, options):
    path = tmp_path / "m"
    saved = statecast("forecast", sales, *QUICK, *options, "--save", path, "--json")
    level = ("--level", "none") if "none" in options else ()
    again = statecast("forecast", path, *level, "--json")
    assert rows(again) == rows(saved) == rows(statecast("forecast", sales, *QUICK, *options, "--json"))
    assert json.loads(saved.out)["saved"] == str(path)
    assert json.loads(again.out)["method"] == json.loads(saved.out)["method"]


@pytest.mark.parametrize(
    ("recipe", "taken"), [("auto", ["north", "south"]), ("shared", ["north", "south", "new"]), ("classic", ["north"])]
)
def test_one_model_for_all_series_but_those_that_fail(statecast, panel, tmp_path, recipe, taken):
    path, command = tmp_path / "m", ("forecast", panel, *QUICK, "--recipe", recipe)
    if recipe == "classic":
        command += ("--lags", 34, "--fill", "drop", "--use", "network", "--test", 3)
    saved = statecast(*command, "--save", path)
    without = "" if len(taken) == 3 else ", without the series that the recipe could not forecast"
    assert f"Model written to {path}{without}." in saved.out
    alone = rows(statecast(*command, "--json"))
    assert rows(statecast("forecast", path, "--json")) == [row for row in alone if row["unique_id"] in taken]
    assert list(sc.load(path).origin.ids) == taken


def test_a_forecast_says_what_it_is_made_with_and_goes_where_it_is_asked_to(statecast, model, tmp_path):
    table, picture = tmp_path / "next.csv", tmp_path / "next.png"
    ran = statecast("forecast", model, "--horizon", 5, "--level", 50, "--out", table, "--plot", picture, "--paths", 7)
    assert (ran.code, ran.err) == (0, "")
    for said in (
        "last observation 1993-12-01",
        "Recipe auto: ",
        "Decided from the series: ",
        "Not tested now",
        "hi-50",
    ):
        assert said in ran.out
    ahead = sc.load(model).forecast(5, level=50)
    frame = pd.read_csv(table, dtype=str)  # numbers by Python's float: pandas 2 rounds the last bit as it reads
    np.testing.assert_array_equal(frame["mean"].map(float), ahead.mean[0])
    np.testing.assert_array_equal(frame.filter(like="path-").map(float), sc.load(model).sample(5, 7)[0].T)
    assert picture.stat().st_size > 1000
    assert statecast("forecast", model, "--quiet").out == ""


@pytest.mark.parametrize("use", ["network", "combination"])
def test_known_columns_come_in_a_file(statecast, panel, tmp_path, use):
    future, path = tmp_path / "future.csv", tmp_path / "m"
    stamps = pd.date_range("2023-05-01", periods=3, freq="MS")
    ahead = [pd.DataFrame({"unique_id": name, "ds": stamps, "promo": [1, 0, 1]}) for name in ("north", "south")]
    pd.concat(ahead).to_csv(future, index=False)
    frame = pd.read_csv(panel)
    frame[frame.unique_id != "new"].to_csv(panel, index=False)
    command = ("forecast", panel, "--known", "promo", *QUICK, "--use", use, "--json")
    told = rows(statecast(*command, "--future", future, "--save", path))
    pd.concat(one.assign(promo=0) for one in ahead).to_csv(tmp_path / "other.csv", index=False)
    assert rows(statecast("forecast", path, "--json")) == told
    assert rows(statecast("forecast", path, "--future", tmp_path / "other.csv", "--json")) != told
    other = rows(statecast(*command, "--future", tmp_path / "other.csv", "--save", tmp_path / "o"))
    assert rows(statecast("forecast", tmp_path / "o", "--future", future, "--json")) == told != other


def test_what_is_in_a_model(statecast, sales, tmp_path):
    path = tmp_path / "m"
    options = ("--recipe", "classic", "--units", 3, "--lags", 2, "--members", 4, "--epochs", 2, "--horizon", 5)
    statecast("forecast", sales, *options, "--save", path, "--quiet")
    found = json.loads(statecast("info", path, "--json").out)
    assert found["model"]["bytes"] == path.stat().st_size
    assert found["model"]["version"] == sc.__version__
    assert len(bytes.fromhex(found["model"]["sha256"])) == 32
    assert found["recipe"] | {"units": 3, "lags": 2, "members": 4} == found["recipe"]
    assert found["parameters"] == 4 * parameters_by_hand(inputs=2, units=3)
    assert (found["members"], found["horizon"], found["season"], found["frequency"]) == (4, 5, 12, "MS")
    assert found["series"] == [{"unique_id": "Sales", "last": "1993-12-01"}]
    assert found["intervals"] == {"forecasts": 12}
    text = " ".join(statecast("info", path).out.split())
    for said in ("units 3", "4, seeds 1 to 4", "target Sales; time Month", "monthly, season of 12", "1993-12-01"):
        assert said in text
    assert found["model"]["sha256"] in text


def parameters_by_hand(inputs: int, units: int) -> int:
    return 4 * units * (inputs + units + 1) + units + 1


def test_the_columns_and_series_of_a_panel(statecast, panel, tmp_path):
    path, table = tmp_path / "m", tmp_path / "series.csv"
    statecast("forecast", panel, *QUICK, "--past", "promo", "--save", path, "--quiet")
    ran = statecast("info", path, "--out", table)
    assert "past promo" in ran.out
    assert "2: north, south" in ran.out
    assert pd.read_csv(table).to_dict("list") == {"unique_id": ["north", "south"], "last": ["2023-04-01"] * 2}


def cut(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def flipped(whole: bytes) -> bytes:
    return whole[:-50] + bytes([whole[-50] ^ 1]) + whole[-49:]


@pytest.mark.parametrize("damage", [cut, flipped, lambda whole: whole[:7], lambda whole: b""])
@pytest.mark.parametrize("command", ["forecast", "info", "backtest", "explain", "tune"])
def test_damaged_files_are_refused(statecast, model, command, damage):
    model.write_bytes(damage(model.read_bytes()))
    refused(statecast(command, model), model.name)


@pytest.mark.parametrize("command", ["forecast", "info", "backtest"])
def test_files_of_others_are_refused(statecast, tmp_path, command):
    path = tmp_path / "m.statecast"
    save_file({"a": np.zeros(3)}, path)
    refused(statecast(command, path), "safetensors")
    refused(statecast(command, tmp_path / "none.statecast"), "no such file")


def refused(ran, *words: str) -> None:
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Error: ")
    assert ran.err.count("\n") == 1
    for word in words:
        assert word in ran.err


def test_the_name_of_a_file_says_nothing(statecast, sales, model, tmp_path):
    table, other = tmp_path / "table.statecast", tmp_path / "model.csv"
    table.write_bytes(sales.read_bytes())
    other.write_bytes(model.read_bytes())
    assert json.loads(statecast("info", table, "--json").out)["series"][0]["count"] == 36
    assert json.loads(statecast("info", other, "--json").out)["recipe"]["name"] == "auto"


@pytest.mark.parametrize("command", ["backtest", "explain", "tune"])
def test_a_model_is_no_data(statecast, model, sales, command):
    refused(statecast(command, model), model.name, "data is expected")


@pytest.mark.parametrize(
    "option",
    [
        "--test 3",
        "--recipe auto",
        "--seed 2",
        "--time Month",
        "--time-zone UTC",
        "--use best",
        "--threads 1",
        "--resume",
    ],
)
def test_options_for_data_and_training_are_refused(statecast, model, option):
    refused(statecast("forecast", model, *option.split()), option.split()[0], "saved model")


def test_other_options_that_a_model_does_not_take(statecast, model, tmp_path, sales):
    refused(statecast("forecast", model, "--save", tmp_path / "m"), "--save")
    refused(statecast("forecast", model, "--resume"), "--resume")
    refused(statecast("forecast", sales, "--future", model), "data is expected")
    refused(statecast("forecast", model, "--future", sales), "future")
    refused(statecast("forecast", model, "--paths", 5), "--out")
    refused(statecast("info", model, "--target", "Sales"), "--target")
    refused(statecast("info", model, "--plot", tmp_path / "a.png"), "--plot")


def test_a_model_that_cannot_be_written_is_refused_before_the_work(statecast, sales, panel, tmp_path, monkeypatch):
    monkeypatch.setattr("statecast.cli._testing.TestOptions.run", lambda *given: pytest.fail("it was tested"))
    before = sorted(os.listdir(tmp_path))
    out = tmp_path / "o.csv"
    refused(statecast("forecast", sales, "--save", tmp_path / "no" / "m"), "does not exist")
    refused(statecast("forecast", sales, "--save", tmp_path), "got a folder")
    refused(statecast("forecast", panel, "--save", panel), "a file of its own", "FILE")
    refused(statecast("forecast", sales, "--save", out, "--out", out), "a file of its own", "--out")
    refused(statecast("forecast", panel, "--save", tmp_path / "m", "--out", out, "--resume"), "--save", "--resume")
    refused(statecast("forecast", panel, "--save", tmp_path / "m", "--engine", "dask"), "--save", "--engine")
    assert sorted(os.listdir(tmp_path)) == before


def test_a_run_that_fails_leaves_the_old_model(statecast, model, tmp_path):
    before = model.read_bytes()
    short = tmp_path / "short.csv"
    short.write_text("ds,y\n1,2\n2,3\n")
    assert statecast("forecast", short, "--save", model).code == 2
    assert model.read_bytes() == before
