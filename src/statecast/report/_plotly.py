"""Charts as Plotly draws them: the same lines, bands and bars as in the pictures, as plain dictionaries.

Colours are variables of the page's stylesheet, in a light and a dark version; the page's script puts them in. Plotly
reads a kind of HTML in labels, so names that come from data go through `label`.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from statecast.pictures import Band, Bars, Chart, Line
from statecast.series import to_local
from statecast.tables import decimals

Figure = dict[str, Any]
"""``data``, ``layout`` and the ``caption`` below; a ``caption`` alone where there is nothing to draw."""

COLOURS = ("var(--ink)", "var(--red)", "var(--blue)", "var(--grey)")

_MARKED, _TOLD = 60, 500  # points of a line, at most, for marks and for words on the bounds around it
_LONGEST, _LONGEST_TITLE = 40, 100  # letters


def label(text: str, longest: int = _LONGEST) -> str:
    """Return a name as Plotly shows it letter by letter, cut where it is very long."""
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return html.escape(" ".join(cut.split()), quote=False)


def line_figure(chart: Chart, since: Any = None) -> Figure:  # noqa: ANN401  # a time stamp or a number
    """Return lines and bands; what is seen at first begins at ``since``, and the rest is a zoom away."""
    numbers = _Numbers.of([*(line.values for line in chart.lines), *(b.lower for b in chart.bands)])
    traces = [trace for band in chart.bands for trace in _band(band, numbers, chart.time_zone)]
    traces += [
        _line(line, colour, numbers, chart.time_zone) for line, colour in zip(chart.lines, COLOURS, strict=False)
    ]
    if chart.bands and len(chart.bands[0].times) <= _TOLD:
        _tell_bands(traces[len(chart.bands) * 2 + 1], chart, numbers)
    y: Figure = {"title": {"text": label(chart.axis)}, "hoverformat": numbers.form}
    layout: Figure = {"xaxis": {}, "yaxis": y}
    if since is not None:
        last = max(line.times[-1] for line in chart.lines)
        room = (last - since) // 40
        layout["xaxis"]["range"] = _stamps(np.array([since - room, last + room]), chart.time_zone)
        y["range"] = _seen(chart, since)
    return {"data": traces, "layout": layout}


def bar_figure(bars: Bars) -> Figure:
    """Return horizontal bars with their spread, the first on top."""
    numbers = _Numbers.of([bars.values, bars.spread])
    places = list(range(len(bars.labels)))
    signs = (COLOURS[2] if value >= 0 else COLOURS[1] for value in bars.values)
    names = [label(name) for name in bars.labels]
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": numbers.listed(bars.values),
        "y": places,
        "customdata": names,
        "error_x": {"array": numbers.listed(bars.spread), "color": COLOURS[0], "thickness": 1, "width": 3},
        "marker": {"color": [COLOURS[3] if f else s for f, s in zip(bars.faint, signs, strict=True)]},
        "hovertemplate": f"%{{customdata}}: %{{x:{numbers.form}}}<extra></extra>",
    }
    rows = {"tickvals": places, "ticktext": names, "range": [len(places) - 0.5, -0.5], "automargin": True}
    layout = {
        "xaxis": {"title": {"text": label(bars.axis, _LONGEST_TITLE)}},
        "yaxis": rows,
        "height": 110 + 22 * len(places),
        "bargap": 0.3,
    }
    return {"data": [trace], "layout": layout}


def column_figure(places: Sequence[float], heights: NDArray[np.float64], x: str, y: str, width: float) -> Figure:
    """Return columns that stand on zero; the names of both axes are the page's own."""
    numbers = _Numbers.of([heights])
    trace = {
        "type": "bar",
        "x": list(places),
        "y": numbers.listed(heights),
        "width": width,
        "marker": {"color": COLOURS[2]},
        "hovertemplate": "%{x}: %{y}<extra></extra>",
    }
    return {"data": [trace], "layout": {"xaxis": {"title": {"text": x}}, "yaxis": {"title": {"text": y}}}}


