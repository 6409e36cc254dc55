"""A run that was killed goes on: to the same bytes, and without doing again what was done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.distributed import Pieces, Run, fit_forecast
from statecast.distributed._journal import journal
from statecast.errors import FileError, ParameterError
from statecast.recipes import Described, to_document

RECIPE = sc.classic(epochs=20, horizon=3)
SHARED = sc.shared(epochs=3, members=2, units=6, horizon=3)
OPTIONS = {"level": (80, 95), "threads": 1}

SCRIPT = """
import json, sys
from statecast.distributed import Pieces, fit_forecast
from statecast.recipes import from_document
def said(done, total):
    print(done, flush=True)
    sys.stdin.readline()  # goes on when it is told to
fit_forecast(Pieces(sys.argv[1], most_series=10), from_document(json.loads(sys.argv[3])), level=(80, 95), threads=1,
             out=sys.argv[2], progress=said)
"""


@pytest.fixture
def source(many: pd.DataFrame, tmp_path: Path) -> Path:
    path = tmp_path / "many.parquet"
    many.to_parquet(path, index=False)
    return path


def killed(source: Path, out: Path, after: int, recipe: Described = RECIPE) -> Path:
    """Start a run in a process of its own, kill it after so many pieces, and return the folder that it leaves."""
    command = [sys.executable, "-c", SCRIPT, str(source), str(out), json.dumps(to_document(recipe))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for piece in range(after + 1):
            assert process.stdout.readline().strip() == str(10 * piece)
            process.stdin.write("\n")
            process.stdin.flush()
        time.sleep(0.02)  # into the next piece
        os.kill(process.pid, signal.SIGKILL)
    return out.with_name(f"{out.name}.parts")


def stopped(data: object, out: Path, after: int) -> Path:
    """Stop a run after so many pieces, and return the folder that it leaves."""

    def stop(done: int, total: int) -> None:
        if done == 10 * after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_forecast(Pieces(data, most_series=10), RECIPE, **OPTIONS, out=out, progress=stop)
    return out.with_name(f"{out.name}.parts")


def resumed(source: object, out: Path, most_series: int = 10, recipe: Described = RECIPE, **options: object) -> Run:
    return fit_forecast(Pieces(source, most_series=most_series), recipe, **(OPTIONS | options), out=out, resume=True)


@pytest.mark.parametrize(
    ("ending", "recipe"),
    [("parquet", RECIPE), ("csv", RECIPE), ("parquet", SHARED)],
    ids=lambda one: getattr(one, "name", one),
)
def test_a_killed_run_goes_on_to_the_same_bytes(source: Path, tmp_path: Path, ending: str, recipe: Described):
    """Shared networks are trained again, to the same bits."""
    straight, out = tmp_path / f"straight.{ending}", tmp_path / f"next.{ending}"
    fit_forecast(Pieces(source, most_series=10), recipe, **OPTIONS, out=straight)
    out.write_text("the result of last month")
    folder = killed(source, out, 9, recipe)
    assert out.read_text() == "the result of last month"
    before = pieces(folder)
    assert 9 <= len(before) <= 10
    written = []
    run = resumed(source, out, recipe=recipe, threads=2, progress=lambda done, total: written.append(pieces(folder)))
    assert run.resumed == 10 * len(before)
    assert len(written) == 24 - len(before) + 1
    assert before.items() <= written[-1].items()  # the same files: none was written again
    assert out.read_bytes() == straight.read_bytes()
    failures = [path.with_name(f"{path.stem}.failures.csv") for path in (straight, out)]
    if recipe is SHARED:  # which forecasts a series of one observation too
        assert not any(path.exists() for path in failures)
    else:
        assert failures[0].read_bytes() == failures[1].read_bytes()
        assert failures[0].read_bytes().count(b"\n") == 1 + 6
    assert not folder.exists()


def pieces(folder: Path) -> dict[str, int]:
    """Return the files of pieces and their inodes."""
    return {path.name: path.stat().st_ino for path in folder.glob("0*.parquet")}


def test_pieces_are_taken_from_the_folder(source: Path, tmp_path: Path):
    """The proof that they are not done again: a piece that was changed is in the result."""
    out = tmp_path / "next.parquet"
    folder = stopped(source, out, after=3)
    (folder / f"{10:012}.parquet").write_bytes((folder / f"{0:012}.parquet").read_bytes())
    resumed(source, out)
    assert pd.read_parquet(out).unique_id.value_counts()["s000"] == 6


def test_a_run_that_was_killed_at_its_very_end_goes_on(source: Path, tmp_path: Path):
    out = tmp_path / "next.csv"
    folder = stopped(source, out, after=24)
    (folder / "whole.csv").write_text("half of it")
    resumed(source, out)
    assert len(pd.read_csv(out)) == 240 * 3
    assert not folder.exists()


def test_another_run_is_refused_and_nothing_is_touched(source: Path, tmp_path: Path):
    out = tmp_path / "next.parquet"
    folder = stopped(source, out, after=2)
    before = pieces(folder)
    with pytest.raises(FileError, match=r"unfinished run is kept\. Go on with it with --resume, or remove the folder"):
        fit_forecast(Pieces(source, most_series=10), RECIPE, **OPTIONS, out=out)
    refusals = {
        r"differs in level: \[80.0, 95.0\] there, \[50.0\] here": {"level": 50},
        "differs in horizon: null there, 2 here": {"horizon": 2},
        "differs in pieces": {"most_series": 20},
    }
    for message, options in refusals.items():
        with pytest.raises(ParameterError, match=message):
            resumed(source, out, **options)
    with pytest.raises(ParameterError, match="differs in recipe"):
        fit_forecast(Pieces(source, most_series=10), sc.classic(epochs=21, horizon=3), **OPTIONS, out=out, resume=True)
    os.utime(source, ns=(1, 1))
    with pytest.raises(ParameterError, match="differs in input"):
        resumed(source, out)
    assert pieces(folder) == before
    assert not out.exists()


def test_another_weight_of_a_trained_network_is_another_run(many: pd.DataFrame):
    pretrained = sc.shared(epochs=1, members=1, horizon=3).fit(many[many.unique_id > "s210"]).pretrained
    networks = pretrained.model.networks
    weights = networks.weights.copy()
    weights[0, weights.shape[1] // 2] = np.nextafter(weights[0, weights.shape[1] // 2], np.float32(9))
    other = replace(pretrained, model=replace(pretrained.model, networks=replace(networks, weights=weights)))
    one, same, differs = (
        journal(Pieces(many), recipe, {}, resume=False)["recipe"] for recipe in (pretrained, replace(pretrained), other)
    )
    assert one == same
    assert one != differs


def test_a_folder_of_something_else_is_refused(source: Path, tmp_path: Path):
    folder = tmp_path / "next.csv.parts"
    folder.mkdir()
    (folder / "letters.txt").write_text("mine")
    with pytest.raises(FileError, match="expected an unfinished run, got something else"):
        resumed(source, tmp_path / "next.csv")
    assert (folder / "letters.txt").read_text() == "mine"


def test_there_may_be_nothing_to_go_on_with(source: Path, tmp_path: Path):
    run = resumed(source, tmp_path / "next.csv")
    assert run.resumed == 0
    assert len(pd.read_csv(tmp_path / "next.csv")) == 240 * 3


def test_a_panel_in_memory_is_known_by_its_values(many: pd.DataFrame, tmp_path: Path):
    out = tmp_path / "next.csv"
    stopped(sc.read(many), out, after=3)
    other = many.assign(y=many.y.where(many.index != 5, 0.5))
    with pytest.raises(ParameterError, match="differs in input"):
        resumed(sc.read(other), out)
    with pytest.raises(ParameterError, match="nothing tells whether this input is the same"):
        resumed(many, out)
    assert resumed(sc.read(many), out).resumed == 30
