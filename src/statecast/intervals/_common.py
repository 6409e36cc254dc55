"""What the errors of all series of a shared recipe say together: their size by that of the changes, and their shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from statecast.intervals._changes import Changes
from statecast.intervals._spread import EXPONENTS, OF_MEAN, PRIOR, Spread, of_changes
from statecast.intervals._totals import Array, Index, counts, totals
from statecast.storage import storable

_CHANGES = 2.0  # that the typical movement of all series weighs as much as
_ORIGINS = 8.0  # that the typical errors of all series weigh as much as, for the size of those of one
_LARGEST = 10.0  # an error by its spread counts for no more in a mean: a series that hardly moved decides for no other
_POINTS = 2000  # of the shape that are kept


@storable
@dataclass(frozen=True, eq=False)
class Common:
    """What is alike in all series, learnt from a walk over a panel; small, and good for series that it never saw.

    Attributes
    ----------
    movement : float64 [A]
        Typical variance of a change of one step, by the squared size of the series, if it grows with each exponent.
    ratios : float64 [h]
        The errors 1 .. h steps ahead, by what the changes of their series let expect.
    magnitudes : float64 [Q]
        Errors by their spread, without their sign, in rising order.
    origins : int
        How many the walk had.
    """

    movement: Array
    ratios: Array
    magnitudes: Array
    origins: int

    @classmethod
    def of(cls, errors: Array, series: Index, steps: Index, changes: Changes, sizes: Array) -> Common:
        """Learn it from errors [R] of series and steps, by origin, and changes and sizes [S] of the series before them.

        Changes that the errors are made of would let these seem smaller than new ones.
        """
        movement = _movement(changes, sizes)
        if not movement.any():  # no series moves but as a line or a season does: what is missed of that says how far
            movement = np.full(len(EXPONENTS), _missed(errors, series, steps, sizes))
        width = _spread(movement, changes, sizes).steps(int(steps.max(initial=1)))
        known = width[series, steps - 1] > 0
        errors, series, steps = errors[known], series[known], steps[known]
        scaled = np.abs(errors) / width[series, steps - 1]
        ratios = _ratios(scaled, steps, width.shape[1])
        scaled = scaled / ratios[steps - 1]
        new = (np.diff(series, prepend=-1) != 0) | (np.diff(steps, prepend=0) <= 0)
        origin = np.cumsum(new) - 1
        beside = _beside(scaled, series, steps, origin, len(sizes))
        magnitudes = np.sort(scaled / beside)
        if len(magnitudes) > _POINTS:
            magnitudes = np.quantile(magnitudes, np.linspace(0, 1, _POINTS))
        return cls(movement, ratios, magnitudes, int(new.sum()))

    def factors(self, errors: Array, series: Index, steps: Index, changes: Changes, sizes: Array) -> Array:
        """Return how large the errors of each series are by what all let expect, [S], drawn to 1 by eight origins.

        Errors of step k count 1/k, as there are so few that do not overlap.
        """
        longest = int(steps.max(initial=1))
        width = (self.spread(changes, sizes).steps(longest) * self.ratio(longest))[series, steps - 1]
        size = np.minimum(np.abs(errors) / np.where(width > 0, width, np.inf), _LARGEST)
        count, total = (totals(w, series, len(sizes)) for w in (1 / steps, size / steps))
        return _drawn(counts(series[steps == 1], len(sizes)), count, total)

    def spread(self, changes: Changes, sizes: Array) -> Spread:
        """Return the spread of the changes of series, drawn to the typical one: of a few changes little is known."""
        return _spread(self.movement, changes, sizes)

    def ratio(self, horizon: int) -> Array:
        """Return the ratios of 1 .. horizon steps, [horizon]; that of the longest one beyond it."""
        return self.ratios[np.minimum(np.arange(horizon), len(self.ratios) - 1)]

    @property
    def ascending(self) -> Array:
        """The shape: errors by their spread, either sign of each."""
        return np.concatenate([-self.magnitudes[::-1], self.magnitudes])


@storable
@dataclass(frozen=True, eq=False)
class Pool:
    """What the series of a panel have in common, and what each has of its own.

    Attributes
    ----------
    common : Common
    factors : float64 [S]
        How large the errors of each are by what the changes and all series let expect.
    """

    common: Common
    factors: Array


def _movement(changes: Changes, sizes: Array) -> Array:
    """Return the median over the series that move, [A]."""
    variance = of_changes(changes)
    moves = (sizes > 0) & (variance[:, 0] > 0)
    if not moves.any():
        return np.zeros(len(EXPONENTS))
    return np.asarray(np.median(variance[moves] / sizes[moves, np.newaxis] ** 2, axis=0))


def _missed(errors: Array, series: Index, steps: Index, sizes: Array) -> float:
    """Return the median over series of the mean squared errors, by step and by the size of the series."""
    number = counts(series, len(sizes))
    mean = totals((errors / steps) ** 2, series, len(sizes)) / np.maximum(number, 1)
    known = (number > 0) & (sizes > 0)
    return float(np.median(mean[known] / sizes[known] ** 2)) if known.any() else 0.0


def _spread(movement: Array, changes: Changes, sizes: Array) -> Spread:
    none, index = np.zeros(0), np.zeros(0, np.int64)
    own = Spread.of(none, index, index, np.zeros(len(sizes), np.int64), changes)
    count = changes.count[:, :1]
    variance = (count * own.variance + _CHANGES * movement * sizes[:, np.newaxis] ** 2) / (count + _CHANGES)
    return Spread(own.weight, variance)


def _ratios(scaled: Array, steps: Index, horizon: int) -> Array:
    """Return the size of the errors of every step, each drawn to the step before by two errors.

    They are added in rising order, so that the bits do not depend on the order of the series.
    """
    ratios, before = np.empty(horizon), 1.0
    for k in range(1, horizon + 1):
        size = np.sort(np.minimum(scaled[steps == k], _LARGEST))
        before = ratios[k - 1] = (OF_MEAN * size.sum() + PRIOR * before) / (len(size) + PRIOR)
    return ratios


def _beside(scaled: Array, series: Index, steps: Index, origin: Index, count: int) -> Array:
    """Return the factor of its series that the other origins give, for every error [R].

    An error by a spread that it is itself part of would seem smaller than a new one.
    """
    weight, size = 1 / steps, np.minimum(scaled, _LARGEST)
    origins = counts(np.unique(np.stack([series, origin]), axis=1)[0], count)[series]
    seen, total = (
        totals(w, series, count)[series] - totals(w, origin, len(w))[origin] for w in (weight, weight * size)
    )
    return _drawn(np.maximum(origins - 1, 0.0), seen, np.maximum(total, 0.0))


def _drawn(origins: Array, count: Array, total: Array) -> Array:
    """Return the size of so many errors of a total from some origins, drawn to 1 by eight more."""
    own = OF_MEAN * total / np.where(count > 1e-9, count, 1.0)
    return np.asarray((origins * own + _ORIGINS) / (origins + _ORIGINS))
