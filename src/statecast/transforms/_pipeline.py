"""Pipeline: transforms one after another, inverted in reverse order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.series import Sequences
from statecast.storage import storable
from statecast.transforms._base import Array, FittedTransform, Transform


@dataclass(frozen=True)
class Pipeline:
    """Transforms in the order in which they are applied.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series import Sequences
    >>> from statecast.transforms import Difference, Scale
    >>> past = Sequences(np.array([1.0, 4.0, 9.0]), np.array([0, 3]))
    >>> fitted = Pipeline((Difference(), Scale())).fit(past)
    >>> fitted.invert(np.array([[1.0, 1.0]]))
    array([[14., 19.]])
    """

    steps: tuple[Transform, ...]

    def fit(self, sequences: Sequences) -> FittedPipeline:
        """Fit every transform on what the ones before give of the training part."""
        return self.fit_apply(sequences)[0]

    def fit_apply(self, sequences: Sequences) -> tuple[FittedPipeline, Sequences]:
        """Fit, and give what all transforms together make of the training part."""
        fitted: list[FittedTransform] = []
        for step in self.steps:
            fitted.append(step.fit(sequences))
            sequences = fitted[-1].apply(sequences)
        return FittedPipeline(tuple(fitted)), sequences


@storable
@dataclass(frozen=True, eq=False)
class FittedPipeline:
    """Fitted transforms, with the same four verbs."""

    steps: tuple[FittedTransform, ...]

    def apply(self, sequences: Sequences) -> Sequences:
        """Apply every transform in order."""
        for step in self.steps:
            sequences = step.apply(sequences)
        return sequences

    def invert(self, forecasts: Array) -> Array:
        """Invert every transform, the last one first."""
        for step in reversed(self.steps):
            forecasts = step.invert(forecasts)
        return forecasts

    def advance(self, step: Array) -> tuple[FittedPipeline, Array]:
        """Take the next observation of every series through every transform."""
        moved: list[FittedTransform] = []
        for transform in self.steps:
            after, step = transform.advance(step)
            moved.append(after)
        return FittedPipeline(tuple(moved)), step

    def invert_next(self, forecasts: Array) -> Array:
        """Invert every transform, the last one first, for several forecasts of the next observation, [S, n]."""
        for step in reversed(self.steps):
            forecasts = step.invert_next(forecasts)
        return forecasts

    def before_each(self, steps: Array) -> FittedPipeline:
        """Stand every series before each of its next steps, [S, k]."""
        if steps.shape[1] == 1:
            return self
        standing: list[FittedTransform] = []
        for transform in self.steps:
            standing.append(transform.before_each(steps))
            _, given = standing[-1].advance(steps.reshape(-1, *steps.shape[2:]))
            steps = given.reshape(*steps.shape[:2], *given.shape[1:])
        return FittedPipeline(tuple(standing))

    def select(self, series: NDArray[np.int64]) -> FittedPipeline:
        """Return the state of some series."""
        return FittedPipeline(tuple(step.select(series) for step in self.steps))

    def repeat(self, times: int) -> FittedPipeline:
        """Stand every series' state ``times`` times."""
        return FittedPipeline(tuple(step.repeat(times) for step in self.steps))