def level_lines(*heights: float) -> list[Figure]:
    """Return shapes: dashed lines across a chart."""
    dashed = {"color": COLOURS[0], "width": 1, "dash": "dash"}
    across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "line": dashed}
    return [across | {"y0": height, "y1": height} for height in heights]


def _line(line: Line, colour: str, numbers: _Numbers, zone: str | None) -> Figure:
    marked = len(line.values) <= _MARKED or line.hollow
    return {
        "type": "scatter",
        "name": line.label,
        "x": _stamps(line.times, zone),
        "y": numbers.listed(line.values),
        "mode": "lines+markers" if marked else "lines",
        "line": {"color": colour, "width": 1.8, "dash": "dash" if line.dashed else "solid"},
        "marker": {"size": 5, "color": colour, "symbol": "circle-open" if line.hollow else "circle"},
        "hovertemplate": "%{x}<br>%{fullData.name}: %{y}<extra></extra>",
    }


def _band(band: Band, numbers: _Numbers, zone: str | None) -> list[Figure]:
    edge = {
        "type": "scatter",
        "x": _stamps(band.times, zone),
        "mode": "lines",
        "line": {"width": 0, "color": COLOURS[1]},
    }
    both = edge | {"legendgroup": band.label, "hoverinfo": "skip", "name": band.label}
    lower = both | {"y": numbers.listed(band.lower), "showlegend": False}
    upper = both | {"y": numbers.listed(band.upper), "fill": "tonexty", "fillcolor": "var(--shade)"}
    return [lower, upper]


def _tell_bands(trace: Figure, chart: Chart, numbers: _Numbers) -> None:
    """Let the second line of a chart tell the bounds of the bands around it, the narrowest first."""
    told: dict[Any, str] = {}
    for band in reversed(chart.bands):
        for time, low, high in zip(band.times.tolist(), band.lower, band.upper, strict=True):
            bounds = f"<br>{band.label}: {numbers.said(low)} to {numbers.said(high)}"
            told[time] = told.get(time, "") + bounds
    trace["customdata"] = [told.get(time, "") for time in chart.lines[1].times.tolist()]
    trace["hovertemplate"] = trace["hovertemplate"].replace("%{y}", "%{y}%{customdata}")


def _seen(chart: Chart, since: Any) -> list[float]:  # noqa: ANN401
    """Return the range of what is seen from a moment on, with some room."""
    values = [line.values[np.asarray(line.times) >= since] for line in chart.lines]
    values += [np.concatenate([band.lower, band.upper]) for band in chart.bands]
    seen = np.concatenate(values)
    finite = seen[np.isfinite(seen)]
    low, high = float(finite.min()), float(finite.max())
    room = 0.06 * (high - low) or 1.0
    return [low - room, high + room]


def _stamps(times: NDArray[np.generic], zone: str | None) -> list[Any]:
    """Return time stamps as Plotly reads them: text, in the local time of a zone, or whole numbers for a count."""
    if times.dtype.kind != "M":
        return [int(time) for time in times]
    if zone is not None:
        times = to_local(zone, times)
    days, seconds = (times == times.astype(f"M8[{unit}]") for unit in ("D", "s"))
    unit = "D" if days.all() else "s" if seconds.all() else "ms"
    return [str(stamp) for stamp in times.astype(f"M8[{unit}]")]


class _Numbers:
    """Numbers of one chart: with the decimals of a table and one more, so that the page is small."""

    def __init__(self, places: int | None) -> None:
        self._places = places
        self.form = ".4g" if places is None else f",.{places}f"

    @classmethod
    def of(cls, columns: Iterable[NDArray[np.float64]]) -> _Numbers:
        return cls(decimals(float(value) for column in columns for value in column))

    def said(self, value: float) -> str:
        """Return a number as the chart shows it."""
        return format(float(value), self.form)

    def listed(self, values: NDArray[np.float64]) -> list[float | None]:
        """Return numbers for JSON: None where there is none."""
        if self._places is None:
            rounded = (float(f"{value:.6g}") for value in values)
        else:
            rounded = (round(float(value), self._places + 1) for value in values)
        return [value if math.isfinite(value) else None for value in rounded]
