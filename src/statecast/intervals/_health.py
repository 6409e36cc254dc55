"""Health: errors since the fit against those expected then, and whether a refit is advised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from statecast.intervals._student import Student
from statecast.intervals._totals import Array, Index
from statecast.intervals._track import KEPT, Track

WORSE = 1.25
"""Times as large as expected, from which on errors matter."""

CHANCE = 0.001
"""Probability below which they are no luck: it is low as one asks again after every row."""

FEWEST = 8
"""Steps that are judged."""

_LARGEST = 10.0  # times as large as expected: an error counts for no more, so that one outlier does not decide


@dataclass(frozen=True, eq=False)
class Judgement:
    """Errors one step ahead by the size that was expected when it was fitted, of a panel or of each series.

    Arrays are [S] for the series, and [1] for the panel.

    Attributes
    ----------
    ratio : float64
        Mean size since the fit: 1 is as expected.
    bias : float64
        Mean error since the fit, observation less forecast, by the same: above 0 the forecasts are too low.
    lately : float64
        Mean size in the last steps, at most 100, an error counting for 10 at most.
    p_value : float64
        Probability that luck alone makes it as large; 1 where there are less than 8 steps.
    """

    ratio: Array
    bias: Array
    lately: Array
    p_value: Array

    def is_stale(self, chance: float) -> np.ndarray:
        """Say where errors are larger by what matters, and luck is less likely than so much."""
        return np.asarray((self.lately >= WORSE) & (self.p_value < chance))


@dataclass(frozen=True, eq=False)
class Health:
    """How a fitted recipe has done since it was fitted.

    Attributes
    ----------
    ids : tuple of str, S
    rows : int64 [S]
        Observations of each series that were forecast since the fit.
    judged : int
        The last steps, which the advice is by.
    panel : Judgement
        Of all series together: a step counts by the mean over them.
    series : Judgement
        Of each.
    """

    ids: tuple[str, ...]
    rows: Index
    judged: int
    panel: Judgement
    series: Judgement

    @classmethod
    def of(cls, ids: tuple[str, ...], track: Track, size: Array, known_from: Array) -> Health:
        """Judge a track by the size of errors that was expected, in units, and from how many rows that is known."""
        size = np.broadcast_to(size, len(ids))
        errors = track.errors[:, -KEPT:] if track.observed.shape[1] else track.errors
        relative = _by(errors, size[:, np.newaxis])
        relative = relative[:, np.isfinite(relative).any(axis=0)]
        sizes = np.minimum(np.abs(relative), _LARGEST)
        rows, error, absolute = _since(track)
        known = np.broadcast_to(known_from, len(ids))
        each = Judgement(
            _by(absolute / np.maximum(rows, 1), size),
            _by(error / np.maximum(rows, 1), size),
            _mean(sizes),
            _p_values(sizes, known),
        )
        together = _mean(sizes.T)[np.newaxis]
        panel = Judgement(
            _mean(each.ratio[np.newaxis]),
            _mean(each.bias[np.newaxis]),
            _mean(together),
            _p_values(together, np.array([np.median(known)])),
        )
        return cls(ids, rows.astype(np.int64), sizes.shape[1], panel, each)

    @property
    def stale(self) -> tuple[str, ...]:
        """The series whose errors have grown, the worst first; many at once take less luck each (Bonferroni)."""
        found = np.flatnonzero(self.series.is_stale(CHANCE / len(self.ids)))
        worst = found[np.argsort(-self.series.lately[found], kind="stable")]
        return tuple(self.ids[s] for s in worst)

    @property
    def advice(self) -> bool:
        """Whether a refit is advised: the errors of the panel, or of some series, have grown."""
        return bool(self.panel.is_stale(CHANCE)[0]) or bool(self.stale)

    @property
    def verdict(self) -> str:
        """A sentence or two that say so."""
        if self.judged == 0:
            return "No observation was forecast since the fit: update the model with new rows."
        lately = f"In the last {self.judged} steps" if self.judged > 1 else "In the last step"
        errors = f"{lately} errors were {self.panel.lately[0]:.2f} times what was expected at the fit"
        if self.judged < FEWEST:
            return f"{errors}; that is too few to judge by: {FEWEST} are needed."
        if self.panel.is_stale(CHANCE)[0]:
            return f"{errors} (p = {self.panel.p_value[0]:.2g}): the model has gone stale. Refit it."
        if self.stale:
            return f"{errors}, but {len(self.stale):,} of {len(self.ids):,} series have gone stale. Refit these."
        luck = " as luck may have it" if self.panel.lately[0] >= WORSE else ""
        return f"{errors}{luck} (p = {self.panel.p_value[0]:.2g}): no refit is needed."


def _since(track: Track) -> tuple[Array, Array, Array]:
    """Return how many errors there were since the fit, their sum, and that of their sizes, [S]."""
    counts = np.isfinite(track.errors)
    error = np.where(counts, track.errors, 0.0)
    rows, total, absolute = track.sums + np.stack([counts.sum(axis=1), error.sum(axis=1), np.abs(error).sum(axis=1)])
    return rows, total, absolute


def _by(errors: Array, size: Array) -> Array:
    """Return errors by their expected size; where that is 0, any error is infinitely large."""
    none = np.where(errors == 0, 0.0, np.where(np.isnan(errors), np.nan, np.copysign(np.inf, errors)))
    return np.where(size > 0, errors / np.where(size > 0, size, 1.0), none)


def _mean(values: Array) -> Array:
    """Return the mean of each row, NaN left out; 0 where there is nothing."""
    there = ~np.isnan(values)
    total = np.where(there, values, 0.0).sum(axis=1)
    return np.asarray(total / np.maximum(there.sum(axis=1), 1))


def _p_values(sizes: Array, known_from: Array) -> Array:
    """Return the probability that mean sizes as large come by luck where 1 is expected, one-sided, for each row.

    Neighbours go together: the variance of the mean is that of Newey and West (1987, "A simple, positive semi-definite,
    heteroskedasticity and autocorrelation consistent covariance matrix"), but at least that of independent errors. What
    was expected is itself a mean of so many errors, which are taken to vary alike.
    """
    there = ~np.isnan(sizes)
    count = there.sum(axis=1)
    mean = _mean(sizes)
    away = np.where(there, sizes - mean[:, np.newaxis], 0.0)
    variance = (away**2).sum(axis=1) / np.maximum(count - 1, 1)
    long_run, lags = variance.copy(), _lags(sizes.shape[1])
    for lag in range(1, lags + 1):
        weight = 2 * (1 - lag / (lags + 1))
        long_run += weight * (away[:, lag:] * away[:, :-lag]).sum(axis=1) / np.maximum(count, 1)
    error = np.sqrt(np.maximum(long_run, variance) * (1 / np.maximum(count, 1) + 1 / np.maximum(known_from, 1)))
    t = np.where(error > 0, (mean - 1) / np.where(error > 0, error, 1.0), np.where(mean > 1, np.inf, -np.inf))
    result = np.ones(len(sizes))
    for freedom in np.unique(count[count >= FEWEST]):
        some = count == freedom
        result[some] = 1 - Student.of(float(freedom - 1)).distribution(t[some])
    return result


def _lags(steps: int) -> int:
    """Return how many neighbours go together, by the usual rule."""
    return min(int(4 * (steps / 100) ** (2 / 9)), max(steps - 1, 0))
