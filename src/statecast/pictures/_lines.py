"""Line charts of series and forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from statecast.pictures._draw import COLOURS, GRID

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHADE = 0.16


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a chart.

    Attributes
    ----------
    label : str
    times : [n], datetime64 or whole numbers
    values : [n]
    dashed : bool
    hollow : bool
        Whether its points are rings: of what was not observed.
    """

    label: str
    times: NDArray[np.generic]
    values: NDArray[np.float64]
    dashed: bool = False
    hollow: bool = False


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

    Bands have the colour of the second line; they lie on one another, so that the narrower ones are darker. Times are
    in UTC, and the axis tells the local time of a time zone, where one is given.
    """

    title: str
    axis: str
    lines: Sequence[Line]
    bands: Sequence[Band] = ()
    time_zone: str | None = None

    @property
    def height(self) -> float:
        """In inches."""
        return 4.2

    @property
    def margin(self) -> float:
        """To the left, in inches."""
        return 1.05

    def draw_on(self, ax: Axes) -> None:
        """Draw it."""
        from matplotlib.patches import Patch

        if self.time_zone is not None:
            ax.xaxis_date(ZoneInfo(self.time_zone))
        for band in self.bands:
            ax.fill_between(band.times, band.lower, band.upper, color=COLOURS[1], alpha=SHADE, linewidth=0)
        for line, colour in zip(self.lines, COLOURS, strict=False):
            marker = "o" if len(line.values) <= 60 or line.hollow else None
            ax.plot(
                line.times,
                line.values,
                color=colour,
                label=line.label,
                linestyle="--" if line.dashed else "-",
                linewidth=1.6,
                marker=marker,
                markersize=3.5,
                zorder=1.9 if line.hollow else 2,  # its ends lie below observed points
                markerfacecolor="white" if line.hollow else colour,
            )
        ax.set_ylabel(self.axis, parse_math=False)
        ax.grid(axis="y", color=GRID, linewidth=0.6)
        ax.spines[["top", "right"]].set_visible(False)
        shades = [
            Patch(color=COLOURS[1], alpha=1 - (1 - SHADE) ** (k + 1), linewidth=0, label=band.label)
            for k, band in enumerate(self.bands)  # as dark as bands that lie on one another
        ]
        if len(self.lines) + len(shades) > 1:
            ax.legend(handles=[*ax.get_lines(), *shades], framealpha=0.8, edgecolor="none")
