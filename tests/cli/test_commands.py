"""The commands as a user types them."""

from __future__ import annotations

import gzip
import io
import json
import re
import sys
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

import statecast as sc

QUICK = ("--epochs", 30)


def test_backtest_prints_every_month_the_scores_and_the_verdict(statecast, sales):
    ran = statecast("backtest", sales, *QUICK, "--members", 1)
    assert ran.code == 0, ran.err
    assert ran.err == ""  # no progress bar off a terminal
    assert "time column 'Month'" in ran.out
    assert "Monthly, season of 12." in ran.out
    for month in range(1, 13):
        assert f"1993-{month:02d}-01" in ran.out
    assert "1992-12-01" not in ran.out
    assert "682.0" in ran.out
    assert "136.8" in ran.out
    assert "last season" in ran.out
    result = sc.backtest(str(sales), sc.auto(epochs=30, members=1, horizon=1), test=12)
    assert result.verdict in " ".join(ran.out.split())
    assert "Decided from the series: logged, no season" in ran.out
    assert "lucky" in ran.out
    assert "\x1b" not in ran.out  # no colours in a pipe


RECIPES = {"auto": sc.auto, "classic": sc.classic}


@pytest.mark.parametrize("recipe", RECIPES)
def test_backtest_document(statecast, sales, recipe):
    ran = statecast("backtest", sales, *QUICK, "--recipe", recipe, "--members", 3, "--seed", 5, "--json")
    document = json.loads(ran.out)
    assert document["command"] == "backtest"
    assert document["columns"].items() >= {"target": "Sales", "time": "Month", "id": None}.items()
    assert (document["frequency"], document["season"], document["horizon"]) == ("MS", 12, 1)
    assert document["recipe"]["name"] == recipe
    assert document["recipe"]["epochs"] == 30
    assert len(document["test"]) == 12
    first = document["test"][0]
    assert first["origin"] == "1992-12-01"
    assert (first["ds"], first["step"], first["y"]) == ("1993-01-01", 1, 339.7)
    assert set(document["scores"]) == {"rmse", "mae", "smape", "mase"}
    assert document["baselines"]["last_value"]["rmse"] == pytest.approx(136.761, abs=5e-4)
    assert [m["seed"] for m in document["members"]] == [5, 6, 7]
    assert document["seconds"]["total"] >= document["seconds"]["train"] > 0
    result = sc.backtest(str(sales), RECIPES[recipe](epochs=30, members=3, seed=5, horizon=1), test=12)
    assert [row["mean"] for row in document["test"]] == result.mean.ravel().tolist()
    y = np.array([row["y"] for row in document["test"]])
    mean = np.array([row["mean"] for row in document["test"]])
    assert document["scores"]["rmse"] == pytest.approx(np.sqrt(np.mean((y - mean) ** 2)))


def test_members_show_their_spread(statecast, sales):
    ran = statecast("backtest", sales, *QUICK, "--members", 5)
    assert "on average over 5 seeds, sd " in ran.out
    assert ", best " in ran.out
    assert ", worst " in ran.out


@pytest.mark.parametrize("recipe", RECIPES)
def test_forecast_starts_after_the_last_month_and_is_tested_at_its_horizon(statecast, sales, recipe):
    ran = statecast("forecast", sales, *QUICK, "--recipe", recipe, "--json")
    document = json.loads(ran.out)
    assert [row["ds"] for row in document["forecast"]] == [f"1994-{m:02d}-01" for m in range(1, 13)]
    assert document["horizon"] == 12
    assert document["verdict"]
    assert any("Monthly" in line for line in document["decisions"])
    decided = "Decided from the series: logged, no season, level smoothed with 0.50, 6 units"
    assert document["decisions"][-1].startswith(decided) == (recipe == "auto")
    fitted = RECIPES[recipe](epochs=30).fit(str(sales))
    assert [row["mean"] for row in document["forecast"]] == fitted.forecast(12).mean[0].tolist()
    tested = sc.backtest(str(sales), RECIPES[recipe](epochs=30), test=12, horizon=12)
    assert document["scores"]["rmse"] == tested.scores.rmse


