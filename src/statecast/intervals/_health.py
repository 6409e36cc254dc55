"""Health: errors since the fit against those expected then, and whether a refit is advised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.intervals._calibrated import OneAhead
from statecast.intervals._revised import Revised
from statecast.intervals._student import Student
from statecast.intervals._totals import Array, Index
from statecast.intervals._track import KEPT, Track

WORSE = 1.25
"""Times as large as expected, from which on errors matter."""

CHANCE = 0.005
"""Probability below which they are no luck: it is low, as one asks again after every update."""

WINDOWS = (12, 25, 50, KEPT)
"""Last steps that are judged: few, to see a break soon; many, to see a slow decay."""

LEVEL = 80.0
"""Of the intervals that observations are counted outside of."""

_LARGEST = 10.0  # times as large as expected: an error counts for no more, so that one outlier does not decide


@dataclass(frozen=True, eq=False)
class Judgement:
    """Errors one step ahead by the size that was expected at the fit, of a panel, [1], or of each series, [S].

    Attributes
    ----------
    ratio : float64
        Mean size since the fit: 1 is as expected.
    bias : float64
        Mean error since the fit, observation less forecast, by the same: above 0 the forecasts are too low.
    steps : int64
        The last so many speak most against the fit; 0 where there are less than 12.
    lately : float64
        Mean size in these, an error counting for 10 at most.
    outside : float64
        Share of these outside of their 80 % intervals; 0.2 is as promised.
    p_value : float64
        Probability of a share as large in any of the windows by luck; 1 where there are less than 12 steps.
    """

    ratio: Array
    bias: Array
    steps: Index
    lately: Array
    outside: Array
    p_value: Array

    def is_stale(self, chance: float) -> NDArray[np.bool_]:
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
    panel : Judgement
        Of all series together: a step counts by the mean over them, as their errors may go together.
    series : Judgement
        Of each.
    revised : Revised
        Rows that were seen and came again with another value, since the fit.
    """

    ids: tuple[str, ...]
    rows: Index
    panel: Judgement
    series: Judgement
    revised: Revised

    @classmethod
    def of(cls, ids: tuple[str, ...], track: Track, intervals: OneAhead) -> Health:
        """Judge a track by what was known of the errors at the fit."""
        size, origins = (np.broadcast_to(known, len(ids)) for known in intervals.typical())
        sizes, outside = _sizes_and_outside(track, size, intervals)
        rows, error, absolute = _since(track)
        ratio, bias = (_by(total / np.maximum(rows, 1), size) for total in (absolute, error))
        some = np.isfinite(outside).any(axis=0)
        mean_size, mean_outside = (_mean(values.T)[np.newaxis, some] for values in (sizes, outside))
        return cls(
            ids,
            rows.astype(np.int64),
            Judgement(
                _mean(ratio[np.newaxis]),
                _mean(bias[np.newaxis]),
                *_judge(mean_size, mean_outside, np.array([np.median(origins)]), len(ids)),
            ),
            Judgement(ratio, bias, *_judge(sizes, outside, origins, 1)),
            track.revised,
        )

    @property
    def stale(self) -> tuple[str, ...]:
        """The series whose errors have grown, the worst first; among many each must be less likely (Bonferroni)."""
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
        if not self.rows.any():
            return "No observation was forecast since the fit: update the model with new rows."
        steps, lately, outside, p_value = (
            getattr(self.panel, name)[0] for name in ("steps", "lately", "outside", "p_value")
        )
        if steps == 0:
            return f"Fewer than {WINDOWS[0]} steps were forecast since the fit: too few to judge by."
        seen = (
            f"In the last {steps} steps errors were {lately:.2f} times what was expected at the fit, and "
            f"{100 * outside:.0f} % of the observations outside of their {LEVEL:g} % intervals (p = {p_value:.2g})"
        )
        if self.panel.is_stale(CHANCE)[0]:
            return f"{seen}: the model has gone stale. Refit it."
        if self.stale:
            return f"{seen}, but {len(self.stale):,} of {len(self.ids):,} series have gone stale. Refit these."
        return (
            f"{seen}: no refit is needed." if lately < WORSE else f"{seen}: that may be luck, so no refit is advised."
        )


