"""Drawing charts of any kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#1f2933", "#d1495b", "#2e86ab", "#8a8d91")
GRID = "#d8dade"


class Drawable(Protocol):
    """A chart."""

    @property
    def title(self) -> str:
        """What stands above it."""
        ...

    @property
    def height(self) -> float:
        """In inches."""
        ...

    @property
    def margin(self) -> float:
        """To the left, in inches: for what is written beside the axis."""
        ...

    def draw_on(self, ax: Axes) -> None:
        """Draw it, but for the title."""
        ...


def draw(charts: Sequence[Drawable]) -> Figure:
    """Return a figure of charts, one below another; ``figure.savefig("NAME.png")`` writes it, or .svg, .pdf.

    Nothing global is touched: no pyplot, no style, no display.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    heights = [chart.height for chart in charts]
    width, height = 10.0, sum(heights)
    figure = Figure(figsize=(width, height), dpi=120)
    FigureCanvasAgg(figure)
    # margins in inches; a layout engine would draw everything twice to find them
    left, gap = max(chart.margin for chart in charts) / width, 0.9 * len(charts) / height
    figure.subplots_adjust(left, 0.5 / height, 0.965, 1 - 0.4 / height, hspace=gap)
    axes = figure.subplots(len(charts), 1, squeeze=False, height_ratios=heights)[:, 0]
    for chart, ax in zip(charts, axes, strict=True):
        chart.draw_on(ax)
        ax.set_title(chart.title, loc="left", fontweight="bold", parse_math=False)  # names may hold dollar signs
    return figure
