"""Whole numbers as time: counts, years, and time since 1970."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from statecast.series import Origin, read, read_parts


def count(first: int, last: int) -> pd.DataFrame:
    steps = np.arange(first, last)
    return pd.DataFrame({"step": steps, "y": 100.0 + steps % 7})


@pytest.mark.parametrize(("first", "last"), [(1, 1600), (1000, 1990), (1, 1501), (0, 2000)])
def test_a_count_goes_on_past_numbers_that_could_be_years(first: int, last: int, tmp_path: Path) -> None:
    origin = Origin.of(read(count(first, last), target="y"))
    text = tmp_path / "more.csv"
    count(last, last + 3).to_csv(text, index=False)
    for rows in (count(last, last + 3), text):
        assert origin.take(rows).origin.last.tolist() == [last + 2]


@pytest.mark.parametrize(("first", "last", "doubt"), [(1600, 1990, "1600"), (2000, 2150, "2149"), (1950, 2020, "")])
def test_years_far_from_today_are_a_doubt_with_a_cure(first: int, last: int, doubt: str) -> None:
    panel = read(count(first, last), target="y")
    said = [note for note in panel.notes if note.startswith("Numbers such as")]
    assert panel.frequency.alias == "YS"
    assert said == (
        [f"Numbers such as {doubt} were read as dates; if they count steps, give the frequency 1."] if doubt else []
    )
    counted = read(count(first, last), target="y", freq="1")
    assert counted.times.tolist() == list(range(first, last))


def test_a_frequency_of_one_counts_in_parts_as_well(tmp_path: Path) -> None:
    frame = pd.concat([count(1950, 1960).assign(unique_id=name) for name in "ab"]).rename(columns={"step": "ds"})
    path = tmp_path / "counts.parquet"
    frame.to_parquet(path)
    parts = list(read_parts(path, freq="1", most_values=10))
    assert [panel.times[0].item() for panel in parts] == [1950, 1950]


@pytest.mark.parametrize("unit", ["seconds", "milliseconds", "microseconds", "nanoseconds"])
@pytest.mark.parametrize("as_text", [False, True])
def test_time_since_1970_is_known_by_its_size(unit: str, as_text: bool, tmp_path: Path) -> None:
    hours = pd.date_range("2024-03-01", periods=60, freq="h")
    length = {"seconds": 1, "milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}[unit]
    stamps = hours.to_numpy().astype("datetime64[s]").astype(np.int64) * length
    frame = pd.DataFrame({"t": stamps, "y": np.arange(60) % 24 + 1.0})
    if as_text:
        frame.to_csv(tmp_path / "unix.csv", index=False)
    panel = read(tmp_path / "unix.csv" if as_text else frame, time="t", target="y")
    np.testing.assert_array_equal(panel.times, hours.to_numpy().astype("datetime64[us]"))
    assert panel.frequency.alias == "h"
    assert f"time column 't' ({unit} since 1970)" in panel.notes[0]


def test_dates_with_an_hour_in_digits_are_not_taken_for_seconds() -> None:
    frame = pd.DataFrame({"t": [2024010100 + hour for hour in range(24)], "y": np.arange(24.0)})
    assert read(frame, time="t", target="y").times.dtype.kind == "i"


def test_the_end_of_a_day_is_the_beginning_of_the_next(tmp_path: Path) -> None:
    path = tmp_path / "hours.csv"
    rows = [f"2024-01-{day:02} {hour:02}:00,{hour}" for day in (1, 2) for hour in range(1, 25)]
    path.write_text("\n".join(["hour_ending,load", *rows]) + "\n")
    panel = read(path)
    np.testing.assert_array_equal(panel.times, pd.date_range("2024-01-01 01:00", periods=48, freq="h").to_numpy())
