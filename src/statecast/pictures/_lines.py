"""Line charts of series and forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHADE = 0.16
COLOURS = ("#1f2933", "#d1495b", "#2e86ab", "#8a8d91")


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a chart.

    Attributes
    ----------
    label : str
    times : [n], datetime64 or whole numbers
    values : [n]
    dashed : bool
    """

    label: str
    times: NDArray[np.generic]
    values: NDArray[np.float64]
    dashed: bool = False


@dataclass(frozen=True, eq=False)
class Band:
    """A shaded band between two curves.

    Attributes
    ----------
    label : str
    times : [n], datetime64 or whole numbers
    lower, upper : [n]
    """

    label: str
    times: NDArray[np.generic]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


@dataclass(frozen=True)
class Chart:
    """One chart: its title, the name of the vertical axis, its lines, the first drawn first, and the bands behind them.

    Bands have the colour of the second line; they lie on one another, so that the narrower ones are darker.
    """

    title: str
    axis: str
    lines: Sequence[Line]
    bands: Sequence[Band] = ()


def draw(path: Path, charts: Sequence[Chart]) -> None:
    """Draw charts one below another into a file; its ending says in which format.

    Nothing global is touched: no pyplot, no style, no display.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    figure = Figure(figsize=(10, 4.2 * len(charts)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(charts), 1, squeeze=False)[:, 0]
    for chart, ax in zip(charts, axes, strict=True):
        for band in chart.bands:
            ax.fill_between(band.times, band.lower, band.upper, color=COLOURS[1], alpha=SHADE, linewidth=0)
        for line, colour in zip(chart.lines, COLOURS, strict=False):
            marker = "o" if len(line.values) <= 60 else None
            ax.plot(
                line.times,
                line.values,
                color=colour,
                label=line.label,
                linestyle="--" if line.dashed else "-",
                linewidth=1.6,
                marker=marker,
                markersize=3.5,
            )
        ax.set_title(chart.title, loc="left", fontweight="bold")
        ax.set_ylabel(chart.axis)
        ax.grid(axis="y", color="#d8dade", linewidth=0.6)
        ax.spines[["top", "right"]].set_visible(False)
        shades = [
            Patch(color=COLOURS[1], alpha=1 - (1 - SHADE) ** (k + 1), linewidth=0, label=band.label)
            for k, band in enumerate(chart.bands)  # as dark as bands that lie on one another
        ]
        if len(chart.lines) + len(shades) > 1:
            ax.legend(handles=[*ax.get_lines(), *shades], frameon=False)
    figure.savefig(path, dpi=120)
