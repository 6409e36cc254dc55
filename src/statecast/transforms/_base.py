"""What a transform is: four verbs, fit, apply, invert and advance."""

from __future__ import annotations

from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from statecast.series import Sequences

Array = NDArray[np.float64]


class FittedTransform(Protocol):
    """A transform that has learnt from the training part and knows the last observations.

    Its arrays have a leading axis for the series, S. It is causal: what it gives at a step depends on nothing later.
    """

    def apply(self, sequences: Sequences) -> Sequences:
        """Transform whole series from their start on."""
        ...

    def invert(self, forecasts: Array) -> Array:
        """Bring forecasts of the target, the h steps after the last observation, back to what came in: [S, h]."""
        ...

    def advance(self, step: Array) -> tuple[Self, Array]:
        """Take in the next observation of every series, in constant time.

        Parameters
        ----------
        step : [S] or [S, C]
            With NaN for the target where it is not known yet: the result then tells the inputs of the next step.

        Returns
        -------
        FittedTransform
            A new one that has seen the observation.
        [S] or [S, C]
            The observation transformed.
        """
        ...

    def invert_next(self, forecasts: Array) -> Array:
        """Bring several forecasts of the next observation, [S, n], back to what came in."""
        ...

    def before_each(self, steps: Array) -> Self:
        """Stand every series before each of its next steps, [S * k]: where it is after those that come before.

        Parameters
        ----------
        steps : [S, k] or [S, k, C]
        """
        ...

    def select(self, series: NDArray[np.int64]) -> Self:
        """Return the state of some series, by their numbers."""
        ...

    def repeat(self, times: int) -> Self:
        """Stand every series' state `times` times, one after another: [S * times]."""
        ...


class Transform(Protocol):
    """A transform before it has seen data."""

    def fit(self, sequences: Sequences) -> FittedTransform:
        """Learn from the training part."""
        ...


def moved(tail: Array, step: Array) -> Array:
    """Return the last values [S, n] after the next ones, [S]."""
    newest = step[:, np.newaxis]
    return newest if tail.shape[1] == 1 else np.concatenate([tail[:, 1:], newest], axis=1)


def tails(tail: Array, steps: Array) -> Array:
    """Return the last values before each of the next steps [S, k], from those before the first, [S, n]: [S * k, n]."""
    if steps.shape[1] == 1:
        return tail
    whole = np.concatenate([tail, steps[:, :-1]], axis=1)
    return np.lib.stride_tricks.sliding_window_view(whole, tail.shape[1], axis=1).reshape(-1, tail.shape[1])
