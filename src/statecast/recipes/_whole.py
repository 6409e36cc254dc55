"""Whole numbers: the distribution of counts as a mixture of negative binomials, one a member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_probability = np.frompyfunc(NormalDist().cdf, 1, 1)


@dataclass(frozen=True, eq=False)
class Mixture:
    """Counts of one series, in h steps: each of M members gives a mean and a dispersion, both [M, h].

    A negative binomial has the variance mean + dispersion * mean ** 2. Where a number is fixed, it alone is possible.
    """

    mean: Array
    dispersion: Array
    fixed: float | None = None

    def quantiles(self, probabilities: Array) -> Array:
        """Return the smallest whole numbers that are not exceeded with at least these probabilities, [P, h]."""
        if self.fixed is not None:
            return np.full((len(probabilities), self.mean.shape[1]), self.fixed)
        found = [np.searchsorted(cumulated.mean(axis=0), probabilities) for cumulated in self._cumulated()]
        return np.stack(found, axis=1).astype(np.float64)

    def medians(self) -> Array:
        """Return the median of every member alone, [M, h]."""
        if self.fixed is not None:
            return np.full(self.mean.shape, self.fixed)
        found = [[np.searchsorted(row, 0.5) for row in cumulated] for cumulated in self._cumulated()]
        return np.array(found, np.float64).T

    def told(self) -> Array:
        """Return what tells the first step: its median, how far from that counts are on average, means, dispersions."""
        median, (cumulated, *_) = self.quantiles(np.array([0.5]))[0, :1], self._cumulated()
        below = cumulated.mean(axis=0)
        far = np.where(np.arange(len(below)) < median, below, 1 - below).sum()
        size = 0.0 if self.fixed is not None else far
        return np.concatenate([median, [size], self.mean[:, 0], self.dispersion[:, 0]])

    @classmethod
    def of_told(cls, told: Array) -> Mixture:
        """Return the distributions of steps, each told by itself, [k, 2 + 2 M]."""
        mean, dispersion = np.split(told[:, 2:].T, 2)
        return cls(mean, dispersion)

    def paths(self, count: int, together: float, rng: np.random.Generator) -> Array:
        """Draw paths, [count, h]: each from one member, its steps correlated alike by a normal copula."""
        horizon = self.mean.shape[1]
        if self.fixed is not None:
            return np.full((count, horizon), self.fixed)
        member = rng.integers(len(self.mean), size=count)
        common, own = rng.standard_normal((count, 1)), rng.standard_normal((count, horizon))
        place = _probability(np.sqrt(together) * common + np.sqrt(1 - together) * own).astype(np.float64)
        result = np.empty((count, horizon))
        for step, cumulated in enumerate(self._cumulated()):
            for m, row in enumerate(cumulated):
                result[member == m, step] = np.searchsorted(row, place[member == m, step])
        return result

    def _cumulated(self) -> Iterator[Array]:
        """Give the distribution function of every member, [M, N], for each step; 1 at the last number.

        With r = 1 / dispersion, p(0) = (1 + mean / r) ** -r and p(y) = p(y - 1) (y - 1 + r) / y * mean / (r + mean).
        """
        for mean, dispersion in zip(self.mean.T[:, :, np.newaxis], self.dispersion.T[:, :, np.newaxis], strict=True):
            far = mean + 12 * np.sqrt(mean + dispersion * mean**2) + 15 * dispersion * mean + 20
            y = np.arange(1.0, np.ceil(far.max()) + 1)
            r = 1 / dispersion
            zero = -r * np.log1p(mean * dispersion)
            logs = np.log((y - 1 + r) / (r + mean) * (mean / y))
            cumulated = np.cumsum(np.exp(np.concatenate([zero, zero + np.cumsum(logs, axis=1)], axis=1)), axis=1)
            yield cumulated / cumulated[:, -1:]


@dataclass(frozen=True)
class Told:
    """The intervals of counts one step ahead, from what ``Mixture.told`` gave."""

    @property
    def smallest(self) -> Array:
        """Of no matter: units are those of the distributions."""
        return np.zeros(1)

    def around(self, expected: Array, levels: tuple[float, ...]) -> tuple[Array, Array]:
        """Return the lower and upper bounds [S, L, k] of what was expected one step ahead, [S, k, C]."""
        share = np.array(levels) / 100
        lower, upper = (
            np.stack([self._quantiles(told, side) for told in expected]) for side in ((1 - share) / 2, (1 + share) / 2)
        )
        return lower, upper

    def typical(self) -> tuple[Array, Array]:
        """Return the size of an error in its unit, 1, and how many rows it is known from: it is no estimate."""
        return np.ones(1), np.full(1, np.inf)

    def _quantiles(self, told: Array, probabilities: Array) -> Array:
        fixed = np.broadcast_to(told[:, 0], (len(probabilities), len(told)))
        return np.where(told[:, 1] > 0, Mixture.of_told(told).quantiles(probabilities), fixed)
