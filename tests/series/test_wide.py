"""Wide tables, a column a series; and several seasons."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from statecast.errors import DataError, ParameterError
from statecast.series import Frequency, Origin, read, read_future

DAYS = pd.date_range("2024-03-01", periods=5)


def wide(**columns: object) -> pd.DataFrame:
    shops = {"north": [1.0, 2, 3, 4, 5], "south": [9.0, 8, 7, 6, 5], "note": list("abcde")}
    return pd.DataFrame({"day": DAYS, **shops, **columns})


def test_every_column_of_numbers_is_a_series(write):
    for data in (wide(), write(wide().to_csv(index=False))):
        panel = read(data, wide=True)
        assert panel.ids == ("north", "south")
        assert panel.values.tolist() == [1, 2, 3, 4, 5, 9, 8, 7, 6, 5]
        assert panel.columns.target == "value"
        assert panel.covariates is None  # they are not covariates of each other
        assert "2 series in the columns 'north', 'south'" in panel.notes[0]


def test_series_may_begin_and_end_apart():
    panel = read(wide(south=[np.nan, 8, np.nan, 6, np.nan]), wide=True)
    assert panel.lengths.tolist() == [5, 3]
    assert panel.values[5:].tolist() == [8, 7, 6]
    assert panel.filled[5:].tolist() == [False, True, False]


def test_covariates_are_of_all_series():
    frame = wide(heat=range(5))
    panel = read(frame, wide=True, past="heat", known="note")
    assert panel.ids == ("north", "south")
    assert panel.covariates.past_values[:, 0].tolist() == [0, 1, 2, 3, 4] * 2
    ahead = read_future(pd.DataFrame({"day": ["2024-03-06"], "note": ["c"]}), Origin.of(panel))
    assert ahead.known_offsets.tolist() == [0, 1, 2]


def test_new_rows_are_wide_as_well():
    start = Origin.of(read(wide()[:3], wide=True))
    assert start.take(wide()).values.tolist() == [[4, 5], [6, 5]]


def test_what_is_refused():
    with pytest.raises(DataError, match=r"several columns that could be the target, 'north', 'south'.*wide="):
        read(wide())
    with pytest.raises(ParameterError, match="target cannot be named"):
        read(wide(), wide=True, target="north")
    with pytest.raises(ParameterError, match="id cannot be named"):
        read(wide(), wide=True, id="note")
    with pytest.raises(DataError, match="no column of numbers"):
        read(wide()[["day", "note"]], wide=True)


def test_several_seasons():
    hours = pd.DataFrame({"t": pd.date_range("2024-01-01", periods=50, freq="h"), "y": range(50)})
    panel = read(hours, season=(168, 24))
    assert panel.frequency == Frequency("h", 24, (168,))
    assert panel.notes[1] == "Hourly, seasons of 24 and 168, as given."
    assert read(hours, season=[24]).frequency.longer == ()
    assert read(np.arange(50.0), season=(7, 28)).frequency == Frequency("1", 7, (28,))


@pytest.mark.parametrize("season", [(), (24, 24), (1, 24), (24, 0), (24, "x"), "24,168", (24, 2.5)])
def test_seasons_that_cannot_be(season):
    with pytest.raises(ParameterError, match=r"[Ss]eason"):
        read(np.arange(50.0), season=season)
