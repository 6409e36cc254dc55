"""Pipeline: transforms one after another, inverted in reverse order."""

from __future__ import annotations

from dataclasses import dataclass

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

    def repeat(self, times: int) -> FittedPipeline:
        """Stand every series' state ``times`` times."""
        return FittedPipeline(tuple(step.repeat(times) for step in self.steps))
