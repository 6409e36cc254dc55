"""Line charts of series and forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True)
class Chart:
    """One chart: its title, the name of the vertical axis, and its lines, the first drawn first."""

    title: str
    axis: str
    lines: Sequence[Line]


def draw(path: Path, charts: Sequence[Chart]) -> None:
    """Draw charts one below another into a file; its ending says in which format.

    Nothing global is touched: no pyplot, no style, no display.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = 4.2 * len(charts)
    figure = Figure(figsize=(10, height))
    FigureCanvasAgg(figure)
    # margins in inches; a layout engine would draw everything twice to find them
    figure.subplots_adjust(left=0.105, right=0.965, bottom=0.4 / height, top=1 - 0.4 / height, hspace=0.25)
    axes = figure.subplots(len(charts), 1, squeeze=False)[:, 0]
    for chart, ax in zip(charts, axes, strict=True):
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
        if len(chart.lines) > 1:
            ax.legend(frameon=False)
    figure.savefig(path, dpi=120)
