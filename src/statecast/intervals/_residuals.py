"""Residuals: how far off a walk over the history was, and the bounds and sample paths of a forecast that follow."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from statecast.intervals._changes import Changes
from statecast.intervals._common import Pool
from statecast.intervals._paths import correlations, shares, typical
from statecast.intervals._spread import OF_MEAN, PRIOR, Spread
from statecast.intervals._student import Student
from statecast.intervals._totals import Array, Index
from statecast.series import Sequences
from statecast.storage import storable

GROWTH = 2 / 3
"""Errors grow with this power of the forecast in series above zero: between steady errors and a steady share."""

FREE = 0.5
"""Independent errors that an origin counts for: those of one origin, and of neighbours, go together."""

MANY = 50
"""Origins from which on the errors have a shape of their own."""

_NORMAL = 1000.0  # degrees of freedom from which on Student's t is normal
_JITTER = 1e-9  # so that correlations of 1 have a root as well


@dataclass(frozen=True, eq=False)
class Errors:
    """Errors of a walk, a row an error, by series, then origin, then step.

    Attributes
    ----------
    values : float64 [R]
        Observation less forecast, in the forecast's unit (``units``).
    series, steps : int64 [R]
        Whose they are, and how far ahead: 1, 2, ..
    origins : int64 [S]
        How many each series was forecast from.
    """

    values: Array
    series: Index
    steps: Index
    origins: Index

    @classmethod
    def joined(cls, walks: Sequence[tuple[Index, Array]], count: int) -> Errors:
        """Return those of several walks, each over the series of these numbers among so many."""
        parts = [(series, cls.of(walked)) for series, walked in walks]
        none, empty = np.zeros(0), np.zeros(0, np.int64)
        values = np.concatenate([none, *(errors.values for _, errors in parts)])
        series = np.concatenate([empty, *(of[errors.series] for of, errors in parts)])
        steps = np.concatenate([empty, *(errors.steps for _, errors in parts)])
        order = np.argsort(series, kind="stable")
        origins = np.bincount(series[steps == 1], minlength=count)
        return cls(values[order], series[order], steps[order], origins)

    @classmethod
    def of(cls, walked: Array) -> Errors:
        """Return those of a walk, [S, K, h], without what is NaN."""
        series, origin, step = np.nonzero(np.isfinite(walked))
        origins = np.bincount(series[step == 0], minlength=len(walked))
        return cls(walked[series, origin, step], series, step + 1, origins)


@storable
@dataclass(frozen=True, eq=False)
class Residuals:
    """What the errors of a walk say of every series; the errors themselves are not kept, they would be most of all.

    Attributes
    ----------
    origins : int64 [S]
        How many each series was forecast from.
    smallest : float64 [S]
        The smallest observation of every series.
    spread : Spread
        How the errors grow with the horizon.
    together : float64 [S]
        How much the errors of a path go together.
    ascending : Sequences
        Errors by their spread, sorted, of each series that has a shape of its own; none of the others.
    pool : Pool or None
        What the errors of all series say together, for a shared recipe; each series is on its own if None.
    """

    origins: Index
    smallest: Array
    spread: Spread
    together: Array
    ascending: Sequences
    pool: Pool | None = None

    @classmethod
    def of(cls, errors: Errors, smallest: Array, changes: Changes) -> Residuals:
        """Summarise errors; ``changes`` are those of the series' own values, in the same unit."""
        series, steps, origins = errors.series, errors.steps, errors.origins
        spread = Spread.of(errors.values, series, steps, origins, changes)
        size = spread.steps(changes.variance.shape[1])[series, steps - 1]
        scaled = errors.values / np.where(size > 0, size, 1.0)
        together = shares(scaled, series, steps, origins, spread)
        own = np.flatnonzero((origins > MANY)[series])
        ascending = scaled[own[np.lexsort((scaled[own], series[own]))]]
        counts = np.bincount(series[own], minlength=len(origins))
        return cls(origins, smallest, spread, together, Sequences.of(ascending, counts))

    @classmethod
    def pooled(cls, errors: Errors, smallest: Array, spread: Spread, pool: Pool) -> Residuals:
        """Summarise errors that are pooled; ``spread`` is that of the changes."""
        none = Sequences.of(np.zeros(0), np.zeros(len(smallest), np.int64))
        bare = cls(errors.origins, smallest, spread, np.ones(len(smallest)), none, pool)
        size = bare._steps(int(errors.steps.max(initial=1)))[errors.series, errors.steps - 1]
        scaled = errors.values / np.where(size > 0, size, 1.0)
        return replace(bare, together=shares(scaled, errors.series, errors.steps, errors.origins, spread))

    @classmethod
    def joined(cls, blocks: Sequence[Residuals], places: Sequence[Index]) -> Residuals:
        """Put blocks together: the series of each are at these places among all."""
        order = np.argsort(np.concatenate(places))
        origins, smallest, together = (
            np.concatenate([getattr(block, name) for block in blocks])[order]
            for name in ("origins", "smallest", "together")
        )
        weight, variance = (
            np.concatenate([getattr(block.spread, name) for block in blocks])[order] for name in ("weight", "variance")
        )
        values, lengths = (
            np.concatenate([getattr(block.ascending, name) for block in blocks]) for name in ("values", "lengths")
        )
        ascending = Sequences.of(values, lengths).select(order)
        return cls(origins, smallest, Spread(weight, variance), together, ascending)

    def bounds(self, mean: Array, levels: tuple[float, ...], one_ahead: bool = False) -> tuple[Array, Array]:
        """Return the lower and upper bounds [S, L, h] of point forecasts [S, h] at levels in percent.

        The forecasts are those 1 to h steps ahead; or each is one step ahead, from its own origin.
        """
        share = np.array(levels) / 100
        width = units(mean, self.smallest) * self._steps(1 if one_ahead else mean.shape[1])
        low, high = self._shape((1 - share) / 2), self._shape((1 + share) / 2)
        lower, upper = (
            mean[:, np.newaxis] + side[:, :, np.newaxis] * width[:, np.newaxis]
            for side in (np.minimum(low, 0.0), np.maximum(high, 0.0))
        )
        floor = self._floor[:, np.newaxis, np.newaxis]
        return np.maximum(lower, floor), np.maximum(upper, floor)

    def typical(self) -> tuple[Array, Array]:
        """Return the mean size of an error one step ahead, in units, and from how many origins it is known, [S]."""
        return self._steps(1)[:, 0] / OF_MEAN, self._seen.astype(np.float64)

    def paths(self, mean: Array, ids: tuple[str, ...], paths: int, seed: int) -> Array:
        """Draw paths around point forecasts [S, h], [S, paths, h]: a draw depends on seed, id and series alone.

        A path is drawn from a multivariate Student's t distribution, whose marginals are those of the bounds: how far
        the spread itself is off is common to all its steps.
        """
        horizon = mean.shape[1]
        width = units(mean, self.smallest) * self._steps(horizon)
        exponents, together = typical(self.spread), self.together
        result = np.empty((len(mean), paths, horizon))
        for s, name in enumerate(ids):
            rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
            mixed = together[s] * correlations(exponents[s], horizon) + (1 - together[s]) * np.eye(horizon)
            root = np.linalg.cholesky(mixed + _JITTER * np.eye(horizon))
            student = self._student(int(self._seen[s]))
            common = np.sqrt(student.freedom / rng.chisquare(student.freedom, (paths, 1)))
            drawn = common * (rng.standard_normal((paths, horizon)) @ root.T)
            if own := self._own[s]:
                drawn += own * (self._ranked(np.array(s), student.distribution(drawn)) - drawn)
            result[s] = mean[s] + width[s] * drawn
        return np.maximum(result, self._floor[:, np.newaxis, np.newaxis])

    def _shape(self, probabilities: Array) -> Array:
        """Return the quantiles of errors by their spread, [S, P]."""
        result = np.empty((len(self.origins), len(probabilities)))
        for origins in np.unique(self._seen):
            result[self._seen == origins] = self._student(origins).quantiles(probabilities)
        own = np.flatnonzero(self._own)
        ranked = self._ranked(own[:, np.newaxis], probabilities)
        result[own] += self._own[own, np.newaxis] * (ranked - result[own])
        return result

    def _ranked(self, series: Index, probabilities: Array) -> Array:
        """Return quantiles by rank among n + 1, as in conformal prediction (Vovk, Gammerman and Shafer, 2005)."""
        if self.pool is not None:
            shape = self.pool.common.ascending
            first, count = np.zeros_like(series), np.full_like(series, len(shape))
        else:
            shape = self.ascending.values
            first, count = self.ascending.offsets[series], self.ascending.lengths[series]
        ranks = np.clip((count + 1) * probabilities - 1, 0, count - 1)
        below = ranks.astype(np.int64)
        above = np.minimum(below + 1, count - 1)
        low, high = shape[first + below], shape[first + above]
        return np.asarray((high - low) * (ranks - below) + low)

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
