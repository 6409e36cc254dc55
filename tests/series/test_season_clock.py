"""Season clocks: places of steps longer than the change of clocks, and local time in all that tells stamps."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

import statecast as sc
from statecast.series import SeasonClock, forecast_charts

BERLIN = "Europe/Berlin"


def utc_steps(first: str, last: str, freq: str) -> pd.DataFrame:
    stamps = pd.date_range(first, last, freq=freq, tz="UTC", inclusive="left")
    return pd.DataFrame({"t": stamps, "y": np.arange(len(stamps)) % 24 + 1.0})


@pytest.mark.parametrize("freq", ["2h", "3h", "4h", "6h", "12h"])
@pytest.mark.parametrize(("first", "last"), [("2024-06-01", "2025-07-01"), ("2024-01-01", "2025-02-01")])
def test_steps_longer_than_the_clocks_move_keep_their_places(freq, first, last):
    panel = sc.read(utc_steps(first, last, freq), time_zone=BERLIN)
    clock, times = SeasonClock.of(panel), panel.times
    assert clock is not None
    assert set(clock.shift(np.zeros(len(times), np.int64), np.arange(len(times)))) == {0}


@pytest.mark.parametrize(("freq", "steps"), [("h", 1), ("30min", 2), ("15min", 4)])
def test_shorter_steps_are_moved_as_far_as_the_clocks(freq, steps):
    panel = sc.read(utc_steps("2024-06-01", "2025-07-01", freq), time_zone=BERLIN)
    clock, times = SeasonClock.of(panel), pd.DatetimeIndex(panel.times)
    moved = clock.shift(np.zeros(len(times), np.int64), np.arange(len(times)))
    summer = np.array([at.dst().total_seconds() > 0 for at in times.tz_localize("UTC").tz_convert(BERLIN)])
    assert_array_equal(moved, np.where(summer, 0, -steps))


def test_charts_have_local_time():
    panel = sc.read(utc_steps("2024-10-01", "2024-10-26", "h"), time_zone=BERLIN)
    ahead = sc.auto(horizon=4, members=1, epochs=1).fit(panel).forecast(4)
    figure = ahead.plot(panel)
    figure.canvas.draw()
    (ax,) = figure.axes
    assert str(ax.xaxis.get_units()) == BERLIN
    first = mdates.num2date(ax.get_xticks()[0], tz=ZoneInfo(BERLIN))
    assert first.hour == 0  # a tick at the midnight of the clocks
    assert [chart.time_zone for chart in forecast_charts(ahead, panel)] == [BERLIN]


def test_rows_of_an_update_are_told_by_local_time():
    panel = sc.read(utc_steps("2024-10-01", "2024-10-27 02:00", "h"), time_zone=BERLIN)
    updated = sc.auto(horizon=2, members=1, epochs=1).fit(panel.window(None, -2)).update(panel.window(-2, None))
    told = [str(at) for at in updated.watch.rows().to_frame().ds]
    assert told == ["2024-10-27 02:00:00+02:00", "2024-10-27 02:00:00+01:00"]


def test_offsets_alone_bring_a_note_on_the_zone_and_a_named_zone_brings_none():
    frame = utc_steps("2024-10-01", "2024-10-03", "h")
    stamps = pd.DatetimeIndex(frame.t).tz_convert(BERLIN)
    text = sc.read(frame.assign(t=[at.isoformat() for at in stamps]))
    assert any("--time-zone" in note for note in text.notes)
    for named in (sc.read(frame.assign(t=stamps)), sc.read(frame)):  # a zone, and UTC itself
        assert not any("--time-zone" in note for note in named.notes)
