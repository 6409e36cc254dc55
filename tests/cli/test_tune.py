"""statecast tune, as a user types it."""

from __future__ import annotations

import json
import os

import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.recipes import from_document, load_recipe

QUICK = ("--trials", 8, "--epochs", "5,10,20,30", "--members", 1)


def test_it_prints_a_leaderboard_the_scores_on_rows_put_aside_and_a_verdict(statecast, sales):
    ran = statecast("tune", sales, *QUICK)
    assert ran.code == 0, ran.err
    assert ran.err == ""
    assert "time column 'Month'" in ran.out
    assert "The best 8 of 8 recipes on the validation rows" in ran.out
    assert "auto" in ran.out
    assert "classic" in ran.out
    assert "Errors on the 12 rows put aside" in ran.out
    assert "last season" in ran.out
    assert "Tuning " in ran.out
    assert "the 12 rows that the search has not seen" in ran.out.replace("\n", " ")
    assert "\x1b" not in ran.out


def test_the_document_says_what_tune_finds(statecast, sales):
    ran = statecast("tune", sales, *QUICK, "--test", 6, "--horizon", 2, "--method", "halving", "--seed", 3, "--json")
    document = json.loads(ran.out)
    assert (document["command"], document["horizon"], document["season"]) == ("tune", 2, 12)
    assert document["search"] == {"method": "halving", "windows": 1, "test": 6}
    winner = from_document(document["winner"]["recipe"])
    assert winner == from_document(document["leaderboard"][0]["recipe"])
    assert (winner.horizon, winner.seed, winner.members) == (2, 3, 1)
    assert from_document(document["default"]["recipe"]) == sc.auto(horizon=2, seed=3, members=1)
    tested = sc.backtest(str(sales), winner, test=6, horizon=2)
    assert document["winner"]["scores"]["rmse"] == tested.scores.rmse
    assert document["baselines"]["last_value"]["rmse"] == tested.baselines["last_value"].rmse
    assert {row["share"] for row in document["leaderboard"]} == {1 / 3, 1.0}
    assert len(document["leaderboard"]) == 8
    assert document["verdict"].startswith("Tuning ")


def test_the_winner_is_saved_as_a_recipe_that_the_other_commands_take(statecast, sales, tmp_path):
    path, table = tmp_path / "best.json", tmp_path / "leaderboard.csv"
    ran = statecast("tune", sales, *QUICK, "--save", path, "--out", table)
    assert ran.code == 0, ran.err
    assert f"--recipe {path}" in ran.out.replace("\n", "")
    frame = pd.read_csv(table)
    assert frame["rmse"].is_monotonic_increasing
    assert frame["rank"].tolist() == list(range(1, 9))
    winner = load_recipe(path)
    assert (winner.name, winner.units) == (frame["recipe"][0], frame["units"][0])
    document = json.loads(statecast("backtest", sales, "--recipe", path, "--json").out)
    tuned = json.loads(statecast("tune", sales, *QUICK, "--json").out)
    assert document["scores"] == tuned["winner"]["scores"]


@pytest.mark.parametrize(
    ("options", "space"),
    [
        (("--recipe", "classic", "--units", "1,2", "--fill", "drop"), {("classic", 1), ("classic", 2), ("classic", 4)}),
        (("--recipe", "auto", "--units", "3"), {("auto", 3), ("auto", None)}),
        (("--units", "3", "--lags", "1, 2"), {("auto", 3), ("auto", None), ("classic", 3), ("classic", 4)}),
    ],
)
def test_the_search_can_be_restricted(statecast, sales, options, space):
    """The default, of units by length or of 4, is always among them."""
    ran = statecast("tune", sales, *QUICK, "--trials", 14, *options, "--json")
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    recipes = [row["recipe"] for row in document["leaderboard"]]
    assert {(recipe["recipe"], recipe["units"]) for recipe in recipes} == space


def test_a_recipe_file_is_where_the_search_starts(statecast, sales, tmp_path):
    sc.recipes.save_recipe(sc.classic(lags=5, epochs=7, horizon=3), tmp_path / "mine.json")
    ran = statecast("tune", sales, *QUICK, "--recipe", tmp_path / "mine.json", "--lags", "5", "--json")
    document = json.loads(ran.out)
    assert from_document(document["default"]["recipe"]) == sc.classic(lags=5, epochs=7, horizon=3)
    assert {row["recipe"]["lags"] for row in document["leaderboard"]} == {5}
    assert document["horizon"] == 3


