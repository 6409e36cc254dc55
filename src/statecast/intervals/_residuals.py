"""Residuals: how far off a walk over the history was, and the bounds and sample paths of a forecast that follow."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from statecast.intervals._changes import Changes
from statecast.intervals._common import Pool
from statecast.intervals._paths import correlations, shares, typical
from statecast.intervals._spread import PRIOR, Spread
from statecast.intervals._student import Student
from statecast.intervals._totals import Array, Index

GROWTH = 2 / 3
"""Errors grow with this power of the forecast in series above zero: between steady errors and a steady share."""

FREE = 0.5
"""Independent errors that an origin counts for: those of one origin, and of neighbours, go together."""

MANY = 50
"""Origins from which on the errors have a shape of their own."""

_NORMAL = 1000.0  # degrees of freedom from which on Student's t is normal
_JITTER = 1e-9  # so that correlations of 1 have a root as well


@dataclass(frozen=True, eq=False)
class Residuals:
    """Errors of a walk, a row an error, by series, then origin, then step.

    Attributes
    ----------
    errors : float64 [R]
        Observation less forecast, in the forecast's unit (``units``).
    series, steps : int64 [R]
        Whose they are, and how far ahead: 1, 2, ..
    origins : int64 [S]
        How many each series was forecast from.
    smallest : float64 [S]
        The smallest observation of every series.
    changes : Changes
        Of the series' own values, in the same unit.
    pool : Pool or None
        What the errors of all series say together, for a shared recipe; each series is on its own if None.
    """

    errors: Array
    series: Index
    steps: Index
    origins: Index
    smallest: Array
    changes: Changes
    pool: Pool | None = None

    @cached_property
    def spread(self) -> Spread:
        """How the errors grow with the horizon; where they are pooled, how the changes do."""
        if self.pool is not None:
            return self.pool.common.spread(self.changes, self.pool.sizes)
        return Spread.of(self.errors, self.series, self.steps, self.origins, self.changes)

    def bounds(self, mean: Array, levels: tuple[float, ...]) -> tuple[Array, Array]:
        """Return the lower and upper bounds [S, L, h] of point forecasts [S, h] at levels in percent."""
        share = np.array(levels) / 100
        width = units(mean, self.smallest) * self._steps(mean.shape[1])
        low, high = self._shape((1 - share) / 2), self._shape((1 + share) / 2)
        lower, upper = (
            mean[:, np.newaxis] + side[:, :, np.newaxis] * width[:, np.newaxis]
            for side in (np.minimum(low, 0.0), np.maximum(high, 0.0))
        )
        floor = self._floor[:, np.newaxis, np.newaxis]
        return np.maximum(lower, floor), np.maximum(upper, floor)

    def paths(self, mean: Array, ids: tuple[str, ...], paths: int, seed: int) -> Array:
        """Draw paths around point forecasts [S, h], [S, paths, h]: a draw depends on seed, id and series alone.

        A path is drawn from a multivariate Student's t distribution, whose marginals are those of the bounds: how far
        the spread itself is off is common to all its steps.
        """
        horizon = mean.shape[1]
        width = units(mean, self.smallest) * self._steps(horizon)
        exponents, together = typical(self.spread), self._together
        result = np.empty((len(mean), paths, horizon))
        for s, name in enumerate(ids):
            rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
            mixed = together[s] * correlations(exponents[s], horizon) + (1 - together[s]) * np.eye(horizon)
            root = np.linalg.cholesky(mixed + _JITTER * np.eye(horizon))
            student = self._student(int(self._seen[s]))
            common = np.sqrt(student.freedom / rng.chisquare(student.freedom, (paths, 1)))
            drawn = common * (rng.standard_normal((paths, horizon)) @ root.T)
            if own := self._own[s]:
                drawn += own * (_ranked(self._ascending[s], student.distribution(drawn)) - drawn)
            result[s] = mean[s] + width[s] * drawn
        return np.maximum(result, self._floor[:, np.newaxis, np.newaxis])

    def _shape(self, probabilities: Array) -> Array:
        """Return the quantiles of errors by their spread, [S, P]."""
        result = np.empty((len(self.origins), len(probabilities)))
        for origins in np.unique(self._seen):
            result[self._seen == origins] = self._student(origins).quantiles(probabilities)
        for s in np.flatnonzero(self._own):
            result[s] += self._own[s] * (_ranked(self._ascending[s], probabilities) - result[s])
        return result

    def _steps(self, horizon: int) -> Array:
        """Return the standard deviations of the errors 1 .. horizon steps ahead, [S, horizon]."""
        own = self.spread.steps(horizon)
        return own if self.pool is None else own * self.pool.factors[:, np.newaxis] * self.pool.common.ratio(horizon)

    @staticmethod
    def _student(origins: int) -> Student:
        return Student.of(min(max(2.0, FREE * (origins + PRIOR)), _NORMAL))

    @property
    def _floor(self) -> Array:
        """What no series goes below, [S]: zero where none of its observations did."""
        return np.where(self.smallest >= 0, 0.0, -np.inf)

    @property
    def _seen(self) -> Index:
        """Origins that the shape is known from, [S]."""
        return self.origins if self.pool is None else np.full(len(self.origins), self.pool.common.origins)

    @property
    def _own(self) -> Array:
        """How far the shape is the errors' own instead of Student's, [S]."""
        return np.maximum(0.0, 1 - MANY / np.maximum(self._seen, 1))

    @cached_property
    def _scaled(self) -> Array:
        """Errors by the spread of their step, [R]."""
        spread = self._steps(self.changes.variance.shape[1])[self.series, self.steps - 1]
        return self.errors / np.where(spread > 0, spread, 1.0)

    @cached_property
    def _ascending(self) -> list[Array]:
        """Those that give the shape of every series, sorted."""
        if self.pool is not None:
            return [self.pool.common.ascending] * len(self.origins)
        ends = np.searchsorted(self.series, np.arange(1, len(self.origins)))
        return [np.sort(part) for part in np.split(self._scaled, ends)]

    @cached_property
    def _together(self) -> Array:
        """How much the errors of a path go together, [S]."""
        return shares(self._scaled, self.series, self.steps, self.origins, self.spread)


def units(mean: Array, smallest: Array) -> Array:
    """Return what errors of forecasts [S, h] are measured in: a power of the forecast where a series is above zero.

    Forecasts below the smallest observation [S] count as that.
    """
    positive = (smallest > 0)[:, np.newaxis]
    return np.where(positive, np.maximum(mean, np.where(positive, smallest[:, np.newaxis], 1.0)) ** GROWTH, 1.0)


def in_units(values: Array, smallest: Array) -> Array:
    """Return values on a scale on which changes are in the units of the errors; smallest is that of their series."""
    positive = smallest > 0
    rooted = np.where(positive, values, 1.0) ** (1 - GROWTH) / (1 - GROWTH)
    return np.where(positive, rooted, values)


def sizes(values: Array, offsets: Index, smallest: Array) -> Array:
    """Return the mean size of the values of every series, [S], by the scale of ``in_units``; 0 if they never change."""
    size = np.add.reduceat(np.abs(in_units(values, np.repeat(smallest, np.diff(offsets)))), offsets[:-1])
    size = size / np.diff(offsets) * np.where(smallest > 0, 1 - GROWTH, 1.0)
    return np.where(np.maximum.reduceat(values, offsets[:-1]) > smallest, size, 0.0)


def _ranked(ascending: Array, probabilities: Array) -> Array:
    """Return quantiles by rank among n + 1, as in conformal prediction (Vovk, Gammerman and Shafer, 2005)."""
    ranks = np.clip((len(ascending) + 1) * probabilities - 1, 0, len(ascending) - 1)
    return np.interp(ranks, np.arange(len(ascending)), ascending)
