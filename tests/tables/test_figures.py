"""Time stamps of a column."""

from __future__ import annotations

from statecast.tables import moments


def test_seconds_stay_where_there_are_any():
    assert moments(["2024-01-01", "2024-01-01 00:00:30"]) == ["2024-01-01 00:00:00", "2024-01-01 00:00:30"]
    assert moments(["7", "8"]) == ["7", "8"]
