"""Size: what goes with the length of a series, from the network to how far it is trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.storage import storable


@storable
@dataclass(frozen=True)
class Size:
    """A network, and how it is trained.

    Attributes
    ----------
    least : int
        Observations from which on it is taken.
    units, epochs, learning_rate
        Of the network and its training.
    trust : float
        Share of the network in the forecast; the most where it is earned.
    streams : int
        Parts of the series that are trained on side by side; 1: the whole series in time order, one update an epoch.
    window : int
        Rows of an update, where there are several streams.
    views : bool
        Whether the network sees what is known of the steps ahead, and the place in the seasons.
    skip : bool
        Whether the head sees the inputs too.
    rates : tuple of float
        Of the smoothing of the level, from which each series gets the best.
    reach : float
        Mean changes that an observation may be away from the level: what is farther counts as so far.
    judged : int or None
        Steps ahead that the rates are judged by; None for the horizon.
    earned : bool
        Whether each series has as much of the trust as its networks are worth on rows held out.
    """

    least: int
    units: int
    epochs: int
    learning_rate: float
    trust: float
    streams: int = 1
    window: int = 24
    views: bool = False
    skip: bool = False
    rates: tuple[float, ...] = tuple(np.arange(0.1, 1.0, 0.05))
    reach: float = 5.0
    judged: int | None = 3
    earned: bool = False

    @property
    def side_by_side(self) -> bool:
        """Whether it is trained on parts of the series side by side."""
        return self.streams > 1

    def given(self, units: int | None, epochs: int | None, learning_rate: float | None, trust: float | None) -> Size:
        """Return this size with the numbers that the user gives."""
        return replace(
            self,
            units=self.units if units is None else units,
            epochs=self.epochs if epochs is None else epochs,
            learning_rate=self.learning_rate if learning_rate is None else learning_rate,
            trust=self.trust if trust is None else trust,
            earned=self.earned and trust is None,
        )


_SLOW = (0.01, 0.02, 0.05, *np.arange(0.1, 1.0, 0.05))
SIZES = (
    Size(0, units=6, epochs=50, learning_rate=0.02, trust=0.5, earned=True),
    Size(300, 16, 30, 0.01, 0.75, streams=4, views=True, rates=_SLOW, judged=None),
    Size(3000, 32, 20, 0.01, 1.0, streams=32, views=True, skip=True, rates=_SLOW, reach=20.0, judged=None),
)


def sizes_of(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places in SIZES of series with so many observations."""
    return np.searchsorted([size.least for size in SIZES], lengths, side="right") - 1
