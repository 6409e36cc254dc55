"""Time zones and daylight saving time, against pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from numpy.testing import assert_array_equal

from statecast.errors import DataError, ParameterError
from statecast.series import Origin, read

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Melbourne", "Asia/Kolkata", "UTC"]


def utc_hours(first: str, count: int, freq: str = "h") -> pd.DatetimeIndex:
    return pd.date_range(first, periods=count, freq=freq, tz="UTC")


def naive(stamps: pd.DatetimeIndex) -> np.ndarray:
    return stamps.tz_localize(None).to_numpy().astype("M8[us]")


def frame(stamps: object) -> pd.DataFrame:
    return pd.DataFrame({"t": stamps, "y": np.arange(float(len(stamps)))})


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("freq", ["h", "30min", "15min"])
def test_local_stamps_of_a_zone_come_back_as_utc(write, zone, freq):
    utc = utc_hours("2023-12-30", 366 * 24, "h") if freq == "h" else utc_hours("2024-10-26", 400, freq)
    local = utc.tz_convert(zone).tz_localize(None)
    panel = read(write(frame(local).to_csv(index=False)), time_zone=zone)
    assert_array_equal(panel.times, naive(utc))
    assert panel.values.tolist() == list(range(len(utc)))
    assert panel.filled is None
    assert any("UTC" in note for note in panel.notes)


def test_rows_that_fall_and_series_that_take_turns():
    utc = utc_hours("2024-10-26", 72)
    local = frame(utc.tz_convert("Europe/Berlin").tz_localize(None))
    assert_array_equal(read(local[::-1], time_zone="Europe/Berlin").values, np.arange(72.0))
    both = pd.concat([local.assign(id="A"), local.assign(id="B")]).sort_index(kind="stable")
    panel = read(both, time_zone="Europe/Berlin", id="id")
    assert_array_equal(panel.values, np.tile(np.arange(72.0), 2))


def test_an_hour_that_does_not_exist_is_refused():
    stamps = pd.date_range("2024-03-31 00:00", periods=6, freq="h")
    with pytest.raises(DataError, match="column 't', row 2: 2024-03-31 02:00 does not exist in Europe/Berlin"):
        read(frame(stamps), time_zone="Europe/Berlin")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_unknown_zones(zone):
    with pytest.raises(ParameterError, match="Europe/Berlin"):
        read(frame(utc_hours("2024-01-01", 5)), time_zone=zone)


# Stamps that say their zone


@pytest.mark.parametrize("style", ["+01:00", "+0100", "Z"])
def test_offsets_in_text(write, style):
    utc = utc_hours("2024-03-30 20:00", 12)
    zone = "UTC" if style == "Z" else "Europe/Berlin"
    cells = [stamp.isoformat() for stamp in utc.tz_convert(zone)]
    if style == "Z":
        cells = [cell.replace("+00:00", "Z") for cell in cells]
    elif style == "+0100":
        cells = [cell[:-3] + cell[-2:] for cell in cells]
    panel = read(write(frame(cells).to_csv(index=False)))
    assert_array_equal(panel.times, naive(utc))
    said = "Time stamps are in UTC." if style == "Z" else "Time stamps were brought to UTC."
    assert any(note.startswith(said) for note in panel.notes)


def test_frames_that_know_their_zone():
    utc = utc_hours("2024-10-26", 60)
    local = utc.tz_convert("America/New_York")
    pl = pytest.importorskip("polars")
    frames = [
        frame(local),
        frame(local).set_index("t"),
        frame(pd.Series(list(local), dtype=object)),
        frame(pd.Series([stamp.to_pydatetime() for stamp in local], dtype=object)),
        pa.Table.from_pandas(frame(local)),
        pl.from_arrow(pa.Table.from_pandas(frame(local))),
    ]
    for data in frames:
        assert_array_equal(read(data).times, naive(utc))


def test_days_keep_their_local_date(write):
    days = pd.date_range("2024-03-28", periods=8, tz="Europe/Berlin")  # 23 hours from the 31st to the 1st
    for data in (frame(days), write(frame([day.isoformat() for day in days]).to_csv(index=False))):
        panel = read(data)
        assert panel.frequency.alias == "D"
        assert_array_equal(panel.times, naive(days))
        assert "Time stamps have a time zone; their local dates were kept." in panel.notes
    utc = frame(days.tz_convert("UTC"))  # 23:00 and 22:00 of the days before
    assert_array_equal(read(utc, time_zone="Europe/Berlin").times, naive(days))


def test_months_of_hours_are_months_of_the_local_date():
    utc = utc_hours("2023-12-31 23:00", 24 * 60)  # the year begins in Berlin
    panel = read(frame(utc).assign(y=1.0), every="month", time_zone="Europe/Berlin")
    assert panel.values.tolist()[0] == 31 * 24
    assert str(panel.times[0])[:10] == "2024-01-01"


def test_a_zone_takes_dates():
    with pytest.raises(ParameterError, match="takes dates"):
        read(pd.DataFrame({"t": range(5), "y": range(5)}), target="y", time="t", time_zone="UTC")


def test_new_rows_are_read_in_the_same_zone():
    utc = utc_hours("2024-10-26", 60)
    local = frame(utc.tz_convert("Europe/Berlin").tz_localize(None))
    start = Origin.of(read(local[:59], time_zone="Europe/Berlin"))
    assert start.take(local[59:]).values.tolist() == [[59]]
    aware = frame(utc.tz_convert("Europe/Berlin"))
    start = Origin.of(read(aware[:59]))
    assert start.take(aware[59:]).values.tolist() == [[59]]


def test_holidays_and_weekends_are_those_of_the_local_date():
    pytest.importorskip("holidays")
    utc = utc_hours("2024-10-02", 48)
    panel = read(frame(utc), holidays="DE", calendar=True, time_zone="Europe/Berlin")
    holiday = panel.covariates.known_values[:48, panel.covariates.known.index("holiday")]
    assert np.flatnonzero(holiday).tolist() == list(range(22, 46))  # 22:00 UTC is midnight in summer


# Local stamps without a zone


def test_the_hour_that_is_there_twice_is_recognised(write):
    local = frame(utc_hours("2024-10-26", 60).tz_convert("Europe/Berlin").tz_localize(None))
    path = write(local.to_csv(index=False))
    with pytest.raises(DataError, match=r"2024-10-27 02:00 is already.*end of daylight saving time.*UTC.*--time-zone"):
        read(path)
    half = frame(utc_hours("2024-11-02", 90, "30min").tz_convert("America/New_York").tz_localize(None))
    with pytest.raises(DataError, match=r"daylight saving time.*time_zone="):
        read(half)


def test_other_duplicates_are_not_taken_for_it():
    stamps = pd.date_range("2024-10-26", periods=48, freq="h")
    for twice in ([5], [26, 27], [26, 40]):
        with pytest.raises(DataError, match="Keep one row"):
            read(frame(stamps.append(stamps[twice]).sort_values()))


def test_the_hour_that_is_missing_is_recognised():
    local = frame(utc_hours("2024-03-30", 60).tz_convert("Europe/Berlin").tz_localize(None))
    panel = read(local)
    assert panel.filled.sum() == 1
    assert "daylight saving time" in panel.notes[-1]
    assert "time_zone=" in panel.notes[-1]
    other = read(frame(pd.date_range("2024-03-26", periods=60, freq="h")).drop(index=30))
    assert not any("daylight" in note for note in other.notes)
