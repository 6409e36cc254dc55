"""Scales: the covariates that a shared network sees, on the scale of the panel that it learnt from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.series import Covariates, Panel, recode
from statecast.storage import storable

Array = NDArray[np.float64]
Steps = NDArray[np.int64]

_MOST = 1024  # numbers of what is known ahead; beyond, the later steps are left out


@storable
@dataclass(frozen=True, eq=False)
class Scaled:
    """Mean and deviation of columns, [C]; one that does not vary is zero, whatever comes later."""

    mean: Array
    deviation: Array

    @classmethod
    def of(cls, values: Array) -> Scaled:
        """Learn them from rows [n, C]."""
        if len(values) == 0 or values.shape[1] == 0:
            return cls(np.zeros(values.shape[1]), np.full(values.shape[1], np.inf))
        deviation = values.std(axis=0)
        return cls(values.mean(axis=0), np.where(deviation > 0, deviation, np.inf))

    def apply(self, values: Array) -> Array:
        """Scale rows [.., C]; what is not known, NaN, is at the mean."""
        return np.nan_to_num((values - self.mean) / self.deviation)


@storable
@dataclass(frozen=True, eq=False)
class Scales:
    """Scales of the past, known and static columns, and the steps ahead, up to h, at which known ones are seen.

    Their names, and the values of categories, say what they stand for; files of older versions do not have them.
    """

    past: Scaled
    known: Scaled
    static: Scaled
    ahead: int
    names: tuple[tuple[str, ...], ...] = ()
    categories: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def fit(cls, panel: Panel, horizon: int) -> Scales | None:
        """Learn the scales from a panel, what is known after its end left out; None where there is nothing beside."""
        covariates = panel.covariates
        if covariates is None:
            return None
        known = len(covariates.known)
        within = Beside.of(covariates, panel.lengths).known_at(np.arange(int(panel.lengths.max())))
        there = np.arange(within.shape[1]) < panel.lengths[:, np.newaxis]
        return cls(
            Scaled.of(covariates.past_values),
            Scaled.of(within[there]),
            Scaled.of(covariates.static_values),
            0 if known == 0 else min(horizon, max(_MOST // known, 1)),
            (covariates.past, covariates.known, covariates.static),
            panel.columns.format.categories,
        )

    def recode(self, panel: Panel) -> Panel:
        """Return a panel with its categories in these columns; raises DataError at a value that was never learnt."""
        return recode(panel, self.names, self.categories)

    @property
    def count(self) -> int:
        """How many columns there are."""
        return len(self.past.mean) + len(self.known.mean) + len(self.static.mean)

    def inputs(self, beside: Beside, steps: int) -> Array:
        """Return what a network sees at the first steps of what is beside, [S, steps, width].

        Known columns are seen at the next steps; those beyond what is known are taken to be like the last one.
        """
        static = np.repeat(self.static.apply(beside.static)[:, np.newaxis], steps, axis=1)
        past = self.past.apply(beside.past[:, :steps])
        if self.ahead == 0:
            return np.concatenate([past, static], axis=2)
        index = np.arange(steps)[:, np.newaxis] + np.arange(1, self.ahead + 1)
        known = self.known.apply(beside.known_at(index.ravel())).reshape(len(static), steps, -1)
        return np.concatenate([past, known, static], axis=2)


@storable
@dataclass(frozen=True, eq=False)
class Beside:
    """Covariates of series side by side, from some step of each on.

    Attributes
    ----------
    past : float64 [S, T, P]
        Zero after the end of a series.
    known : float64 [S, F, K]
        Zero after what is known.
    count : int64 [S]
        Known rows of each series.
    static : float64 [S, Q]
    """

    past: Array
    known: Array
    count: Steps
    static: Array

    @classmethod
    def of(cls, covariates: Covariates, lengths: Steps) -> Beside:
        """Stand the covariates of a panel, whose series have so many observations, side by side."""
        count = np.diff(covariates.known_offsets)
        return cls(
            _side_by_side(covariates.past_values, lengths),
            _side_by_side(covariates.known_values, count),
            count,
            covariates.static_values,
        )

    def known_at(self, steps: Steps) -> Array:
        """Return the known rows at steps [n], [S, n, K]; the last one where a step is beyond what is known."""
        index = np.minimum(steps, np.maximum(self.count - 1, 0)[:, np.newaxis])
        return (
            np.take_along_axis(self.known, index[:, :, np.newaxis], axis=1)
            if self.known.shape[2]
            else np.empty((*index.shape, 0))
        )

    def imagined(self, steps: int) -> Beside:
        """Return the next steps, their past columns at their mean: no one knows them yet."""
        past = np.full((len(self.static), steps, self.past.shape[2]), np.nan)
        return replace(self, past=past)

    def followed_by(self, later: Beside, steps: int) -> Beside:
        """Go on after so many steps with what is beside the next ones, if more is known of them."""
        past = np.concatenate([self.past[:, :steps], later.past], axis=1)
        if self.known.shape[2] == 0:
            return replace(self, past=past)
        known = np.concatenate([self.known[:, :steps], later.known], axis=1)
        return replace(self, past=past, known=known, count=steps + later.count)

    def after(self, steps: int) -> Beside:
        """Leave out the first steps, the same number of each series."""
        return replace(self, past=self.past[:, steps:], known=self.known[:, steps:], count=self.count - steps)

    def last(self, lengths: Steps, kept: int) -> Beside:
        """Return the last observations, so many of each series, and what is known after them."""
        first = lengths - kept
        past = np.take_along_axis(self.past, (first[:, np.newaxis] + np.arange(kept))[:, :, np.newaxis], axis=1)
        left = self.count - first
        index = np.minimum(
            first[:, np.newaxis] + np.arange(int(left.max(initial=0))), np.maximum(self.count - 1, 0)[:, np.newaxis]
        )
        return Beside(past, np.take_along_axis(self.known, index[:, :, np.newaxis], axis=1), left, self.static)


def _side_by_side(rows: Array, lengths: Steps) -> Array:
    """Return rows of series one after another as [S, longest, C], zero after the end of each."""
    result = np.zeros((len(lengths), int(lengths.max(initial=0)), rows.shape[1]))
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    of_row = np.repeat(np.arange(len(lengths)), lengths)
    result[of_row, np.arange(len(rows)) - np.repeat(starts, lengths)] = rows
    return result