def test_forecast_of_a_history_too_short_to_test_says_so(statecast, tmp_path):
    path = tmp_path / "short.csv"
    path.write_text("day,y\n" + "".join(f"2024-01-{d:02d},{d * d}\n" for d in range(1, 9)))
    ran = statecast("forecast", path, *QUICK)
    assert ran.code == 0, ran.err
    assert "Not tested" in ran.out
    assert "2024-01-15" in ran.out


@pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
def test_out(statecast, sales, tmp_path, ending):
    path = tmp_path / f"result.{ending}"
    ran = statecast("backtest", sales, *QUICK, "--out", path)
    assert ran.code == 0, ran.err
    assert str(path) in ran.out
    if ending == "json":
        assert len(json.loads(path.read_text())["test"]) == 12
        return
    frame = pd.read_csv(path) if ending == "csv" else pd.read_parquet(path)
    assert frame.columns.tolist() == ["unique_id", "origin", "ds", "step", "y", "mean"]
    assert pd.to_datetime(frame["ds"]).iloc[0] == pd.Timestamp("1993-01-01")
    assert frame["y"].iloc[-1] == 646.9


@pytest.mark.parametrize(("ending", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
@pytest.mark.parametrize("command", ["forecast", "backtest", "info"])
def test_plot(statecast, sales, tmp_path, ending, magic, command):
    path = tmp_path / f"picture.{ending}"
    options = () if command == "info" else QUICK
    ran = statecast(command, sales, *options, "--plot", path)
    assert ran.code == 0, ran.err
    assert path.read_bytes().startswith(magic)


def test_quiet_prints_nothing(statecast, sales, tmp_path):
    path = tmp_path / "a.csv"
    ran = statecast("forecast", sales, *QUICK, "--quiet", "--out", path)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert len(pd.read_csv(path)) == 12


def test_standard_input(statecast, sales, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sales.read_bytes())))
    ran = statecast("backtest", "-", *QUICK)
    assert ran.code == 0, ran.err
    assert "1993-12-01" in ran.out


def test_other_formats_give_the_same_numbers(statecast, sales, tmp_path):
    expected = json.loads(statecast("backtest", sales, *QUICK, "--json").out)["test"]
    frame = pd.read_csv(sales, parse_dates=["Month"])
    paths = [tmp_path / name for name in ("a.parquet", "a.xlsx", "a.csv.gz", "a.tsv", "german.csv")]
    frame.to_parquet(paths[0])
    frame.to_excel(paths[1], index=False)
    paths[2].write_bytes(gzip.compress(sales.read_bytes()))
    frame.to_csv(paths[3], sep="\t", index=False)
    frame.assign(Month=frame["Month"].dt.strftime("%d.%m.%Y")).to_csv(paths[4], sep=";", decimal=",", index=False)
    for path in paths:
        ran = statecast("backtest", path, *QUICK, "--json")
        assert ran.code == 0, ran.err
        assert json.loads(ran.out)["test"] == expected


def test_many_series(statecast, tmp_path, shampoo):
    path = tmp_path / "panel.csv"
    stamps = pd.date_range("1991-01-01", periods=36, freq="MS")
    frames = [pd.DataFrame({"shop": k, "ds": stamps, "y": shampoo * (1 + i)}) for i, k in enumerate("abc")]
    pd.concat(frames).to_csv(path, index=False)
    ran = statecast("forecast", path, "--id", "shop", "--target", "y", *QUICK)
    assert ran.code == 0, ran.err
    assert "3 series" in ran.out
    document = json.loads(statecast("backtest", path, "--id", "shop", *QUICK, "--test", 2, "--json").out)
    assert [row["unique_id"] for row in document["test"]] == ["a", "a", "b", "b", "c", "c"]


