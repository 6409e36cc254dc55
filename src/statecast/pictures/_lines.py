"""Line charts of series and forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.pictures._draw import COLOURS, GRID

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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

    @property
    def height(self) -> float:
        """In inches."""
        return 4.2

    def draw_on(self, ax: Axes) -> None:
        """Draw it."""
        for line, colour in zip(self.lines, COLOURS, strict=False):
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
        ax.set_ylabel(self.axis)
        ax.grid(axis="y", color=GRID, linewidth=0.6)
        ax.spines[["top", "right"]].set_visible(False)
        if len(self.lines) > 1:
            ax.legend(frameon=False)
