"""Bar charts of influences, with their spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.pictures._draw import COLOURS, GRID

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class Bars:
    """One chart of horizontal bars, the first on top.

    Attributes
    ----------
    title, axis : str
    labels : tuple of str, n
    values, spread : [n]
        Length of each bar, and of the whisker to either side of its end.
    faint : tuple of bool, n
        Which bars are drawn in grey.
    """

    title: str
    axis: str
    labels: tuple[str, ...]
    values: NDArray[np.float64]
    spread: NDArray[np.float64]
    faint: tuple[bool, ...]

    @property
    def height(self) -> float:
        """In inches."""
        return 1.4 + 0.3 * len(self.labels)

    @property
    def margin(self) -> float:
        """To the left, in inches."""
        return min(0.4 + 0.085 * max(map(len, self.labels), default=0), 5.0)

    def draw_on(self, ax: Axes) -> None:
        """Draw it."""
        places = np.arange(len(self.labels))
        signs = [COLOURS[2] if value >= 0 else COLOURS[1] for value in self.values]
        colours = [COLOURS[3] if faint else sign for faint, sign in zip(self.faint, signs, strict=True)]
        ax.barh(places, self.values, xerr=self.spread, color=colours, ecolor=COLOURS[0], capsize=2, height=0.7)
        ax.set_yticks(places, self.labels, parse_math=False)
        ax.set_ylim(len(self.labels) - 0.4, -0.6)
        ax.axvline(0, color=COLOURS[0], linewidth=0.8)
        ax.set_xlabel(self.axis, parse_math=False)
        ax.grid(axis="x", color=GRID, linewidth=0.6)
        ax.set_axisbelow(True)
        ax.spines[["top", "right", "left"]].set_visible(False)
