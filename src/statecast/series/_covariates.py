"""Covariates: what is known beside the target, up to now, into the future, or for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.storage import storable

Rows = NDArray[np.int64]


@storable
@dataclass(frozen=True, eq=False)
class Covariates:
    """Columns beside the target; a category is a column of 0 and 1 for each of its values.

    The known rows of a series begin with its first observation, and go on as far ahead as they are known.

    Attributes
    ----------
    past, known, static : tuple of str
        Names of the columns, P, K and Q.
    past_values : float64 [N, P]
        A row an observation of the panel.
    known_values : float64 [N + F, K]
        Series s holds ``known_values[known_offsets[s]:known_offsets[s + 1]]``.
    known_offsets : int64 [S + 1]
    static_values : float64 [S, Q]
    """

    past: tuple[str, ...]
    known: tuple[str, ...]
    static: tuple[str, ...]
    past_values: NDArray[np.float64]
    known_values: NDArray[np.float64]
    known_offsets: NDArray[np.int64]
    static_values: NDArray[np.float64]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns."""
        return self.past + self.known + self.static

    def is_like(self, other: Covariates | None) -> bool:
        """Say whether others have the same columns."""
        return other is not None and (self.past, self.known, self.static) == (other.past, other.known, other.static)

    def after(self, first: Rows) -> Covariates:
        """Return what is known from the steps `first` of every series on, without the past, [S]."""
        return self.window(np.empty(0, np.int64), first)

    def known_of(self, series: int) -> NDArray[np.float64]:
        """Return the known rows of one series."""
        return self.known_values[self.known_offsets[series] : self.known_offsets[series + 1]]

    def window(self, index: Rows, first: Rows) -> Covariates:
        """Return the rows of a window of the panel.

        Parameters
        ----------
        index : [N of the window]
            The observations that are kept.
        first : [S]
            The first step of every series that is kept; what is known later is kept as well.
        """
        starts = np.minimum(self.known_offsets[:-1] + first, self.known_offsets[1:])
        offsets, rows = ranges(starts, self.known_offsets[1:] - starts)
        return replace(
            self, past_values=self.past_values[index], known_values=self.known_values[rows], known_offsets=offsets
        )

    def then(self, later: Covariates, steps: int) -> Covariates:
        """Return these of `steps` steps with those of the steps that follow, and what is known after these."""
        series = len(self.known_offsets) - 1
        past = [
            one.past_values.reshape(series, len(one.past_values) // series, len(self.past)) for one in (self, later)
        ]
        lengths = np.diff(later.known_offsets)
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(steps + lengths)])
        known = np.empty((offsets[-1], len(self.known)))
        before, place = (
            ranges(starts, np.full(series, steps))[1] for starts in (self.known_offsets[:-1], offsets[:-1])
        )
        known[place] = self.known_values[before]
        known[ranges(offsets[:-1] + steps, lengths)[1]] = later.known_values
        return replace(
            later,
            past_values=np.concatenate(past, axis=1).reshape(len(self.past_values) + len(later.past_values), -1),
            known_values=known,
            known_offsets=offsets,
        )

    def select(self, index: Rows, series: Rows) -> Covariates:
        """Return the rows of some series, given by their numbers and the observations that they have in the panel."""
        offsets, rows = ranges(self.known_offsets[series], np.diff(self.known_offsets)[series])
        return replace(
            self,
            past_values=self.past_values[index],
            known_values=self.known_values[rows],
            known_offsets=offsets,
            static_values=self.static_values[series],
        )

    @classmethod
    def side_by_side(cls, parts: Sequence[Covariates]) -> Covariates:
        """Return the covariates of several panels of the same columns as those of one."""
        lengths = np.concatenate([np.diff(part.known_offsets) for part in parts])
        return replace(
            parts[0],
            past_values=np.concatenate([part.past_values for part in parts]),
            known_values=np.concatenate([part.known_values for part in parts]),
            known_offsets=np.concatenate([[0], np.cumsum(lengths)]),
            static_values=np.concatenate([part.static_values for part in parts]),
        )


def ranges(starts: Rows, lengths: Rows) -> tuple[Rows, Rows]:
    """Return the offsets of ranges put one after another, and the numbers in them."""
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    return offsets, np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)
