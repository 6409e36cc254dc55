"""Checkpoint: a fitted recipe as it was some steps ago, and what came since, so that revisions can be taken in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol, Self, TypeVar, cast

import numpy as np

from statecast.intervals._totals import Array
from statecast.series import Covariates, Origin, Revisions, Taken, revised
from statecast.storage import storable

REACH = 100
"""Steps that a checkpoint stands back at least, as soon as there are as many since the fit; twice as many at most."""


class Taking(Protocol):
    """A fitted recipe that takes observations in."""

    @property
    def origin(self) -> Origin:
        """The last observations seen."""
        ...

    def expect(self, taken: Taken) -> Array:
        """Forecast the next observation of every series, [S, C]."""
        ...

    def take(self, taken: Taken) -> Self:
        """Take in observations."""
        ...


T = TypeVar("T", bound=Taking)


@storable
@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A state, and the observations after it; the networks are those of the recipe, and stored once.

    Attributes
    ----------
    fitted : a fitted recipe
        At first as it was fitted. Its origin remembers nothing.
    values : float64 [S, n]
        What was observed since; NaN where a step was missing.
    covariates : Covariates or None
        Of these steps, and what is known of later ones; None where new rows did not tell them.
    """

    fitted: Any  # any storable recipe
    values: Array
    covariates: Covariates | None

    @classmethod
    def at(cls, fitted: Taking) -> Checkpoint:
        """Return that of a recipe as it is, without its own track."""
        return cls(still(fitted, replace(fitted.origin, memory=None)), np.empty((len(fitted.origin.ids), 0)), None)

    def after(self, taken: Taken) -> Checkpoint:
        """Go on with new observations, and move up if they are many."""
        steps, covariates = self.values.shape[1], taken.covariates
        values = np.concatenate([self.values, taken.values], axis=1)
        if steps and covariates is not None:
            covariates = None if self.covariates is None else self.covariates.then(covariates, steps)
        longer = Checkpoint(self.fitted, values, covariates)
        return longer if values.shape[1] <= 2 * REACH else longer._moved(values.shape[1] - REACH)

    def _moved(self, steps: int) -> Checkpoint:
        """Take the first steps in."""
        series, count = self.values.shape
        rows, first, before, later = (
            np.arange(count * series).reshape(series, count),
            np.full(series, steps),
            None,
            None,
        )
        if self.covariates is not None:
            before = self.covariates.window(rows[:, :steps].ravel(), np.zeros(series, np.int64))
            later = self.covariates.window(rows[:, steps:].ravel(), first)
        head = Taken(self.values[:, :steps], self.fitted.origin, before)
        fitted = run(self.fitted, head)[0] if np.isnan(head.values).any() else self.fitted.take(head)
        return Checkpoint(fitted, self.values[:, steps:].copy(), later)

    def revised(self, revisions: Revisions) -> Checkpoint:
        """Return that with other values, as far as it reaches back."""
        return replace(self, values=revised(self.values, revisions))

    def rerun(self, origin: Origin) -> tuple[Any, Array]:
        """Go over the observations anew, up to an origin; return the recipe and what it expected of each, [S, n, C]."""
        return run(self.fitted, Taken(self.values, origin, self.covariates))


def run(fitted: T, taken: Taken) -> tuple[T, Array]:
    """Take in observations a step at a time, each after its forecast; return what was expected as well, [S, k, C].

    A step that is missing takes its forecast in.
    """
    after, expected = fitted, []
    for step in taken.steps():
        expected.append(after.expect(step))
        filled = np.where(np.isnan(step.values), expected[-1][:, :1], step.values)
        after = after.take(replace(step, values=filled))
    return after, np.stack(expected, axis=1)


def still(fitted: T, origin: Origin) -> T:
    """Return a recipe as it is, with another origin that stands where its own does."""
    return fitted.take(Taken(np.empty((len(origin.ids), 0)), origin))


def with_track(fitted: T, track: object) -> T:
    """Return a recipe with another track: every fitted recipe is a dataclass that has one."""
    return cast(T, replace(cast(Any, fitted), track=track))
