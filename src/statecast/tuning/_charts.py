"""Charts of the winner of a search and the default, in the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from statecast.pictures import Chart
from statecast.series import backtest_charts

if TYPE_CHECKING:
    from statecast.tuning._tune import Tuning


def tuning_charts(
    tuned: Tuning, history: object = None, series: str | Sequence[str] | None = None, rows: int = 0
) -> list[Chart]:
    """Return a chart for each series: what was observed, and what winner and default predicted in the test."""
    tests = (backtest_charts(test, history, series, rows) for test in (tuned.tested, tuned.default))
    charts = []
    for won, usual in zip(*tests, strict=True):
        lines = [won.lines[0], replace(won.lines[1], label="winner"), replace(usual.lines[1], label="default")]
        charts.append(replace(won, lines=lines))
    return charts
