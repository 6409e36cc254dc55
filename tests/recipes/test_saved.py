"""Model files: what was saved goes on as if never left, and nothing else is let in."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from statecast.errors import DataError, StatecastError
from statecast.recipes import load_saved
from statecast.series import Fitted
from statecast.storage import Tree, read_archive, write_archive

STEPS = 60


def table() -> pd.DataFrame:
    """Two series with covariates of every kind."""
    rng = np.random.default_rng(3)
    frames = []
    for name, size in (("north", 100.0), ("<south>", 20.0)):
        steps = np.arange(STEPS)
        promo = rng.integers(0, 2, STEPS)
        y = size * (1 + 0.2 * np.sin(np.pi * steps / 6) + 0.1 * promo + 0.02 * rng.normal(size=STEPS))
        stamps = pd.date_range("2015-01-01", periods=STEPS, freq="MS")
        frames.append(
            pd.DataFrame(
                {
                    "unique_id": name,
                    "ds": stamps,
                    "y": y,
                    "promo": promo,
                    "visits": rng.normal(size=STEPS),
                    "kind": name,
                }
            )
        )
    return pd.concat(frames)


ROLES = {"known": ["promo"], "past": ["visits"]}
RECIPES = {
    "auto": (sc.auto(epochs=5, members=2, horizon=2), ROLES),
    "shared": (sc.shared(epochs=3, members=2, units=5, horizon=2), {**ROLES, "static": ["kind"]}),
}


@pytest.mark.parametrize(("recipe", "roles"), RECIPES.values(), ids=RECIPES.keys())
def test_covariates_go_on_where_they_were(recipe, roles, tmp_path):
    rows = table()
    first = rows[rows.ds < "2019-10-01"]
    fitted = recipe.fit(sc.read(first, **roles))
    fitted.save(tmp_path / "a")
    updated, again = fitted.update(rows), sc.load(tmp_path / "a").update(rows)
    future = rows[["unique_id", "ds", "promo"]].assign(ds=rows.ds + pd.DateOffset(years=5))
    for ahead, other in zip(
        *(one.forecast(4, level=80, future=future).to_frame().items() for one in (updated, again)), strict=True
    ):
        assert_array_equal(ahead[1], other[1])


def small() -> Fitted:
    return sc.classic(epochs=5, units=1, horizon=2).fit([3.0, 5.0, 4.0, 6.0, 5.0, 7.0, 6.0, 8.0])


def damaged(whole: bytes, path: Path, positions: range, expected: np.ndarray) -> int:
    """Flip a byte at every position; return how many flips change nothing."""
    harmless = 0
    for position in positions:
        flipped = bytearray(whole)
        flipped[position] ^= 1 << random.Random(position).randrange(8)
        path.write_bytes(flipped)
        try:
            ahead = sc.load(path).forecast(2).mean
        except StatecastError:
            continue
        assert_array_equal(ahead, expected)
        harmless += 1
    return harmless


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_a_flipped_byte_is_refused_or_has_no_meaning(every, tmp_path):
    fitted, path = small(), tmp_path / "a"
    fitted.save(path)
    whole = path.read_bytes()
    harmless = damaged(whole, path, range(0, len(whole), every), fitted.forecast(2).mean)
    assert harmless <= 40 / every + 1  # the words of the format in the header, and spaces


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_a_cut_or_longer_file_is_refused(every, tmp_path):
    path = tmp_path / "a"
    small().save(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), every):
        path.write_bytes(whole[:length])
        with pytest.raises(StatecastError):
            sc.load(path)
    path.write_bytes(whole + b"\0")
    with pytest.raises(DataError):
        sc.load(path)


def parts_of(document: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Return where everything in a document is."""
    if isinstance(document, dict):
        return [path, *(found for key, part in document.items() for found in parts_of(part, (*path, key)))]
    if isinstance(document, list):
        return [path, *(found for n, part in enumerate(document) for found in parts_of(part, (*path, n)))]
    return [path]


HOSTILE = (
    None,
    True,
    -1,
    0,
    2**40,
    10**400,
    1.5,
    1e308,
    {"float": "nan"},
    "",
    "x" * 99,
    [],
    [[]],
    {"is": "Spec"},
    {"array": "document"},
)