def _sizes_and_outside(track: Track, size: Array, intervals: OneAhead) -> tuple[Array, Array]:
    """Return the sizes of the last errors by those expected, and which were outside, both [S, n]; NaN if unknown."""
    observed, expected = track.observed[:, -KEPT:], track.expected[:, -KEPT:]
    if observed.shape[1] == 0:
        return observed, observed
    sizes = np.minimum(np.abs(_by(track.errors[:, -KEPT:], size[:, np.newaxis])), _LARGEST)
    lower, upper = (bound[:, 0] for bound in intervals.around(expected, (LEVEL,)))
    outside = (observed < lower) | (observed > upper)
    return sizes, np.where(np.isnan(sizes), np.nan, outside)


def _since(track: Track) -> tuple[Array, Array, Array]:
    """Return how many errors there were since the fit, their sum, and that of their sizes, [S]."""
    there = np.isfinite(track.errors)
    error = np.where(there, track.errors, 0.0)
    rows, total, absolute = track.sums + np.stack([there.sum(axis=1), error.sum(axis=1), np.abs(error).sum(axis=1)])
    return rows, total, absolute


def _by(errors: Array, size: Array) -> Array:
    """Return errors by their expected size; where that is 0, any error is infinitely large."""
    none = np.where(errors == 0, 0.0, np.where(np.isnan(errors), np.nan, np.copysign(np.inf, errors)))
    return np.where(size > 0, errors / np.where(size > 0, size, 1.0), none)


def _mean(values: Array) -> Array:
    """Return the mean of each row, NaN left out; 0 where there is nothing."""
    there = ~np.isnan(values)
    return np.asarray(np.where(there, values, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1))


def _judge(sizes: Array, outside: Array, origins: Array, beside: int) -> tuple[Index, Array, Array, Array]:
    """Return steps, lately, outside and p-value of the window that speaks most against each row [.., n].

    A step is the mean of so many series. Several windows are more chances for luck (Bonferroni).
    """
    windows = [steps for steps in WINDOWS if steps <= sizes.shape[1]]
    p_values = np.ones((len(windows) + 1, len(sizes)))
    for k, steps in enumerate(windows):
        p_values[k] = np.minimum(len(windows) * _luck(outside[:, -steps:], origins, beside), 1.0)
    best = p_values.argmin(axis=0) if windows else np.zeros(len(sizes), np.int64)
    lengths = np.array([*windows, 0])
    kept = np.arange(sizes.shape[1]) >= sizes.shape[1] - lengths[best][:, np.newaxis]
    lately, share = (_mean(np.where(kept, values, np.nan)) for values in (sizes, outside))
    return lengths[best], lately, share, p_values[best, np.arange(len(sizes))]


def _luck(outside: Array, origins: Array, beside: int) -> Array:
    """Return the probability of a share outside as large by luck, for each row [.., n]; 1 where less than 12 are known.

    It is the test of Kupiec (1995, "Techniques for verifying the accuracy of risk measurement models"), one-sided, with
    three amends. Neighbours may go together: so many count for fewer, by their correlation where it is above 0 (Bayley
    and Hammersley, 1946, "The effective number of independent observations in an autocorrelated time series"). The
    intervals are themselves from so many origins only. And a step may be the mean of series that go together.
    """
    promised = 1 - LEVEL / 100
    there = ~np.isnan(outside)
    count, share = there.sum(axis=1), _mean(outside)
    away = np.where(there, outside - share[:, np.newaxis], 0.0)
    seen = (away**2).sum(axis=1) / np.maximum(count - 1, 1)
    together = (away[:, 1:] * away[:, :-1]).sum(axis=1) / np.where(seen > 0, seen * np.maximum(count - 1, 1), 1.0)
    correlation = np.clip(together, 0.0, 0.9)
    variance = np.maximum(promised * (1 - promised) / beside, seen) * (1 + correlation) / (1 - correlation)
    error = np.sqrt(variance * (1 / np.maximum(count, 1) + 1 / np.maximum(origins, 1)))
    result = np.ones(len(outside))
    for known in np.unique(count[count >= WINDOWS[0]]):
        some = count == known
        result[some] = 1 - Student.of(float(known - 1)).distribution((share[some] - promised) / error[some])
    return result
