"""Scale: every column to a range, by its minimum and maximum in the training part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from statecast.checks import number
from statecast.errors import ParameterError
from statecast.series import Sequences
from statecast.storage import storable
from statecast.transforms._base import Array

_AT_ONCE = 10_000  # rows: what is needed in between stays in the cache


@storable
@dataclass(frozen=True)
class Scale:
    """Bring every column of every series to the range low .. high, by a straight line.

    A column that does not vary becomes the middle of the range, and any forecast of it is its constant.

    Parameters
    ----------
    low, high : float
        Where the training part's minimum and maximum come to lie.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series import Sequences
    >>> series = Sequences(np.array([10.0, 20.0, 15.0]), np.array([0, 3]))
    >>> Scale().fit(series).apply(series).values
    array([-1.,  1.,  0.])
    """

    low: float = -1.0
    high: float = 1.0

    def __post_init__(self) -> None:
        if number("low", self.low) >= number("high", self.high):
            raise ParameterError(f"expected low < high, got {self.low} and {self.high}.")

    def fit(self, sequences: Sequences) -> FittedScale:
        """Learn minimum and maximum of every column of every series."""
        columns, starts = sequences.values.reshape(len(sequences.values), -1), sequences.offsets[:-1]
        return FittedScale(self, np.minimum.reduceat(columns, starts), np.maximum.reduceat(columns, starts))


@storable
@dataclass(frozen=True, eq=False)
class FittedScale:
    """Knows minimum and maximum [S, C] of every column; the target is the last one."""

    how: Scale
    minimum: Array
    maximum: Array

    def apply(self, sequences: Sequences) -> Sequences:
        """Scale values [R] or [R, C]."""
        scaled, of_row = np.empty_like(sequences.values), sequences.of_row
        for begin in range(0, len(scaled), _AT_ONCE):
            some = slice(begin, begin + _AT_ONCE)
            scaled[some] = self._scale(sequences.values[some], of_row[some])
        return Sequences(scaled, sequences.offsets)

    def invert(self, forecasts: Array) -> Array:
        """Bring forecasts of the target, [S, h], back to its units."""
        how = self.how
        return self.minimum[:, -1:] + (forecasts - how.low) / (how.high - how.low) * self._extent[:, -1:]

    def invert_next(self, forecasts: Array) -> Array:
        """Bring several forecasts of the next step, [S, n], back to its units."""
        return self.invert(forecasts)

    def advance(self, step: Array) -> tuple[FittedScale, Array]:
        """Scale the next step of every series, [S] or [S, C]; nothing is learnt from it."""
        return self, self._scale(step, slice(None))

    def before_each(self, steps: Array) -> FittedScale:
        """Stand every series before each of its next steps, [S, k] or [S, k, C]: it is the same."""
        return self.repeat(steps.shape[1])

    def select(self, series: NDArray[np.int64]) -> FittedScale:
        """Return the state of some series."""
        return FittedScale(self.how, self.minimum[series], self.maximum[series])

    def repeat(self, times: int) -> FittedScale:
        """Stand every series' state ``times`` times."""
        return FittedScale(self.how, np.repeat(self.minimum, times, 0), np.repeat(self.maximum, times, 0))

    def _scale(self, values: Array, series: NDArray[np.int64] | slice) -> Array:
        low, high = self.how.low, self.how.high
        minimum = self.minimum[series]
        scaled = low + (values.reshape(minimum.shape) - minimum) / self._divisor[series] * (high - low)
        if not self._all_vary:
            scaled = np.where(self._varies[series], scaled, (low + high) / 2)
        return scaled.reshape(values.shape)

    @cached_property
    def _extent(self) -> Array:
        return self.maximum - self.minimum

    @cached_property
    def _varies(self) -> NDArray[np.bool_]:
        return np.asarray(self._extent > np.finfo(np.float64).tiny)

    @cached_property
    def _all_vary(self) -> bool:
        return bool(self._varies.all())

    @cached_property
    def _divisor(self) -> Array:
        return np.where(self._varies, self._extent, 1.0)
