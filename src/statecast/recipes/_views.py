"""Views: what a network sees of each step, beside the distance of the series from its level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.recipes._drivers import Drivers
from statecast.storage import storable

Array = NDArray[np.float64]

_BEHIND = 2  # steps before the present whose known columns are seen
_HARMONICS = 3  # of a season
_MOST_COLUMNS = 1024  # of what is known ahead; beyond, the later steps are left out


@storable
@dataclass(frozen=True)
class Views:
    """The columns that a network sees: the distance; the past columns; what is known ahead; the place in the seasons.

    Parameters
    ----------
    horizon : int
        Steps ahead whose known columns are seen; none if 0, and no place in a season then.
    periods : tuple of int
        Steps in the seasons.
    """

    horizon: int
    periods: tuple[int, ...]

    def steps(self, known: int) -> range:
        """Return the steps, from the present one, at which so many known columns are seen."""
        if known == 0 or self.horizon == 0:
            return range(0)
        return range(-_BEHIND, min(self.horizon, max(_MOST_COLUMNS // known - _BEHIND, 1)) + 1)

    def of(
        self, x: Array, steps: NDArray[np.int64], drivers: Drivers | None, counted: NDArray[np.int64] | None = None
    ) -> Array:
        """Return the inputs [n, I] of the steps [n] of one series, whose distances are x [n].

        The seasons count the steps as ``counted`` says, if it does.
        """
        columns = [x[:, np.newaxis]]
        if drivers is not None:
            columns.append(drivers.past_at(steps, np.zeros(drivers.past.shape[1])))
            if seen := self.steps(drivers.known.shape[1]):
                columns.append(drivers.known_at(steps[:, np.newaxis] + np.array(seen)).reshape(len(steps), -1))
        if self.horizon:
            columns.append(self._places(steps if counted is None else counted))
        return np.concatenate(columns, axis=1)

    def _places(self, steps: NDArray[np.int64]) -> Array:
        """Return sines and cosines of the place in every season."""
        turns = [
            2 * np.pi * harmonic * (steps % period) / period
            for period in self.periods
            for harmonic in range(1, min(_HARMONICS, period // 2) + 1)
        ]
        waves = [wave(turn) for turn in turns for wave in (np.sin, np.cos)]
        return np.stack(waves, axis=1) if waves else np.empty((len(steps), 0))
