"""Reading in parts: together they are what is read at once, whatever the order of the rows and the size of a part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from statecast.errors import DataError, FileError, ParameterError
from statecast.series import Panel, Refused, read, read_parts

LENGTHS = (5, 12, 7, 30, 4, 9)
NAMES = ("d", "b", "f", "a", "é", "c")  # not in the order of the alphabet


def table(kind: str = "D") -> pd.DataFrame:
    """Return six series of unlike lengths, a covariate, a category and a column that nobody asks for."""
    rng, parts = np.random.default_rng(1), []
    for name, length in zip(NAMES, LENGTHS, strict=True):
        start = rng.integers(3)
        stamps = pd.date_range("2024-01-01", periods=40, freq="D" if kind == "int" else kind)[start : start + length]
        parts.append(
            pd.DataFrame(
                {
                    "unique_id": name,
                    "ds": stamps if kind != "int" else np.arange(start, start + length),
                    "y": rng.normal(size=length),
                    "heat": rng.normal(size=length),
                    "promo": rng.choice(["no", "yes", "much"], size=length) if name == "a" else "no",
                    "region": "north" if name in "db" else "south",
                    "split": "train",
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def write(frame: pd.DataFrame, path: Path, group: int = 1000) -> Path:
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path, row_group_size=group)
    return path


def check(parts: Sequence[Panel], whole: Panel) -> None:
    """Check that parts are the whole, cut: the same bits, each series once, in the same order."""
    assert [unique_id for part in parts for unique_id in part.ids] == list(whole.ids)
    at = 0
    for part in parts:
        same = whole.select(np.arange(at, at + len(part)))
        at += len(part)
        np.testing.assert_array_equal(part.values, same.values)
        np.testing.assert_array_equal(part.times, same.times)
        np.testing.assert_array_equal(part.offsets, same.offsets)
        assert (part.frequency, part.columns) == (whole.frequency, whole.columns)
        for name in ("filled", "carried"):
            ours, theirs = getattr(part, name), getattr(same, name)
            if ours is None:
                assert theirs is None or name == "carried" or not theirs.any()
            else:
                np.testing.assert_array_equal(ours, theirs)
        if whole.covariates is not None:
            assert part.covariates is not None
            assert part.covariates.is_like(whole.covariates)
            for name in ("past_values", "known_values", "known_offsets", "static_values"):
                np.testing.assert_array_equal(getattr(part.covariates, name), getattr(same.covariates, name))


@pytest.fixture
def few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have rows read seven at a time, and names put together when there are more than three."""
    monkeypatch.setattr("statecast.series._parquet._BATCH", 7)
    monkeypatch.setattr("statecast.series._census._PILE", 3)


ORDERS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "series after series": lambda frame: frame,
    "by date": lambda frame: frame.sort_values("ds", kind="stable"),
    "one series in two pieces": lambda frame: pd.concat([frame[2:], frame[:2]]),
    "backwards": lambda frame: frame[::-1],
    "shuffled": lambda frame: frame.sample(frac=1, random_state=1),
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("most", [1, 12, 20, 1000])
@pytest.mark.parametrize("group", [3, 20, 1000])
def test_parts_are_the_whole_cut(tmp_path: Path, few_at_a_time: None, order: str, most: int, group: int) -> None:
    frame = ORDERS[order](table())
    path = write(frame, tmp_path / "table.parquet", group)
    roles = {"past": "heat", "known": "promo", "static": "region"}
    whole, parts = read(path, **roles), read_parts(path, **roles, most_values=most)
    check(list(parts), whole)
    assert (parts.series, parts.rows) == (6, sum(LENGTHS))
    for number in range(len(parts)):
        first, last = parts.span(number)
        assert (
            last - first == 1 or sum(dict(frame["unique_id"].value_counts())[i] for i in whole.ids[first:last]) <= most
        )


