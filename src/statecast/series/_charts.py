"""Charts of forecasts and of tests, with the end of the history before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.errors import ParameterError
from statecast.pictures import Band, Chart, Line

if TYPE_CHECKING:
    from statecast.series._backtest import Backtest
    from statecast.series._forecast import Forecast
    from statecast.series._panel import Panel

MOST_CHARTS = 6
"""Series that are drawn if none is named."""

_TIMES, _SEASONS = 12, 3


def recent(panel: Panel, series: int, steps: int) -> slice:
    """Return where the end of a series stands in the panel: 12 times as much as is shown beside it, or three seasons.

    All of a long history would leave no room for a few steps.
    """
    first, last = int(panel.offsets[series]), int(panel.offsets[series + 1])
    return slice(max(first, last - max(_TIMES * steps, _SEASONS * panel.frequency.season)), last)


def forecast_charts(
    ahead: Forecast, history: object = None, series: str | Sequence[str] | None = None, by: str = "", rows: int = 0
) -> list[Chart]:
    """Return a chart for each series: the end of its history, at least ``rows`` of it, and the forecast, joined."""
    panel = _panel(history)
    charts = []
    for s in _chosen(ahead.ids, panel, series):
        times, values = ahead.times[s], ahead.mean[s]
        lines = _observed(panel, ahead.ids[s], ahead.mean.shape[1], rows)
        if panel and lines:
            end = int(panel.offsets[panel.ids.index(ahead.ids[s]) + 1]) - 1
            times, values = (np.insert(a, 0, b[end]) for a, b in ((times, panel.times), (values, panel.values)))
        shaded = _bands(ahead.levels, ahead.times[s], {name: bound[s] for name, bound in ahead.bounds.items()})
        target = panel.columns.target if panel else ahead.ids[0] if len(ahead.ids) == 1 else ""
        what = "history and forecast" if lines else "forecast"
        title = f"{_title(ahead.ids, s, target)}: {what}{f' by {by}' if by else ''}"
        charts.append(
            Chart(title, target, [*lines[:1], Line("forecast", times, values), *lines[1:]], shaded, ahead.time_zone)
        )
    return charts


def backtest_charts(
    tested: Backtest, history: object = None, series: str | Sequence[str] | None = None, rows: int = 0
) -> list[Chart]:
    """Return a chart for each series: what was observed in the test and before it, and what was predicted."""
    panel = _panel(history)
    charts = []
    for s in _chosen(tested.ids, panel, series):
        held_out = tested.times.shape[1] + tested.windows * (tested.horizon - 1)
        lines = _observed(panel, tested.ids[s], held_out, rows) or [_of_test(tested, s)]
        title = f"{_title(tested.ids, s, tested.columns.target)}: observed and predicted"
        lines = [*lines[:1], *predicted(tested, s), *lines[1:]]
        charts.append(Chart(title, tested.columns.target, lines, _test_bands(tested, s), tested.time_zone))
    return charts


def predicted(tested: Backtest, s: int) -> list[Line]:
    """Return the lines of a test: all steps from its one origin, or the first and the last step from all of them."""
    if tested.times.shape[1] == 1:
        return [Line("predicted", tested.times[s, 0], tested.mean[s, 0])]
    return [
        Line(
            f"predicted {step + 1} ahead" if tested.horizon > 1 else "predicted",
            tested.times[s, :, step],
            tested.mean[s, :, step],
        )
        for step in sorted({0, tested.horizon - 1})
    ]


def _test_bands(tested: Backtest, s: int) -> list[Band]:
    """Return the bands of the first line of a test."""
    at = (s, 0) if tested.times.shape[1] == 1 else (s, slice(None), 0)
    return _bands(tested.levels, tested.times[at], {name: bound[at] for name, bound in tested.bounds.items()})


def _bands(
    levels: Sequence[float], times: NDArray[np.generic], bounds: Mapping[str, NDArray[np.float64]]
) -> list[Band]:
    """Return a band for each level, the widest first; bounds [n] go by their names in tables."""
    return [Band(f"{level:g} %", times, bounds[f"lo-{level:g}"], bounds[f"hi-{level:g}"]) for level in reversed(levels)]


def _panel(history: object) -> Panel | None:
    from statecast.series._read import to_panel

    return None if history is None else to_panel(history)


def _observed(history: Panel | None, name: str, steps: int, rows: int) -> list[Line]:
    """Return the line of the history before so many steps, if there is one, and that of what was filled in there."""
    if history is None or name not in history.ids:
        return []
    s = history.ids.index(name)
    part = recent(history, s, steps)
    part = slice(min(part.start, max(int(history.offsets[s]), part.stop - rows)), part.stop)
    return observed_lines(
        history.times[part], history.values[part], None if history.filled is None else history.filled[part]
    )


def observed_lines(
    times: NDArray[np.generic], values: NDArray[np.float64], filled: NDArray[np.bool_] | None
) -> list[Line]:
    """Return the line of what was observed and, where there is any, that of what was filled in beside it."""
    if filled is None or not filled.any():
        return [Line("observed", times, values)]
    near = filled | np.append(filled[1:], False) | np.append(False, filled[:-1])
    added = Line("filled in", times, np.where(near, values, np.nan), dashed=True, hollow=True)
    return [Line("observed", times, np.where(filled, np.nan, values)), added]


def _of_test(tested: Backtest, s: int) -> Line:
    """Return what was observed in the test, each moment once."""
    times, first = np.unique(tested.times[s], return_index=True)
    return Line("observed", times, tested.y[s].ravel()[first])


def _chosen(ids: Sequence[str], history: Panel | None, series: str | Sequence[str] | None) -> list[int]:
    """Return the numbers of the series to draw: those named, else the first few, of which there is a history first."""
    if series is None:
        known = set(() if history is None else history.ids)
        return sorted(range(len(ids)), key=lambda s: ids[s] not in known)[:MOST_CHARTS]
    names = [series] if isinstance(series, str) else list(series)
    if unknown := [name for name in names if name not in ids]:
        raise ParameterError(f"series: expected names of series, such as {ids[0]!r}, got {unknown[0]!r}.")
    return [ids.index(name) for name in names]


def _title(ids: Sequence[str], s: int, target: str) -> str:
    return ids[s] if len(ids) > 1 else target
