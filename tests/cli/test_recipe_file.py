"""--recipe FILE, and what is given beside it."""

from __future__ import annotations

import json
import os

import pytest

import statecast as sc
from statecast.recipes import save_recipe


@pytest.fixture
def recipe_file(tmp_path):
    path = tmp_path / "mine.json"
    save_recipe(sc.classic(epochs=20, lags=3, members=2), path)
    return path


def test_a_recipe_file_is_a_recipe(statecast, sales, recipe_file):
    document = json.loads(statecast("backtest", sales, "--recipe", recipe_file, "--json").out)
    typed = statecast(
        "backtest", sales, "--recipe", "classic", "--epochs", 20, "--lags", 3, "--members", 2, "--json"
    )  # fmt: skip
    expected = json.loads(typed.out)
    assert document["recipe"] == expected["recipe"]
    assert document["test"] == expected["test"]


def test_options_beside_it_override_it(statecast, sales, recipe_file):
    ran = statecast("forecast", sales, "--recipe", recipe_file, "--epochs", 5, "--horizon", 2, "--json")
    document = json.loads(ran.out)
    assert {name: document["recipe"][name] for name in ("epochs", "horizon", "lags")} == {
        "epochs": 5,
        "horizon": 2,
        "lags": 3,
    }
    assert len(document["forecast"]) == 2


def test_any_name_that_is_there_is_a_file(statecast, sales, recipe_file, monkeypatch):
    os.rename(recipe_file, recipe_file.parent / "mine")
    monkeypatch.chdir(recipe_file.parent)
    assert statecast("backtest", sales, "--recipe", "mine", "--quiet").code == 0


def test_a_file_called_like_a_recipe_is_not_taken_for_it(statecast, sales, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "classic").write_text("{")
    assert statecast("backtest", sales, "--recipe", "classic", "--epochs", 5, "--quiet").code == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", ["damaged"]),
        ('{"statecast": 9, "recipe": "auto"}', ["format 1", "newer"]),
        ('{"statecast": 1, "recipe": "auto", "depth": 3}', ["no 'depth'", "units"]),
        ('{"statecast": 1, "recipe": "classic", "units": "4"}', ["units", "'4'"]),
        (None, ["cannot be read"]),
    ],
)
@pytest.mark.parametrize("command", ["forecast", "backtest"])
def test_a_wrong_file_is_one_sentence(statecast, sales, tmp_path, command, content, words):
    path = tmp_path / "mine.json"
    if content is not None:
        path.write_text(content)
    ran = statecast(command, sales, "--recipe", path, "--out", tmp_path / "o.csv")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    for word in ["mine.json", *words]:
        assert word in ran.err
    assert not (tmp_path / "o.csv").exists()


def test_an_option_of_another_recipe_is_refused_beside_a_file(statecast, sales, recipe_file):
    ran = statecast("backtest", sales, "--recipe", recipe_file, "--trust", 0.5)
    assert ran.code == 2
    assert "--trust is no option of the recipe classic" in ran.err
