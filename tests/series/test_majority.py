"""The frequency of most series, and what becomes of the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from statecast.errors import DataError
from statecast.series import Settled, read, read_parts
from statecast.series._majority import jury
from statecast.series._sift import Refused


def one(name: str, freq: str = "D", count: int = 40, first: str = "2024-01-01") -> pd.DataFrame:
    stamps = pd.date_range(first, periods=count, freq=freq)
    return pd.DataFrame({"unique_id": name, "ds": stamps, "y": np.arange(count) % 7 + 1.0})


def daily(count: int = 20) -> list[pd.DataFrame]:
    return [one(f"s{number}") for number in range(count)]


ODD = {"monthly": ("MS", 60), "weekly": ("W-MON", 300), "hourly": ("h", 500), "every 2 days": ("2D", 90)}


@pytest.mark.parametrize("word", ODD)
@pytest.mark.parametrize("place", [0, 20])
def test_the_longest_does_not_decide_for_the_others(word: str, place: int, tmp_path: Path) -> None:
    frames = daily()
    frames.insert(place, one("odd", *ODD[word]))
    frame = pd.concat(frames)
    with pytest.raises(DataError, match=rf"series 'odd', .* the series is {word} .* most series are daily \(D\)"):
        read(frame)
    path = tmp_path / "series.parquet"
    frame.to_parquet(path, row_group_size=50)
    for source, most in ((frame, 5_000_000), (path, 5_000_000), (path, 100), (path, 1)):
        told: list[Refused] = []
        parts = list(read_parts(source, most_values=most, refused=told.append))
        assert [one.unique_id for one in told] == ["odd"]
        assert told[0].panel is None  # its steps are not those of the others
        assert [name for panel in parts for name in panel.ids] == [f"s{number}" for number in range(20)]
        assert {panel.frequency.alias for panel in parts} == {"D"}
    settled = Settled.on(frame)
    assert settled.reading.frequency is not None
    assert settled.reading.frequency.alias == "D"


def test_a_majority_of_months_makes_the_days_odd() -> None:
    frame = pd.concat([one("a"), one("b", "MS", 24), one("c", "MS", 24)])
    told: list[Refused] = []
    (panel,) = read_parts(frame, refused=told.append)
    assert (panel.ids, panel.frequency.alias) == (("b", "c"), "MS")
    assert "the series is daily (D), and most series are monthly (MS)" in told[0].reason


def test_of_as_many_the_longest_decides() -> None:
    told: list[Refused] = []
    (panel,) = read_parts(pd.concat([one("a", "MS", 24), one("b")]), refused=told.append)
    assert panel.ids == ("b",)


def test_series_with_gaps_are_not_odd() -> None:
    gaps = one("gaps").drop([3, 4, 10, 11, 12, 20])
    panel = read(pd.concat([*daily(3), gaps]))
    assert panel.ids[-1] == "gaps"
    assert panel.lengths.tolist() == [40] * 4


def test_shops_that_close_on_other_days_are_on_one_grid(tmp_path: Path) -> None:
    def closed(name: str, *days: int) -> pd.DataFrame:
        rows = one(name, count=70)
        return rows[~rows["ds"].dt.day_of_week.isin(days)]

    frame = pd.concat([closed("a", 6), closed("b", 6), closed("c", 0, 6)])
    assert read(frame).frequency.alias == "C-1111110"
    path = tmp_path / "shops.parquet"
    frame.to_parquet(path)
    assert {panel.frequency.alias for panel in read_parts(path, most_values=1)} == {"C-1111110"}
    assert read(pd.concat([frame, closed("d")])).frequency.alias == "D"


def test_a_frequency_that_is_given_holds() -> None:
    panel = read(pd.concat([*daily(3), one("odd", "2D", 20)]), freq="D")
    assert panel.ids[-1] == "odd"


def test_sparse_series_brought_to_periods_are_not_odd() -> None:
    frame = pd.concat([*daily(3), one("odd", "W-MON", 6)])
    assert len(read(frame, every="day")) == 4


def test_a_jury_of_very_long_series_is_small() -> None:
    assert len(jury(np.full(500, 1000))) == 99
    assert len(jury(np.full(500, 1_000_000))) == 9
    assert jury(np.array([3, 9, 9])).tolist() == [1, 2, 0]


def test_many_series_are_read_on_the_same_grid_in_parts(tmp_path: Path) -> None:
    frame = pd.concat([one(f"m{number}", "MS", 60) for number in range(30)] + daily(130))
    path = tmp_path / "series.parquet"
    for order in (frame, frame.sort_values("ds", kind="stable")):
        order.to_parquet(path, row_group_size=400)
        told: list[Refused] = []
        parts = list(read_parts(path, most_values=500, refused=told.append))
        assert {panel.frequency.alias for panel in parts} == {"D"}
        assert sum(map(len, parts)) == 130
        assert len(told) == 30


@pytest.mark.parametrize("share", [0.6, 0.45])
def test_series_with_many_gaps_are_daily(share: float) -> None:
    frame = pd.concat(daily(300)).sample(frac=share, random_state=1)
    told: list[Refused] = []
    parts = list(read_parts(frame, refused=told.append))
    assert {panel.frequency.alias for panel in parts} == {"D"}
    assert not any("most series" in one.reason for one in told)
