"""Log: a series that grows by shares becomes one that grows by steps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.series import Sequences
from statecast.transforms._base import Array


@dataclass(frozen=True)
class Log:
    """The natural logarithm of every series that is above zero throughout and not constant; others stay as they are.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series import Sequences
    >>> two = Sequences(np.array([1.0, np.e, -1.0, 5.0]), np.array([0, 2, 4]))
    >>> Log().fit(two).apply(two).values
    array([ 0.,  1., -1.,  5.])
    """

    def fit(self, sequences: Sequences, wanted: NDArray[np.bool_] | None = None) -> FittedLog:
        """Find the series that have a logarithm, among those that are wanted, [S], if that is said."""
        starts = sequences.offsets[:-1]
        low = np.minimum.reduceat(sequences.values, starts)
        logged = (low > 0) & (np.maximum.reduceat(sequences.values, starts) > low)
        return FittedLog(logged if wanted is None else logged & wanted)


@dataclass(frozen=True, eq=False)
class FittedLog:
    """Knows which series are logged, [S]."""

    logged: NDArray[np.bool_]

    def apply(self, sequences: Sequences) -> Sequences:
        """Log whole series.

        Raises
        ------
        DataError
            If a value of a logged series is not above zero.
        """
        return Sequences(self._log(sequences.values, self.logged[sequences.of_row]), sequences.offsets)

    def invert(self, forecasts: Array) -> Array:
        """Bring forecasts, [S, h], back; the median of what the network sees becomes the median."""
        with np.errstate(over="ignore"):
            return np.where(self.logged[:, np.newaxis], np.exp(forecasts), forecasts)

    def advance(self, step: Array) -> tuple[FittedLog, Array]:
        """Log the next observation of every series, [S].

        Raises
        ------
        DataError
            As in ``apply``.
        """
        return self, self._log(step, self.logged)

    def repeat(self, times: int) -> FittedLog:
        """Stand every series' state ``times`` times."""
        return replace(self, logged=np.repeat(self.logged, times))

    @staticmethod
    def _log(values: Array, logged: NDArray[np.bool_]) -> Array:
        if (wrong := logged & (values <= 0)).any():
            raise DataError(
                f"expected observations above zero, as all were when the recipe was fitted, got {values[wrong][0]:g}. "
                "Fit again with it."
            )
        return np.where(logged, np.log(np.where(logged, values, 1.0)), values)