@pytest.mark.parametrize("count", [12, pytest.param(300, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", ["classic", "auto", "shared", "counts"])
def test_a_document_made_by_hand_is_refused_or_works_and_takes_little_memory(kind, count, tmp_path):
    """With a hash of its own, whatever is in it."""
    recipe = getattr(sc, kind)(epochs=2, members=2, horizon=2)
    fitted = recipe.fit([3.0, 5.0, 4.0, 6.0, 5.0, 7.0, 6.0, 8.0] * 2)
    fitted.save(tmp_path / "a")
    tree = read_archive(tmp_path / "a")
    text = json.dumps(tree.document)
    places = parts_of(tree.document)[1:]
    rng = random.Random(1)
    refused, changed_parts = 0, rng.sample(places, min(len(places), count))
    tracemalloc.start()
    for place in changed_parts:
        document = json.loads(text)
        inner = document
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = rng.choice(HOSTILE)
        write_archive(tmp_path / "b", Tree(document, tree.arrays))
        try:
            sc.load(tmp_path / "b")
        except StatecastError:
            refused += 1
    for name in rng.sample(sorted(tree.arrays), min(len(tree.arrays), count)):
        array = tree.arrays[name]
        changed = array.ravel()[: array.size // 2] if rng.random() < 0.5 else array.astype(np.float16)
        write_archive(tmp_path / "b", Tree(tree.document, {**tree.arrays, name: changed}))
        try:
            sc.load(tmp_path / "b").forecast(1)
        except StatecastError:
            refused += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused > len(changed_parts) / 2
    assert peak < 100 * 2**20


def test_nothing_else_is_a_model(tmp_path):
    path = tmp_path / "a"
    for document in ([1], {"statecast": 1}, {"statecast": "1", "version": "1", "model": None}):
        write_archive(path, Tree(document, {}))
        with pytest.raises(DataError, match="expected a model that Statecast has saved, but it"):
            sc.load(path)
    write_archive(path, Tree({"statecast": 2, "version": "9.0", "model": None}, {}))
    with pytest.raises(DataError, match=r"its format is 2.*a newer Statecast can read it"):
        sc.load(path)
    write_archive(path, Tree({"statecast": 1, "version": "0.1", "model": {"is": "Spec", "inputs": 1, "units": 2}}, {}))
    with pytest.raises(DataError, match="expected a model"):
        sc.load(path)


def test_a_document_that_is_too_deep_is_refused(tmp_path):
    deep: object = None
    for _ in range(700):
        deep = [deep]
    write_archive(tmp_path / "a", Tree({"statecast": 1, "version": "0.1", "model": deep}, {}))
    with pytest.raises(DataError, match="does not fit together"):
        sc.load(tmp_path / "a")


def test_the_same_model_has_the_same_file(tmp_path):
    for name in "ab":
        small().save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert load_saved(tmp_path / "a").sha256 == load_saved(tmp_path / "b").sha256


@pytest.mark.parametrize(
    "recipe", [sc.classic(epochs=2, units=16, members=10), sc.auto(epochs=2, members=10)], ids=["classic", "auto"]
)
def test_a_file_is_little_more_than_its_arrays(recipe, tmp_path, shampoo):
    recipe.fit(shampoo).save(tmp_path / "a")
    arrays = sum(array.nbytes for array in read_archive(tmp_path / "a").arrays.values())
    assert (tmp_path / "a").stat().st_size <= 1.2 * arrays + 8192


GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "models"


@pytest.mark.parametrize(
    "path", sorted(GOLDEN.glob("*/*.statecast")), ids=lambda path: f"{path.parent.name} {path.stem}"
)
def test_files_of_earlier_versions_are_read(path):
    """Made by golden/make_models.py; other instruction sets give other last bits."""
    expected = json.loads((path.parent / "forecasts.json").read_text())[path.stem]
    fitted = sc.load(path)
    for one, before in zip((fitted, fitted.update([31.0, 62.0])), expected, strict=True):
        ahead = one.forecast(4, level=80)
        assert_allclose(ahead.mean, before["mean"], rtol=1e-5)
        assert_allclose(ahead.lower, before["lower"], rtol=1e-5)


def save_again_and_again(path: Path) -> None:
    fitted = small()
    for value in range(10**9):
        fitted = fitted.update(float(value % 5))
        fitted.save(path)


@pytest.mark.slow
def test_a_save_that_is_killed_leaves_the_old_file_or_the_new_one(tmp_path):
    path, rng = tmp_path / "a", random.Random(5)
    small().save(path)
    context = multiprocessing.get_context("fork")
    for _ in range(100):
        process = context.Process(target=save_again_and_again, args=(path,))
        process.start()
        time.sleep(rng.uniform(0.0, 0.1))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert sc.load(path).forecast(1).mean.shape == (1, 1)