def test_a_part_is_the_same_whatever_is_read_before(tmp_path: Path) -> None:
    path = write(table(), tmp_path / "table.parquet", 10)
    parts = read_parts(path, past="heat", most_values=20)
    assert len(parts) == 4
    in_order = list(parts)
    for number in (3, 1, 1, 0, 2, 0):
        check([parts.read(number)], in_order[number])
    check(list(parts), read(path, past="heat"))
    other = read_parts(path, past="heat", most_values=20)
    check([other.read(3)], in_order[3])


def test_only_the_rows_of_a_part_are_read(tmp_path: Path, few_at_a_time: None) -> None:
    """Damage the values of the last row group: only the part that has them notices."""
    path = write(table(), tmp_path / "table.parquet", 10)
    chunk = pq.ParquetFile(path).metadata.row_group(6).column(2)
    content = bytearray(path.read_bytes())
    content[chunk.data_page_offset : chunk.data_page_offset + 40] = b"x" * 40
    parts = read_parts(write(table(), path, 10), most_values=20)
    whole = list(parts)
    path.write_bytes(content)
    check([parts.read(number) for number in range(3)], read(table()[: sum(LENGTHS[:4])]))
    with pytest.raises(FileError, match="is not a Parquet file that can be read"):
        parts.read(3)
    check([parts.read(0)], whole[0])


@pytest.mark.parametrize("kind", ["int", "h", "MS", "QE", "W-SUN", "B"])
def test_kinds_of_time(tmp_path: Path, kind: str) -> None:
    path = write(table(kind), tmp_path / "table.parquet", 7)
    whole = read(path)
    check(list(read_parts(path, most_values=10)), whole)
    assert whole.columns.id == "unique_id"


def test_whole_numbers_are_read_as_time_alike_in_all_parts(tmp_path: Path) -> None:
    steps = [np.arange(1, 40), np.arange(1600, 1640), np.arange(5, 20)]  # the second could be years
    frame = pd.concat(
        [pd.DataFrame({"unique_id": n, "ds": ds, "y": 1.0 * ds}) for n, ds in zip("abc", steps, strict=True)]
    )
    path = write(frame, tmp_path / "table.parquet", 16)
    check(list(read_parts(path, most_values=40)), read(path))
    years = frame.assign(ds=frame["ds"] % 40 + 1990)
    check(list(read_parts(write(years, path, 16), most_values=40)), read(path))
    assert read(path).frequency.alias == "YS"


@pytest.mark.parametrize("name", ["int64", "large_string", "category"])
def test_kinds_of_ids(tmp_path: Path, name: str) -> None:
    frame = table()
    number = {unique_id: 10 - k for k, unique_id in enumerate(NAMES)}
    ids = pa.array(frame["unique_id"])
    columns = {
        "int64": pa.array(frame["unique_id"].map(number)),
        "large_string": ids.cast(pa.large_string()),
        "category": pa.array(frame["unique_id"].astype("category")),
    }
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"unique_id": columns[name], "ds": frame["ds"], "y": frame["y"]}), path, row_group_size=9)
    whole = read(path)
    assert whole.ids == (tuple(map(str, number.values())) if name == "int64" else NAMES)
    check(list(read_parts(path, most_values=15)), whole)


def test_other_names_of_columns(tmp_path: Path) -> None:
    frame = table().rename(columns={"unique_id": "shop", "ds": "day", "y": "sold"})[["sold", "day", "shop"]]
    path = write(frame, tmp_path / "table.parquet", 10)
    check(list(read_parts(path, id="shop", most_values=10)), read(path, id="shop"))


def test_gaps_are_filled_in_every_part(tmp_path: Path) -> None:
    frame = table().drop(index=[7, 30, 31])
    frame.loc[[20, 44], "y"] = np.nan
    path = write(frame, tmp_path / "table.parquet", 10)
    whole = read(path)
    assert whole.filled is not None
    check(list(read_parts(path, most_values=15)), whole)


