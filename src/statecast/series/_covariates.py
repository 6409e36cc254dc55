"""Covariates: what is known beside the target, up to now, into the future, or for good."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


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

    def select(self, index: Rows, series: Rows) -> Covariates:
        """Return those of some series, by their numbers; index is that of their observations."""
        offsets, rows = ranges(self.known_offsets[series], np.diff(self.known_offsets)[series])
        return replace(
            self,
            past_values=self.past_values[index],
            known_values=self.known_values[rows],
            known_offsets=offsets,
            static_values=self.static_values[series],
        )


def ranges(starts: Rows, lengths: Rows) -> tuple[Rows, Rows]:
    """Return the offsets of ranges put one after another, and the numbers in them."""
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    return offsets, np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)
