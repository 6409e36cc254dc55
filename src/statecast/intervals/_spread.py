"""Spread: how the size of the errors grows with the horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from statecast.intervals._changes import Changes
from statecast.intervals._totals import Array, Index, counts, totals
from statecast.storage import storable

EXPONENTS = np.linspace(0.0, 1.2, 25)
"""Of growth, that are thought possible: 0 for errors that stay as large, 0.5 for a random walk, 1 for a wrong trend."""

_LIKELY = 0.2  # standard deviation of the exponent around that of the changes, before any error is seen
PRIOR = 2.0
"""Origins that the changes of a series weigh as much as."""

OF_MEAN = np.sqrt(np.pi / 2)
"""Standard deviation of a normal variable by its mean absolute value."""


@storable
@dataclass(frozen=True, eq=False)
class Spread:
    """The standard deviation of the errors k steps ahead grows as k ** a, but a is not known for sure.

    Attributes
    ----------
    weight : [S, A]
        How likely each exponent is.
    variance : [S, A]
        A step ahead, if it is that one.
    """

    weight: Array
    variance: Array

    @classmethod
    def of(cls, errors: Array, series: Index, steps: Index, origins: Index, changes: Changes) -> Spread:
        """Estimate it from errors [R] of series and steps, from so many origins [S] each, and the changes.

        The exponents are weighed by Bayes' rule: before, they are near that of the changes; errors are taken for normal
        with a standard deviation in proportion to k ** a, those of step k counting 1/k, as there are so few that do not
        overlap. The changes, as the errors of a method that always works, weigh as much as two origins.
        """
        size, (S, h) = np.abs(errors), changes.variance.shape
        place = series * h + steps - 1
        number, absolute, squares = (
            total.reshape(S, h)
            for total in (counts(place, S * h), totals(size, place, S * h), totals(size * size, place, S * h))
        )
        walked, log_likelihood = _likelihood(number, squares)
        prior = ((EXPONENTS - changes.exponent()[:, np.newaxis]) / _LIKELY) ** 2 / 2
        likelihood = np.exp(log_likelihood - prior - (log_likelihood - prior).max(axis=1, keepdims=True))
        mean = np.zeros((S, len(EXPONENTS)))
        for k in range(1, h + 1):
            mean += absolute[:, k - 1, np.newaxis] / k / k**EXPONENTS
        own = (OF_MEAN * mean / np.maximum(walked, 1)[:, np.newaxis]) ** 2
        of_walk = origins[:, np.newaxis]
        variance = (of_walk * own + PRIOR * of_changes(changes)) / (of_walk + PRIOR)
        return cls(likelihood / likelihood.sum(axis=1, keepdims=True), variance)

    def steps(self, horizon: int) -> Array:
        """Return the standard deviations 1 .. horizon steps ahead, [S, horizon]; they grow on beyond the walk."""
        far = np.arange(1, horizon + 1)[:, np.newaxis] ** (2 * EXPONENTS)
        variances = [(self.weight * self.variance * growth).sum(axis=1) for growth in far]
        return np.asarray(np.sqrt(np.stack(variances, axis=1)))


def _likelihood(number: Array, squares: Array) -> tuple[Array, Array]:
    """Return the number of errors that count, [S], and the logarithm of the likelihood of every exponent, [S, A]."""
    walked = np.zeros(len(number))
    total, logs = (np.zeros((len(number), len(EXPONENTS))) for _ in range(2))
    for k in range(1, number.shape[1] + 1):
        walked += number[:, k - 1] / k
        total += squares[:, k - 1, np.newaxis] / k / k ** (2 * EXPONENTS)
        logs += number[:, k - 1, np.newaxis] / k * EXPONENTS * np.log(k)
    varies = total > 0
    mean = np.where(varies, total, 1.0) / np.maximum(walked, 1)[:, np.newaxis]
    return walked, np.where(varies, -walked[:, np.newaxis] / 2 * np.log(mean) - logs, 0.0)


def of_changes(changes: Changes) -> Array:
    """Return the variance a step ahead that the changes of all lengths have if it grows with each exponent, [S, A]."""
    S, h = changes.variance.shape
    total, logs = np.zeros(S), np.zeros((S, len(EXPONENTS)))
    for k in range(1, h + 1):
        weight = np.where(changes.variance[:, k - 1] > 0, changes.count[:, k - 1], 0.0) / k
        log = np.log(np.where(weight > 0, changes.variance[:, k - 1], 1.0))
        total += weight
        logs += weight[:, np.newaxis] * (log[:, np.newaxis] - 2 * EXPONENTS * np.log(k))
    known = total > 0
    return np.where(known[:, np.newaxis], np.exp(logs / np.where(known, total, 1.0)[:, np.newaxis]), 0.0)