def test_a_shared_recipe_is_tuned_and_its_file_is_used(statecast, tmp_path):
    table, path = tmp_path / "shops.csv", tmp_path / "r.json"
    rng = np.random.default_rng(3)
    rows = [
        {"unique_id": f"s{s}", "ds": t, "y": 20 + 5 * (-1) ** t + rng.normal()} for s in range(8) for t in range(24)
    ]
    pd.DataFrame(rows).to_csv(table, index=False)
    options = ("--recipe", "shared", "--season", 1, "--horizon", 2, "--test", 4, "--members", 1)
    ran = statecast("tune", table, *options, "--units", "3,5", "--layers", 2, "--trials", 4, "--save", path)
    assert ran.code == 0, ran.err
    assert "found out" in ran.out  # the epochs
    assert "layers 2" in ran.out
    assert "Tuning " in ran.out
    document = json.loads(statecast("backtest", table, "--recipe", path, "--test", 4, "--season", 1, "--json").out)
    tuned = json.loads(statecast("tune", table, *options, "--units", "3,5", "--layers", 2, "--trials", 4, "--json").out)
    assert {row["recipe"]["recipe"] for row in tuned["leaderboard"]} == {"shared"}
    assert {row["recipe"]["units"] for row in tuned["leaderboard"]} <= {3, 5, 24}
    assert load_recipe(path) == from_document(tuned["winner"]["recipe"])
    assert document["scores"] == tuned["winner"]["scores"]
    again = json.loads(statecast("tune", table, "--recipe", path, "--trials", 1, "--test", 4, "--json").out)
    assert from_document(again["default"]["recipe"]) == load_recipe(path)
    refused = statecast("tune", table, "--recipe", "shared", "--bptt", 2)
    assert (refused.code, refused.out) == (2, "")
    assert "--bptt is no option of the recipe shared" in refused.err


def test_recipes_that_fail_are_said(statecast, sales):
    ran = statecast("tune", sales, *QUICK, "--recipe", "classic", "--lags", "1,40", "--fill", "drop", "--trials", 30)
    assert "recipes could not be scored; the first" in ran.out.replace("\n", " ")


@pytest.mark.parametrize(("ending", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_plot(statecast, sales, tmp_path, ending, magic):
    path = tmp_path / f"picture.{ending}"
    assert statecast("tune", sales, *QUICK, "--plot", path, "--quiet").code == 0
    assert path.read_bytes().startswith(magic)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--trials", 0), ["trials", "0"]),
        (("--trials", "many"), ["trials"]),
        (("--method", "grid"), ["random", "halving", "grid"]),
        (("--windows", 0), ["windows", "0"]),
        (("--windows", 3), ["more than 48 rows, got 36"]),
        (("--test", 18), ["more than 36 rows, got 36", "--test"]),
        (("--test", 0), ["test", "0"]),
        (("--horizon", 0), ["horizon", "0"]),
        (("--test", 3, "--horizon", 5), ["horizon", "5"]),
        (("--units", "4,0"), ["units", "0"]),
        (("--units", "4,many"), ["units", "many"]),
        (("--learning-rate", "nan"), ["learning_rate", "nan"]),
        (("--recipe", "auto", "--lags", "2"), ["--lags is no option of the recipe auto"]),
        (("--recipe", "arima"), ["--recipe", "auto, classic", "arima"]),
        (("--recipe", "none.json"), ["none.json", "cannot be read"]),
        (("--seed", -1), ["seed", "-1"]),
        (("--members", 0), ["members", "0"]),
        (("--threads", 0), ["--threads", "0"]),
        (("--save", "best.txt"), ["--save", ".json"]),
        (("--save", "no/best.json"), ["does not exist"]),
        (("--json", "--quiet"), ["--json", "--quiet"]),
    ],
)
def test_wrong_options_are_one_sentence(statecast, sales, tmp_path, monkeypatch, options, words):
    monkeypatch.chdir(tmp_path)
    ran = statecast("tune", sales, "--save", "a.json", "--out", "a.csv", *options)
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err
    assert os.listdir(tmp_path) == []