def test_folders(tmp_path: Path) -> None:
    frame = table()
    frame["year"] = np.where(frame.index % 2, 2023, 2024)  # so the rows of a series are in both
    for year, rows in frame.groupby("year"):
        folder = tmp_path / "hive" / f"year={year}"
        folder.mkdir(parents=True)
        write(rows.drop(columns="year")[20:], folder / "part-1.parquet")
        write(rows.drop(columns="year")[:20], folder / "part-0.parquet")
    (tmp_path / "hive" / "_temporary").mkdir()
    (tmp_path / "hive" / "_temporary" / "part-2.parquet").write_bytes(b"half")
    whole = read(tmp_path / "hive")
    assert sorted(whole.ids) == sorted(NAMES)
    assert len(whole.values) == len(frame)
    assert whole.notes[0].endswith("4 Parquet files.")
    check(list(read_parts(tmp_path / "hive", most_values=15)), whole)


def test_folders_that_name_the_series(tmp_path: Path) -> None:
    for name, rows in table().groupby("unique_id"):
        folder = tmp_path / f"unique_id={'%C3%A9' if name == 'é' else name}"
        folder.mkdir()
        write(rows[["ds", "y"]], folder / "rows.parquet")
    whole = read(tmp_path)
    assert whole.ids == ("é", "a", "b", "c", "d", "f")  # by the paths
    np.testing.assert_array_equal(whole.values[:4], table().query("unique_id == 'é'")["y"])
    check(list(read_parts(tmp_path, most_values=15)), whole)


def test_folder_of_csv(tmp_path: Path) -> None:
    frame = table()
    for number, rows in enumerate((frame[:20], frame[20:])):
        rows.to_csv(tmp_path / f"part-{number}.csv", index=False)
    whole = read(tmp_path)
    check([whole], read(frame))
    check(list(read_parts(tmp_path, most_values=15)), whole)


def test_what_is_in_memory_is_cut(tmp_path: Path) -> None:
    pl = pytest.importorskip("polars")
    frame = table()
    whole = read(frame)
    for data in (frame, pl.from_pandas(frame), pl.from_pandas(frame).lazy(), pa.Table.from_pandas(frame), whole):
        check(list(read_parts(data, most_values=15)), whole)
    text = frame.astype({"ds": str})  # dates as text may be read in several ways
    check(list(read_parts(write(text, tmp_path / "text.parquet"), most_values=15)), whole)


def test_any_frame_gives_the_same_panel() -> None:
    pl = pytest.importorskip("polars")
    frame = ORDERS["shuffled"](table())
    whole = read(frame, past="heat", static="region")
    others = [
        pl.from_pandas(frame),
        pl.from_pandas(frame).lazy(),
        pl.from_pandas(frame).with_columns(pl.col("unique_id").cast(pl.Categorical)),
        pa.Table.from_pandas(frame),
        frame.astype({"unique_id": "category"}),
        frame.astype({"unique_id": object}),
    ]
    for other in others:
        check([read(other, past="heat", static="region")], whole)


def test_computed_columns_are_the_same_in_all_parts(tmp_path: Path) -> None:
    path = write(table("h"), tmp_path / "table.parquet", 10)
    check(list(read_parts(path, calendar=True, most_values=15)), read(path, calendar=True))


BROKEN = {
    "c": lambda rows: rows.assign(y=np.nan),
    "b": lambda rows: rows.iloc[[0, 1, 10, 11]],  # most stamps are missing
    "é": lambda rows: pd.concat([rows, rows[-1:]]),
    "f": lambda rows: rows.assign(y=[*range(5), np.inf, 5]),
    "d": lambda rows: rows.assign(ds=rows["ds"] + pd.Timedelta("1h")),
}
REASONS = {
    "c": "is missing (9 missing values in all)",
    "b": "more than half of a series",
    "é": "is already in row",
    "f": "infinite",
    "d": "not on the grid",
}


def broken(*names: str) -> pd.DataFrame:
    """Return the table with some series broken, each in its own way."""
    groups = {name: rows for name, rows in table().groupby("unique_id", sort=False)}
    return pd.concat(
        [BROKEN[name](rows) if name in names else rows for name, rows in groups.items()], ignore_index=True
    )