def test_unsorted_rows_are_put_right_and_said(statecast, sales, tmp_path):
    header, *rows = sales.read_text().splitlines()
    path = tmp_path / "mixed.csv"
    path.write_text("\n".join([header, *rows[::-1]]) + "\n")
    ran = statecast("backtest", path, *QUICK)
    assert "sorted" in ran.out
    ordered = json.loads(statecast("backtest", sales, *QUICK, "--json").out)
    assert json.loads(statecast("backtest", path, *QUICK, "--json").out)["test"] == ordered["test"]


def test_a_constant_series_is_forecast_by_the_constant(statecast, tmp_path):
    path = tmp_path / "constant.csv"
    path.write_text("ds,y\n" + "".join(f"{2000 + k}-01-01,42\n" for k in range(20)))
    document = json.loads(statecast("forecast", path, *QUICK, "--json").out)
    assert {row["mean"] for row in document["forecast"]} == {42.0}
    assert document["scores"]["mase"] is None  # nothing to scale by


def test_info(statecast, sales):
    ran = statecast("info", sales)
    assert ran.code == 0, ran.err
    for word in ("36, from 1991-01-01 to 1993-12-01", "119.3 to 682.0", "trend", "season", "KPSS", "outliers"):
        assert word in ran.out
    document = json.loads(statecast("info", sales, "--json").out)
    assert document["series"][0]["count"] == 36
    assert document["problems"] == []


def test_info_looks_at_what_forecast_refuses(statecast, sales, tmp_path):
    header, *rows = sales.read_text().splitlines()
    path = tmp_path / "gaps.csv"
    path.write_text("\n".join([header, *rows[:10], *rows[12:20], "1992-09-01,", *rows[21:]]) + "\n")
    assert statecast("forecast", path, "--gaps", "refuse").code == 2
    ran = statecast("info", path, "--gaps", "refuse")
    assert ran.code == 0, ran.err
    assert "To put right before forecasting" in ran.out
    assert "1991-11-01" in ran.out
    assert "1992-09-01" in ran.out


def test_info_shows_what_is_filled_and_what_is_beside(statecast, shampoo, tmp_path):
    rows = [(k, None if k in (5, 6, 30) else y) for k, y in enumerate(shampoo)] + [(k, None) for k in range(36, 40)]
    path = with_prices(tmp_path / "sales.csv", rows)
    ran = statecast("info", path, "--known", "Price,Promo")
    assert ran.code == 0, ran.err
    assert "3 missing values were filled by straight lines, the first at 1991-06-01" in ran.out
    assert "Known covariates: Price, Promo=no." in ran.out
    assert "go on for 4 steps" in ran.out
    assert "36, from 1991-01-01 to 1993-12-01" in ran.out
    document = json.loads(statecast("info", path, "--known", "Price,Promo", "--json").out)
    assert document["covariates"] == {"past": [], "known": ["Price", "Promo=no"], "static": []}
    assert (document["series"][0]["missing"], document["problems"]) == (3, [])


def test_version_and_help(statecast):
    assert statecast("--version").out.startswith("statecast 0.")
    ran = statecast("--help")
    for command in ("forecast", "backtest", "info"):
        assert command in ran.out
    assert "--learning-rate" in statecast("backtest", "--help").out


@pytest.mark.parametrize("recipe", RECIPES)
def test_defaults_shown_are_those_of_the_recipe(statecast, recipe):
    shown = " ".join(statecast("forecast", "--help").out.replace("│", " ").split())
    for field in fields(getattr(sc, recipe)):
        option = f"--{field.name.replace('_', '-')} "
        if field.default is None or option not in shown:  # found out, or for recipe files alone
            continue
        defaults = shown[shown.index(option) :].split("[default: ", 1)[1].split("]", 1)[0].strip("()")
        first, *others = re.split(", (?=classic |shared )", defaults)
        of_recipe = dict(one.split(" ", 1) for one in others)
        assert of_recipe.get(recipe, first) == str(field.default), field.name


def with_prices(path, rows):
    """Write months of sales with a price and a promotion, the sales blank where they are None."""
    lines = [
        f"{1991 + k // 12}-{k % 12 + 1:02d},{'' if y is None else y},{2 + k % 3},{'yes' if k % 5 else 'no'}"
        for k, y in rows
    ]
    path.write_text("\n".join(["Month,Sales,Price,Promo", *lines]) + "\n")
    return path


