"""Tables of Dask, Ray and Spark: forecast where they are, to the bits of one machine, and given back in their kind."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.cli import run
from statecast.distributed import Task, _cluster_table, fit_forecast, forecast_table
from statecast.distributed._connect import kind_of
from statecast.errors import DataError, FileError, ParameterError
from statecast.series import Roles

ONE = sc.auto(epochs=3, members=2)


def to_cluster(cluster, frame):
    """Return a frame as a table of the cluster, in three parts."""
    kind = type(cluster).__module__.partition(".")[0]
    if kind == "distributed":
        from dask.dataframe import from_pandas

        return from_pandas(frame, npartitions=3)
    if kind == "ray":
        from ray.data import from_pandas

        return from_pandas(frame).repartition(3)
    return cluster.createDataFrame(frame).repartition(3)


def from_cluster(table):
    """Return a table of a cluster as a frame of plain columns."""
    kind = type(table).__module__.partition(".")[0]
    frame = getattr(table, {"dask": "compute", "ray": "to_pandas", "pyspark": "toPandas"}[kind])()
    numbers = {name: np.asarray(frame[name], dtype=np.float64) for name in frame.columns[2:]}
    return pd.DataFrame({"unique_id": frame["unique_id"].astype(object), "ds": frame["ds"], **numbers})


def same(frame, run):
    """Say whether a frame is the forecast of a run, sorted by series and time."""
    expected = run.forecast.to_frame().sort_values(["unique_id", "ds"]).reset_index(drop=True)
    times = pd.to_datetime(frame["ds"]).to_numpy().astype("M8[us]") == expected["ds"].to_numpy().astype("M8[us]")
    return (
        frame["unique_id"].tolist() == expected["unique_id"].tolist()
        and list(frame.columns) == list(expected.columns)
        and times.all()
        and all(np.array_equal(frame[name], expected[name]) for name in expected.columns[2:])
    )


@pytest.fixture(scope="module")
def rows(many):
    """Return the rows of many series out of order, one series without a value among them."""
    blank = pd.DataFrame({"unique_id": "blank", "ds": [many.ds.max()], "y": [np.nan]})
    return pd.concat([many, blank]).sample(frac=1, random_state=3, ignore_index=True)


def test_the_bits_are_those_of_one_machine_though_a_worker_is_killed(cluster, rows, tmp_path, monkeypatch):
    marker = tmp_path / "killed"

    class Deadly(Task):  # in here, so that it is sent to the workers as it stands
        def __call__(self, piece) -> object:
            try:
                with marker.open("x") as file:
                    file.write(str(os.getpid()))
            except FileExistsError:
                return Task.__call__(self, piece)
            os.kill(os.getpid(), signal.SIGKILL)

    alone = fit_forecast(rows, ONE, horizon=4, level=80)
    table = to_cluster(cluster, rows)
    monkeypatch.setattr(_cluster_table, "Task", Deadly)
    spread = forecast_table(table, ONE, horizon=4, level=80)
    assert int(marker.read_text()) != os.getpid()
    assert type(spread.table).__module__.partition(".")[0] == type(table).__module__.partition(".")[0]
    assert same(from_cluster(spread.table), alone)
    assert spread.series == alone.series == 241
    told = {(one.unique_id, one.method) for one in spread.failures}
    assert told == {(one.unique_id, one.method) for one in alone.failures}
    assert ("blank", "none") in told
    assert "Found out from 20 series; the others are read like these." in spread.notes


def test_other_names_counted_time_and_covariates(cluster, many):
    frame = many.rename(columns={"unique_id": "shop", "y": "sold"})
    frame["ds"] = frame.groupby("shop").cumcount() + 1
    frame["price"] = np.random.default_rng(4).normal(5, 1, len(frame)).round(2)
    frame = frame.rename(columns={"ds": "week"})
    panel = sc.read(frame, target="sold", id="shop", time="week", past="price", season=4)
    roles = Roles(target="sold", id="shop", time="week", past="price", season=4)
    spread = forecast_table(to_cluster(cluster, frame), ONE, horizon=3, roles=roles, partitions=3)
    expected = fit_forecast(panel, ONE, horizon=3).forecast.to_frame().sort_values(["unique_id", "ds"])
    found = from_cluster(spread.table)
    assert found["ds"].tolist() == expected["ds"].tolist()
    assert np.array_equal(found["mean"], expected["mean"])


def write_parts(rows, folder):
    """Write rows to a folder of three files."""
    folder.mkdir()
    for k, part in enumerate(np.array_split(np.arange(len(rows)), 3)):
        rows.iloc[part].to_parquet(folder / f"{k}.parquet", index=False, coerce_timestamps="us")


def test_a_folder_of_parquet_is_read_and_written_by_the_cluster(cluster, rows, tmp_path):
    folder = tmp_path / "in"
    write_parts(rows, folder)
    out = tmp_path / "out"
    run = forecast_table(f"file://{folder}", ONE, horizon=4, out=out, engine=cluster)
    assert (run.table, run.folder) == (None, out)
    assert sorted(os.listdir(tmp_path)) == ["in", "out"]
    written = pd.read_parquet(out).sort_values(["unique_id", "ds"], ignore_index=True)
    assert same(written, fit_forecast(rows, ONE, horizon=4))
    with pytest.raises(FileError, match="is not there yet"):
        forecast_table(f"file://{folder}", ONE, out=out, engine=cluster)
    with pytest.raises(FileError, match="cannot be read"):
        forecast_table(f"file://{tmp_path}/none", ONE, engine=cluster)


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_the_command_line_takes_an_address_of_parquet(cluster, rows, tmp_path, capsys, scheme):
    write_parts(rows, tmp_path / "all sales")
    out = tmp_path / "a forecast"
    options = ["--engine", kind_of(cluster), "--out", f"{scheme}{out}", "--json"]
    recipe = ["--epochs", "3", "--members", "2", "--horizon", "4", "--level", "80"]
    assert run(["forecast", f"file://{tmp_path}/all sales", *options, *recipe]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["series"], len(said["failures"]), said["out"]) == (241, 7, str(out))
    written = pd.read_parquet(out).sort_values(["unique_id", "ds"], ignore_index=True)
    assert same(written, fit_forecast(rows, replace(ONE, horizon=4), level=80))
    assert run(["forecast", f"file://{tmp_path}/none", *options[:2], "--out", f"{tmp_path}/b"]) == 2
    assert f"file://{tmp_path}/none cannot be read" in capsys.readouterr().err
    assert sorted(os.listdir(tmp_path)) == ["a forecast", "all sales"]


def test_nothing_is_left_of_a_run_that_fails(cluster, rows, tmp_path):
    wrong = rows.assign(y=rows.y.astype(object).where(rows.unique_id != "s100", "many").astype(str))
    with pytest.raises(DataError, match="'many'"):
        forecast_table(to_cluster(cluster, wrong), ONE, out=tmp_path / "out")
    assert os.listdir(tmp_path) == []


def test_a_shared_recipe_learns_here_from_all_series_or_some(cluster, many):
    recipe = sc.shared(members=1, epochs=2, units=8)
    table = to_cluster(cluster, many)
    spread = forecast_table(table, recipe, horizon=3, level=80)
    alone = fit_forecast(many, recipe, horizon=3, level=80).forecast.to_frame()
    found = from_cluster(spread.table)
    for name in (
        "mean",
        "lo-80",
        "hi-80",
    ):  # the same series in another order: sums of their slopes are rounded otherwise
        assert found[name].to_numpy() == pytest.approx(alone[name].to_numpy(), rel=0.05)
    some = forecast_table(table, recipe, horizon=3, most_values=2000)
    assert any("one in 4 of all" in note for note in some.notes)


def test_a_table_without_a_name_for_its_series_is_refused(cluster, many):
    table = to_cluster(cluster, many.rename(columns={"unique_id": "shop"}))
    with pytest.raises(ParameterError, match="name the id column"):
        forecast_table(table, ONE)
