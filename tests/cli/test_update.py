"""statecast update and monitor: a model goes on over new rows, is replaced whole, and says how it has done."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

import statecast as sc
from statecast.cli import run


def months(values, first: str = "2020-01-01") -> pd.DataFrame:
    return pd.DataFrame({"month": pd.date_range(first, periods=len(values), freq="MS"), "sold": values})


@pytest.fixture
def values():
    return np.random.default_rng(4).normal(50, 2, 90)


@pytest.fixture
def model(tmp_path, values):
    """Return a model of the first 60 months."""
    sc.classic(epochs=20).fit(months(values[:60])).save(tmp_path / "sold.statecast")
    return tmp_path / "sold.statecast"


def table(tmp_path, values, name: str = "rows.csv"):
    months(values).to_csv(tmp_path / name, index=False)
    return tmp_path / name


def test_new_rows_are_taken_in_and_the_next_forecast_is_that_of_the_fitted_recipe(statecast, tmp_path, values, model):
    fitted = sc.load(model)
    values[62] += 40
    ran = statecast("update", model, table(tmp_path, values[:63]), "--json", "--horizon", "2")
    assert ran.code == 0
    said = json.loads(ran.out)
    straight = fitted.update(values[60:63])
    ahead = straight.forecast(2, level=99)
    assert (said["taken"], said["passed"], said["missing"], said["unusual"]) == (3, 60, 0, 1)
    assert [row["ds"] for row in said["rows"]] == ["2025-01-01", "2025-02-01", "2025-03-01"]
    assert [row["unusual"] for row in said["rows"]] == [False, False, True]
    assert [row["score"] for row in said["rows"]] == straight.watch.rows().score[0].tolist()
    assert [row["mean"] for row in said["forecast"]] == ahead.mean[0].tolist()
    assert [row["hi-99"] for row in said["forecast"]] == ahead.upper[0, 0].tolist()
    assert_array_equal(sc.load(model).forecast(5).mean, straight.forecast(5).mean)


def test_words_for_a_reader(statecast, tmp_path, values, model):
    out = statecast("update", model, table(tmp_path, values[:62]), "--level", "99.9").out
    assert "None is outside of its 99.9 % interval." in out
    values[62] += 40
    out = statecast("update", model, table(tmp_path, values[:63]), "--out", tmp_path / "next.csv").out
    for said in (
        "Took 1 row in from",
        "62 rows of it had been seen",
        "1 row outside of the 99 % interval: unusual.",
        "2025-03-01",
        "Forecast of sold",
        f"Model written to {model}.",
    ):
        assert said in out
    assert pd.read_csv(tmp_path / "next.csv").columns.tolist() == ["unique_id", "ds", "mean", "lo-99", "hi-99"]
    assert statecast("update", model, table(tmp_path, values[:65]), "--quiet").out == ""


def test_nothing_new_is_no_error_and_leaves_the_file_alone(statecast, tmp_path, values, model):
    before = model.read_bytes(), model.stat().st_mtime_ns
    ran = statecast("update", model, table(tmp_path, values[:60]))
    assert ran.code == 0
    assert "is new: the last observation is of 2024-12-01" in ran.out
    assert f"{model} is as it was." in ran.out
    assert (model.read_bytes(), model.stat().st_mtime_ns) == before


def test_another_file_for_the_model_and_standard_input(statecast, tmp_path, values, model, monkeypatch):
    before = model.read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(months(values).to_csv(index=False).encode())))
    assert statecast("update", model, "-", "--save", tmp_path / "later").code == 0
    assert model.read_bytes() == before
    assert str(sc.load(tmp_path / "later").origin.last[0])[:10] == "2027-06-01"


def test_a_missing_month(statecast, tmp_path, values, model):
    path = tmp_path / "gap.csv"
    months(values).drop(62).to_csv(path, index=False)
    before = model.read_bytes()
    ran = statecast("update", model, path)
    assert (ran.code, model.read_bytes()) == (2, before)
    assert "expected a row of series 'sold' at 2025-03-01, got 2025-04-01" in ran.err
    assert "--missing forecast" in ran.err
    ran = statecast("update", model, path, "--missing", "forecast")
    assert ran.code == 0
    assert "1 step without a row: forecast instead" in ran.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--level", "80,95"], "--level: expected one"),
        (["--level", "high"], "--level: expected numbers"),
        (["--missing", "drop"], "--missing must be one of"),
        (["--horizon", "0"], "horizon must be a whole number"),
        (["--save", "no/such/folder/model"], "no/such/folder"),
        (["--out", "next.txt"], "--out next.txt: expected a name"),
    ],
)
def test_wrong_options_leave_the_model_as_it_was(statecast, tmp_path, values, model, options, message):
    before = model.read_bytes()
    ran = statecast("update", model, table(tmp_path, values), *options)
    assert (ran.code, model.read_bytes()) == (2, before)
    assert message in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize("command", ["update", "monitor"])
def test_what_is_no_model(statecast, tmp_path, values, command):
    rows = table(tmp_path, values)
    for path in (rows, tmp_path / "none"):
        ran = statecast(command, path, *([rows] if command == "update" else []))
        assert ran.code == 2
        assert str(path) in ran.err


def test_known_columns_that_are_not_known_ahead_leave_the_forecast_out(statecast, tmp_path):
    rng = np.random.default_rng(5)
    frame = months(rng.normal(50, 2, 50)).assign(price=rng.normal(size=50))
    frame.to_csv(tmp_path / "rows.csv", index=False)
    panel = sc.read(frame.iloc[:40], target="sold", known="price")
    sc.auto(epochs=5, members=1).fit(panel).save(tmp_path / "model")
    ran = statecast("update", tmp_path / "model", tmp_path / "rows.csv")
    assert ran.code == 0
    assert "Took 10 rows in" in ran.out
    assert "The forecast is left out: a forecast of 12 steps takes the known columns price" in ran.out
    ran = statecast("update", tmp_path / "model", tmp_path / "rows.csv", "--out", tmp_path / "next.csv")
    assert (ran.code, (tmp_path / "next.csv").exists()) == (2, False)


def test_monitor_says_what_watch_says(statecast, tmp_path, values, model):
    ran = statecast("monitor", model)
    assert (ran.code, ran.out.split(":")[0]) == (0, "No observation was forecast since the fit")
    values[75:] += np.random.default_rng(1).normal(0, 30, 15)
    statecast("update", model, table(tmp_path, values))
    health = sc.load(model).watch.health()
    said = json.loads(statecast("monitor", model, "--json").out)
    assert said["refit"] is health.advice is True
    assert said["verdict"] == health.verdict
    assert said["stale"] == ["sold"]
    assert said["panel"]["p_value"] == health.panel.p_value[0]
    assert said["series"][0]["lately"] == health.series.lately[0]
    out = statecast("monitor", model).out
    assert "the model has gone stale. Refit it." in " ".join(out.split())
    assert "stale" in out.splitlines()[4]
    assert statecast("monitor", model, "--quiet").out == ""


@pytest.mark.slow
def test_killed_at_any_moment_the_model_is_the_old_one_or_the_new_one(tmp_path, values, model):
    old, rows = model.read_bytes(), table(tmp_path, values)
    command = [sys.executable, "-c", "from statecast.cli import main; main()", "update", str(model), str(rows)]
    subprocess.run(command, check=True, capture_output=True)
    new = model.read_bytes()
    assert new != old
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    whole, draw, seen = time.perf_counter() - begun, random.Random(1), set()
    for _ in range(100):
        model.write_bytes(old)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0.5, 1.1) * whole)  # the file is written towards the end
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert model.read_bytes() in (old, new)
        seen.add(model.read_bytes() == new)
    assert seen == {True, False}
    assert statecast_of(model) == 0  # whatever was left beside it is in nobody's way


def statecast_of(model) -> int:
    """Return the exit code of a command that reads the model."""
    return run(["monitor", str(model), "--quiet"])


def receipts(tmp_path, first: str, last: str):
    days = pd.date_range(first, last)
    path = tmp_path / f"{first}.csv"
    pd.DataFrame({"day": days, "amount": 100.0 + days.day_of_week}).to_csv(path, index=False)
    return path


def test_receipts_of_a_week_that_is_not_over_are_kept_and_said(statecast, tmp_path):
    model = tmp_path / "weeks.statecast"
    sc.classic(epochs=5).fit(sc.read(receipts(tmp_path, "2024-01-01", "2024-07-03"), every="week")).save(model)
    ran = statecast("update", model, receipts(tmp_path, "2024-07-04", "2024-07-05"))
    assert ran.code == 0
    assert "makes a whole period: the last observation is of 2024-06-24." in ran.out
    assert "5 rows from 2024-07-01 to 2024-07-05 wait for the rest of the period." in ran.out
    assert f"Model written to {model}." in ran.out
    before = model.read_bytes()
    ran = statecast("update", model, receipts(tmp_path, "2024-07-04", "2024-07-05"))
    assert "is new: the last observation is of 2024-06-24." in ran.out
    assert "5 rows from 2024-07-01" in ran.out
    assert model.read_bytes() == before
    said = json.loads(statecast("update", model, receipts(tmp_path, "2024-07-06", "2024-07-09"), "--json").out)
    assert (said["taken"], said["waiting"]) == (1, 2)
    assert said["rows"][0]["y"] == 7 * 100 + 21
    ran = statecast("update", model, receipts(tmp_path, "2024-07-14", "2024-07-14"))
    assert ran.code == 2
    assert "expected rows that follow 2024-07-09" in ran.err


@pytest.mark.parametrize("written", ["%m/%d/%Y", "%d/%m/%Y"])
def test_a_single_row_is_read_as_the_history_was(statecast, tmp_path, written):
    days = pd.date_range("2024-01-01", "2024-05-02").strftime(written)
    sc.classic(epochs=5).fit(pd.DataFrame({"day": days, "y": np.arange(123.0)})).save(tmp_path / "days")
    new = tmp_path / "new.csv"
    new.write_text(f"day,y\n{pd.Timestamp('2024-05-03').strftime(written)},7\n")
    said = json.loads(statecast("update", tmp_path / "days", new, "--json").out)
    assert [(row["ds"], row["y"]) for row in said["rows"]] == [("2024-05-03", 7.0)]


def test_categories_of_the_future_and_of_an_update(statecast, tmp_path):
    days = pd.date_range("2024-01-01", periods=40)
    history = pd.DataFrame({"day": days, "y": np.arange(40.0) % 7, "promo": ["no", "yes", "no", "no"] * 10})
    model, data, new = tmp_path / "model", tmp_path / "history.csv", tmp_path / "new.csv"
    history.to_csv(data, index=False)
    sc.auto(epochs=2, members=1, horizon=1).fit(sc.read(data, target="y", known="promo")).save(model)
    ahead = ["--target", "y", "--known", "promo", "--future", new, "--horizon", "1"]
    quick = ["--epochs", "2", "--members", "1", "--level", "none"]
    for command in (
        ["forecast", data, *ahead, *quick],
        ["forecast", model, "--future", new, "--horizon", "1"],
        ["update", model, new],
    ):
        new.write_text("day,y,promo\n2024-02-10,1,Yes\n")
        ran = statecast(*command)
        assert ran.code == 0
        assert ran.err.endswith("Note: Column 'promo': took 'Yes' as 'yes', as the rows before are written.\n")
        new.write_text("day,y,promo\n2024-02-11,1,yess\n")
        ran = statecast(*command)
        assert ran.code == 2
        assert "'yess' is no value that 'promo' has in the history: 'no', 'yes'. Did you mean 'yes'?" in ran.err


def test_revised_rows_are_named_apart_from_equal_ones_and_taken_in(statecast, tmp_path, values, model):
    assert statecast("update", model, table(tmp_path, values[:63])).code == 0
    late = values.copy()
    late[61] += 40
    ran = statecast("update", model, table(tmp_path, late[:64]))
    assert ran.code == 0
    assert "62 rows of it had been seen: passed over." in ran.out
    assert "1 row of it had been seen with another value: taken in, as if" in ran.out
    assert f"2025-02-01: {values[61]:g} -> {late[61]:g}" in ran.out
    late[62] += 1
    ran = statecast("update", model, table(tmp_path, late[:64]), "--json")
    said = json.loads(ran.out)
    assert (ran.code, said["taken"], said["passed"]) == (0, 0, 63)
    assert (said["revisions"]["count"], said["revisions"]["taken_in"]) == (1, 1)
    (row,) = said["revisions"]["rows"]
    assert (row["unique_id"], row["ds"]) == ("sold", "2025-03-01")
    assert (row["old"], row["new"]) == pytest.approx((values[62], late[62]))
    expected = sc.classic(epochs=20).fit(months(values[:60])).update(late[60:64])
    np.testing.assert_allclose(sc.load(model).forecast(5).mean, expected.forecast(5).mean, rtol=1e-6)


def test_a_file_of_revisions_alone_is_told_as_such(statecast, tmp_path, values, model):
    late = values[:60].copy()
    late[[10, 20]] += 5
    ran = statecast("update", model, table(tmp_path, late))
    assert ran.code == 0
    assert "Nothing in" in ran.out
    assert "58 rows of it had been seen: passed over." in ran.out
    assert "2 rows of it had been seen with another value: only a new fit uses them." in ran.out
    assert f"Model written to {model}." in ran.out
    assert "is as it was" in statecast("update", model, table(tmp_path, late)).out  # told once


def test_revised_rows_may_be_refused(statecast, tmp_path, values, model):
    before = model.read_bytes()
    values[59] += 5
    ran = statecast("update", model, table(tmp_path, values), "--revisions", "refuse")
    assert (ran.code, model.read_bytes()) == (2, before)
    assert "1 row seen before with another value (2024-12-01: " in ran.err
    assert "--revisions report" in ran.err
    assert statecast("update", model, table(tmp_path, values), "--revisions", "no").code == 2
    equal = months(values[:63])
    equal.loc[59, "sold"] -= 5
    equal.to_csv(tmp_path / "equal.csv", index=False)
    assert statecast("update", model, tmp_path / "equal.csv", "--revisions", "refuse").code == 0


def test_monitor_says_how_many_were_revised_and_how_much(statecast, tmp_path, values, model):
    assert "another value" not in statecast("monitor", model).out
    late = values[:63].copy()
    late[50:53] *= [1.01, 1.02, 1.5]
    assert statecast("update", model, table(tmp_path, late)).code == 0
    said = json.loads(statecast("monitor", model, "--json").out)["revisions"]
    assert (said["count"], said["median"], said["largest"]) == (3, pytest.approx(0.02), pytest.approx(0.5))
    out = statecast("monitor", model).out
    assert "3 rows came again with another value since the fit: the median change is 2 % of the value" in out


def test_models_and_files_of_a_time_zone_are_told_by_its_clocks(statecast, tmp_path):
    local = pd.date_range("2024-10-01", periods=24 * 9, freq="h")
    pd.DataFrame({"t": local, "y": np.arange(len(local)) % 24.0}).to_csv(tmp_path / "rows.csv", index=False)
    model = tmp_path / "model.statecast"
    panel = sc.read(tmp_path / "rows.csv", time_zone="Europe/Berlin")
    sc.auto(horizon=2, members=1, epochs=1).fit(panel.window(None, -2)).save(model)
    zone = ("--time-zone", "Europe/Berlin")
    assert json.loads(statecast("info", tmp_path / "rows.csv", *zone, "--json").out)["series"][0]["last"] == (
        "2024-10-09 23:00:00+02:00"
    )
    assert json.loads(statecast("info", model, "--json").out)["series"][0]["last"] == "2024-10-09 21:00:00+02:00"
    assert json.loads(statecast("forecast", model, "--json").out)["last"] == "2024-10-09 21:00:00+02:00"
    rows = json.loads(statecast("update", model, tmp_path / "rows.csv", "--json").out)["rows"]
    assert [row["ds"] for row in rows] == ["2024-10-09 22:00:00+02:00", "2024-10-09 23:00:00+02:00"]
    again = statecast("update", model, tmp_path / "rows.csv").out
    assert "the last observation is of 2024-10-09 23:00:00+02:00" in " ".join(again.split())