@pytest.mark.parametrize("most", [1, 15, 1000])
@pytest.mark.parametrize("order", ["series after series", "by date", "frame"])
def test_series_that_are_wrong_are_told_of_and_the_others_read(tmp_path: Path, order: str, most: int) -> None:
    frame = broken(*BROKEN)
    good = read(frame[frame["unique_id"] == "a"])
    shown = frame if order == "frame" else ORDERS[order](frame)
    data = shown if order == "frame" else write(shown, tmp_path / "table.parquet", 10)
    told: list[Refused] = []
    parts = read_parts(data, most_values=most, refused=told.append)
    check(list(parts), good)
    index = {unique_id: number for number, unique_id in enumerate(dict.fromkeys(shown["unique_id"]))}
    assert {one.unique_id: one.index for one in told} == {name: index[name] for name in BROKEN}
    for one in told:
        assert f"series {one.unique_id!r}" in one.reason
        assert REASONS[one.unique_id] in one.reason
    stretch = {one.unique_id: None if one.panel is None else one.panel.values.tolist() for one in told}
    original = {name: rows["y"].tolist() for name, rows in table().groupby("unique_id")}
    assert stretch == {
        "c": None,
        "b": original["b"][-2:],
        "é": original["é"][-1:],
        "f": [5.0],
        "d": original["d"],
    }
    assert parts.series == 6


@pytest.mark.parametrize("name", BROKEN)
def test_a_series_that_is_wrong_is_an_error_that_names_it(tmp_path: Path, name: str) -> None:
    path = write(broken(name), tmp_path / "table.parquet", 10)
    with pytest.raises(DataError) as caught:
        list(read_parts(path, most_values=15))
    assert REASONS[name] in str(caught.value)
    assert f"series {name!r}" in str(caught.value) or name == "f"
    with pytest.raises(DataError) as whole:
        read(path)
    assert str(whole.value) == str(caught.value)


def test_a_row_is_named_as_it_is_when_all_is_read(tmp_path: Path) -> None:
    frame = ORDERS["by date"](broken("é"))
    with pytest.raises(DataError) as caught:
        list(read_parts(write(frame, tmp_path / "table.parquet", 10), most_values=15))
    rows = 2 + np.flatnonzero(
        (frame["unique_id"] == "é") & (frame["ds"] == frame["ds"][frame["unique_id"] == "é"].max())
    )
    assert f"row {rows[1]}: " in str(caught.value)
    assert f"is already in row {rows[0]}" in str(caught.value)


def test_a_missing_name_is_an_error(tmp_path: Path) -> None:
    frame = table()
    frame.loc[41, "unique_id"] = None
    with pytest.raises(DataError, match=r"column 'unique_id', row 43: the name of the series is missing"):
        read_parts(write(frame, tmp_path / "table.parquet", 10))


def test_wrong_arguments(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="most_values must be a whole number"):
        read_parts(table(), most_values=0)
    with pytest.raises(FileError, match="there is no such file"):
        read_parts(tmp_path / "none.parquet")
    with pytest.raises(DataError, match="no column 'sold'"):
        read_parts(write(table(), tmp_path / "table.parquet"), target="sold")


def test_a_category_with_too_many_values(tmp_path: Path) -> None:
    frame = table().assign(code=[f"c{k}" for k in range(sum(LENGTHS))])
    with pytest.raises(DataError, match=r"'code' .* holds text with 67 different values"):
        read_parts(write(frame, tmp_path / "table.parquet", 10), past="code")


def test_a_future_table_goes_with_all_parts(tmp_path: Path) -> None:
    """Rows after the last value tell what is known then, in every part."""
    frame = table()
    frame.loc[frame.groupby("unique_id").tail(2).index, "y"] = np.nan
    path = write(frame, tmp_path / "table.parquet", 10)
    whole = read(path, known="heat")
    assert whole.covariates is not None
    assert (np.diff(whole.covariates.known_offsets) - whole.lengths == 2).all()
    check(list(read_parts(path, known="heat", most_values=15)), whole)
