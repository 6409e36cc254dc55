from __future__ import annotations

import json
import os
from dataclasses import fields

import numpy as np
import pytest

import statecast as sc
from statecast.errors import DataError, FileError, InputError, ParameterError
from statecast.recipes import KINDS, from_document, load_recipe, save_recipe, to_document

RECIPES = [
    sc.auto(),
    sc.auto(units=9, trust=1.0, learning_rate=0.5, horizon=7),
    sc.classic(),
    sc.classic(units=1, lags=4, fill="drop", difference=0, bptt=3, members=7, seed=2**60),
]


@pytest.mark.parametrize("recipe", RECIPES, ids=repr)
def test_a_recipe_comes_back_from_its_document_and_its_file(recipe, tmp_path):
    assert from_document(to_document(recipe)) == recipe
    path = tmp_path / "recipe.json"
    save_recipe(recipe, path)
    assert load_recipe(path) == load_recipe(str(path)) == recipe
    document = json.loads(path.read_text())
    assert document["statecast"] == 1
    assert set(document) == {"statecast", "recipe", *(field.name for field in fields(recipe))}


def test_what_a_document_does_not_name_is_the_default():
    assert from_document({"statecast": 1, "recipe": "auto"}) == sc.auto()
    assert from_document({"statecast": 1, "recipe": "classic", "lags": 12}) == sc.classic(lags=12)


def test_every_recipe_has_its_kind():
    assert {name: kind().name for name, kind in KINDS.items()} == {name: name for name in KINDS}
    assert {sc.auto, sc.classic, sc.counts, sc.shared} == set(KINDS.values())


@pytest.mark.parametrize(
    ("document", "error", "message"),
    [
        ({}, DataError, "expected a recipe such as"),
        ([1, 2], DataError, "expected a recipe such as"),
        ("auto", DataError, "expected a recipe such as"),
        ({"recipe": "auto"}, DataError, "expected a recipe such as"),
        ({"statecast": 1}, DataError, "expected a recipe such as"),
        ({"statecast": 2, "recipe": "auto", "new": 1}, DataError, "format 1 at most, got 2. A newer Statecast"),
        ({"statecast": "1", "recipe": "auto"}, DataError, "got '1'"),
        ({"statecast": True, "recipe": "auto"}, DataError, "got True"),
        ({"statecast": 0, "recipe": "auto"}, DataError, "got 0"),
        ({"statecast": 1, "recipe": "arima"}, DataError, "called auto, classic, counts, shared, got 'arima'"),
        ({"statecast": 1, "recipe": ["auto"]}, DataError, "called auto, classic, counts, shared"),
        ({"statecast": 1, "recipe": "auto", "lags": 3}, DataError, "auto has no 'lags'; it has units, epochs"),
        ({"statecast": 1, "recipe": "auto", "name": "x"}, DataError, "auto has no 'name'"),
        ({"statecast": 1, "recipe": "auto", "units": 0}, ParameterError, "units"),
        ({"statecast": 1, "recipe": "auto", "trust": 2}, ParameterError, "trust must be from 0 to 1, got 2"),
    ],
)
def test_other_documents_are_refused(document, error, message, tmp_path):
    with pytest.raises(error, match=message):
        from_document(document)
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(document))
    with pytest.raises(error, match=f"recipe.json: .*{message}"):
        load_recipe(path)


@pytest.mark.parametrize("value", ["six", True, None, [6], {"a": 1}, 6.5e300, float("nan")])
@pytest.mark.parametrize("kind", KINDS)
def test_values_of_wrong_types_are_refused_by_name(kind, value):
    for field in fields(KINDS[kind]):
        if field.default is None and value is None:
            continue
        with pytest.raises(InputError, match=field.name):
            from_document({"statecast": 1, "recipe": kind, field.name: value})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"statecast": 1, "recipe": "auto"',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"1" * 10_000,
        bytes(range(256)),
    ],
    ids=["empty", "open", "cut", "no text", "deep", "long number", "binary"],
)
def test_a_damaged_file_is_refused_in_one_line(content, tmp_path):
    path = tmp_path / "recipe.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"recipe\.json: expected a recipe") as caught:
        load_recipe(path)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read_or_written(tmp_path):
    with pytest.raises(FileError, match=r"none\.json: cannot be read"):
        load_recipe(tmp_path / "none.json")
    with pytest.raises(FileError, match="cannot be read"):
        load_recipe(tmp_path)
    with pytest.raises(FileError, match="does not exist"):
        save_recipe(sc.auto(), tmp_path / "no" / "recipe.json")
    assert os.listdir(tmp_path) == []


def test_a_recipe_file_forecasts_what_the_recipe_forecasts(shampoo, tmp_path):
    recipe = sc.classic(epochs=20, lags=3, members=2)
    save_recipe(recipe, tmp_path / "recipe.json")
    loaded = load_recipe(tmp_path / "recipe.json")
    assert np.array_equal(loaded.fit(shampoo).forecast(3).mean, recipe.fit(shampoo).forecast(3).mean)
