"""Tables written in parts: what pandas reads back is what was given, and a file is there whole or not at all."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from statecast.errors import FileError, ParameterError
from statecast.storage import TableWriter

STAMPS = pd.date_range("2024-01-01", periods=6).to_numpy().astype("datetime64[us]")


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unique_id": ["a", "b,c", 'd"', "é", "5", "x\ny"],
            "ds": STAMPS,
            "lo-80": [1.5, np.nan, -0.1, 1e-7, 1e22, 1 / 3],
            "count": range(6),
        }
    )


def write(path, parts) -> None:
    with TableWriter(path) as writer:
        for part in parts:
            writer.write(part)


def back(path) -> pd.DataFrame:
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, parse_dates=["ds"])


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@pytest.mark.parametrize("form", ["arrays", "arrow"])
def test_what_is_read_back_is_what_was_given(tmp_path, ending, form):
    path, whole = tmp_path / f"table{ending}", frame()
    parts = [whole[:2], whole[2:3], whole[3:]]
    if form == "arrays":
        write(path, [{name: part[name].to_numpy() for name in part} for part in parts])
    else:
        write(path, [pa.Table.from_pandas(part, preserve_index=False) for part in parts])
    read = back(path).astype({"ds": "datetime64[us]"})
    pd.testing.assert_frame_equal(read, whole.astype({"unique_id": read["unique_id"].dtype}))
    assert os.listdir(tmp_path) == [path.name]


def test_text_is_that_of_pandas(tmp_path):
    path, whole = tmp_path / "table.csv", frame().assign(unique_id=list("abcdef"), **{"a,b": [0.5] * 6})
    write(path, [pa.Table.from_pandas(whole, preserve_index=False)])
    assert path.read_text().splitlines()[:3] == whole.to_csv(index=False).splitlines()[:3]
    hours = whole.assign(ds=whole["ds"] + pd.Timedelta("90min"))
    write(path, [pa.Table.from_pandas(hours, preserve_index=False)])
    assert "a,2024-01-01 01:30:00,1.5,0,0.5\n" in path.read_text()
    write(path, [pa.Table.from_pandas(rows, preserve_index=False) for rows in (whole[:1], hours[1:])])
    assert "\na,2024-01-01,1.5" in path.read_text()
    assert ",2024-01-02 01:30:00,," in path.read_text()


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_after_an_error_all_is_as_it_was(tmp_path, ending):
    path = tmp_path / f"table{ending}"
    path.write_text("old")

    def parts():
        yield {"y": np.arange(3.0)}
        raise KeyError("half way")

    with pytest.raises(KeyError, match="half way"):
        write(path, parts())
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == [path.name]
    with TableWriter(path):
        pass
    assert path.read_text() == "old"


def test_an_error_of_the_system_elsewhere_is_not_one_of_the_file(tmp_path):
    with pytest.raises(ConnectionError), TableWriter(tmp_path / "table.csv"):
        raise ConnectionError("elsewhere")


def test_refusals(tmp_path):
    with pytest.raises(FileError, match=r"ends in \.csv or \.parquet"):
        TableWriter(tmp_path / "table.txt")
    with pytest.raises(FileError, match="does not exist"), TableWriter(tmp_path / "no" / "table.csv"):
        pass
    with pytest.raises(ParameterError, match="expected y, got x"):
        write(tmp_path / "table.csv", [{"y": [1.0]}, {"x": [1.0]}])
    assert os.listdir(tmp_path) == []