def test_covariates_are_read_and_their_future_comes_in_rows_or_in_a_file(statecast, shampoo, tmp_path):
    rows = list(enumerate(shampoo))
    blank = [(k, None) for k in range(36, 40)]
    whole, past = with_prices(tmp_path / "whole.csv", rows + blank), with_prices(tmp_path / "past.csv", rows)
    ahead = with_prices(tmp_path / "ahead.csv", blank)
    roles = ("--known", "Price,Promo", "--epochs", 1, "--recipe", "classic", "--json")
    one = json.loads(statecast("forecast", whole, *roles).out)
    other = json.loads(statecast("forecast", past, "--future", ahead, *roles).out)
    assert one["forecast"] == other["forecast"]
    assert one["columns"]["known"] == ["Price", "Promo"]
    assert "Known covariates go on for 4 steps after the last value." in one["decisions"]
    assert one["decisions"][1:] == other["decisions"][1:]


def test_a_future_that_does_not_follow_is_refused(statecast, shampoo, tmp_path):
    past = with_prices(tmp_path / "past.csv", list(enumerate(shampoo)))
    ahead = with_prices(tmp_path / "ahead.csv", [(38, None)])
    ran = statecast("forecast", past, "--known", "Price", "--future", ahead, "--epochs", 1)
    assert (ran.code, ran.out) == (2, "")
    assert "ahead.csv, column 'Month', row 2: expected the time stamp 1994-01-01" in ran.err
    assert statecast("forecast", past, "--future", ahead).code == 2  # nothing known is named


def test_covariates_that_a_recipe_makes_no_use_of_are_said(statecast, tmp_path):
    path = tmp_path / "sales.csv"
    rows = [f"{2020 + k // 12}-{k % 12 + 1:02d}-01,{100 + k * 7 % 31},{k % 3},north" for k in range(36)]
    path.write_text("\n".join(["ds,y,promo,region", *rows]) + "\n")
    options = ("--target", "y", "--past", "promo", "--static", "region", *QUICK)
    assert "No use is made of region=north: static" in statecast("backtest", path, *options).out
    ran = statecast("backtest", path, *options, "--recipe", "classic")
    assert "No use is made of promo, region=north: covariates." in ran.out
    assert "No use" not in statecast("backtest", path, "--target", "y", "--past", "promo", *QUICK).out


def test_periods_are_those_that_an_alias_names(statecast, tmp_path):
    path = tmp_path / "daily.csv"
    days = pd.date_range("2023-01-01", "2024-06-30")
    pd.DataFrame({"day": days, "sold": np.arange(len(days)) % 7 + 1.0}).to_csv(path, index=False)
    options = ("--horizon", "2", "--epochs", "2", "--members", "1", "--level", "none", "--json")
    for every, first in (("W-SAT", "2024-07-06"), ("QE-JAN", "2024-07-31"), ("ME", "2024-07-31")):
        ran = statecast("forecast", path, "--every", every, *options)
        assert ran.code == 0
        said = json.loads(ran.out)
        assert said["frequency"] == every
        assert said["forecast"][0]["ds"] == first
    refused = statecast("forecast", path, "--every", "2W-SAT", *options)
    assert refused.code == 2
    assert "leaves open which of them begins the first period" in refused.err


def test_a_doubtful_mark_is_asked_and_given(statecast, tmp_path):
    path = tmp_path / "sales.csv"
    cells = [f"1.{100 + 7 * month}" for month in range(12)]
    path.write_text("month;sales\n" + "".join(f"2023-{m:02};{c}\n" for m, c in enumerate(cells, 1)))
    asked = statecast("info", path)
    assert asked.code == 2
    assert "'1.100' can be 1100 or 1.1" in asked.err
    given = statecast("info", path, "--decimal", ",")
    assert given.code == 0
    assert "thousands separated" in given.out + given.err
