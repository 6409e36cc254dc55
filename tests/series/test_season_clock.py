"""Season clocks: places of steps that are longer, and shorter, than the clocks move."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

import statecast as sc
from statecast.series import SeasonClock

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
