"""Pieces: whole series of an input that are forecast together, read when their turn comes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np

from statecast.checks import whole_number
from statecast.distributed._part import Failure, Index, Part, forecast_part, in_order, steps_of
from statecast.distributed._stand_in import stand_in
from statecast.errors import DataError
from statecast.series import Forecast, Panel, Recipe, Refused, Roles, Settled, to_panel, to_parts

MOST = 1_000_000_000

LEAST = 500
"""Series of a piece that many workers share: networks of smaller ones are slower, a series each."""


@dataclass(frozen=True, eq=False)
class Piece:
    """Some series of an input, one after another.

    Attributes
    ----------
    number : int
        The place of the first one in the input: pieces in the order of their numbers are the input.
    series : int
        How many there are, refused ones too.
    panel : Panel or None
        Those that can be used; None if there are none.
    refused : tuple of Refused
        Those that cannot.
    """

    number: int
    series: int
    panel: Panel | None
    refused: tuple[Refused, ...] = ()


class Pieces:
    """An input cut into pieces, by numbers of series alone, so that it is known which there are before any is read.

    Parameters
    ----------
    data
        What ``read`` takes. Files and folders of Parquet are read in parts; other input is held in memory.
    roles : Roles, optional
        How it is read.
    most_values : int
        Observations that are read at once, about.
    most_series : int
        Series of a piece. Fewer are done sooner, more are done faster: series of one length are worked on together.
    settled : Settled, optional
        How a table is read, where that was decided on more than its rows; goes before roles.

    Attributes
    ----------
    series : int
        How many there are, refused ones too.
    sizes : dict of int to int
        How many every piece has, by the numbers of the pieces in their order.

    Raises
    ------
    FileError, DataError, ParameterError
        As by ``read``, but for a series that cannot be used: that is refused in its piece.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"unique_id": list("aabbcc"), "ds": [1, 2, 1, 2, 1, 2], "y": [5.0, 6, 1, 3, 2, 2]})
    >>> pieces = Pieces(frame, most_series=2)
    >>> pieces.sizes
    {0: 2, 2: 1}
    >>> [piece.panel.ids for piece in pieces.read()]
    [('a', 'b'), ('c',)]
    """

    def __init__(
        self,
        data: object,
        roles: Roles | None = None,
        *,
        most_values: int = 1_000_000,
        most_series: int = 2000,
        settled: Settled | None = None,
    ) -> None:
        self.most_values = whole_number("most_values", most_values, 1, MOST)
        self.most_series = whole_number("most_series", most_series, 1, MOST)
        self.data, self.roles = data, roles or Roles()
        self._refused: list[Refused] = []
        told = self._refused.append
        if settled is None:
            self._parts = to_parts(data, roles, most_values=most_values, refused=told)
        else:
            self._parts = settled.parts(data, most_values, told)
        self.series = self._parts.series
        self._divide()

    def _divide(self) -> None:
        self._edges = [
            [(start, min(start + self.most_series, last)) for start in range(first, last, self.most_series)]
            for first, last in map(self._parts.span, range(len(self._parts)))
        ]
        self.sizes = {first: last - first for edges in self._edges for first, last in edges}

    def finer(self, count: int) -> Pieces:
        """Return the same input, not read again, in so many pieces or more, if these have 500 series or more.

        Examples
        --------
        >>> import numpy as np, pandas as pd
        >>> frame = pd.DataFrame({"unique_id": np.repeat(np.arange(1200), 2), "ds": [1, 2] * 1200, "y": range(2400)})
        >>> Pieces(frame).finer(2).sizes, Pieces(frame).finer(16).sizes
        ({0: 600, 600: 600}, {0: 500, 500: 500, 1000: 200})
        """
        most = max(LEAST, -(-self.series // count))
        if most >= self.most_series:
            return self
        pieces = copy(self)
        pieces.most_series = most
        pieces._divide()
        return pieces

    def in_one(self) -> Pieces:
        """Return the same input as one piece, read at once."""
        if len(self._parts) > 1:
            return Pieces(self.data, self.roles, most_values=MOST, most_series=MOST)
        pieces = copy(self)
        pieces.most_series = MOST
        pieces._divide()
        return pieces

    def sample(self, most: int) -> Panel:
        """Return usable series of the first part that has any: all of them, or ``most`` at equal distances.

        Raises
        ------
        DataError
            If no series of the input can be used.
        """
        self._refused.clear()
        panels = (self._parts.read(part) for part in range(len(self._parts)))
        panel = next((panel for panel in panels if panel is not None), None)
        if panel is None:
            self._refuse(self._refused[0])
        if len(panel) <= most:
            return panel
        return panel.select(np.linspace(0, len(panel) - 1, most).astype(np.int64))

    def whole(self) -> tuple[Panel, tuple[Refused, ...]]:
        """Read everything at once: what can be used, and what is refused.

        Raises
        ------
        DataError
            If no series of the input can be used.
        """
        (piece,) = self.in_one().read()
        if piece.panel is None:
            self._refuse(piece.refused[0])
        return piece.panel, piece.refused

    def thinned(self) -> Panel:
        """Return usable series of all parts at equal distances, as many as have the observations of one part.

        Raises
        ------
        DataError
            If no series of the input can be used.
        """
        if len(self._parts) == 1:
            return self.whole()[0]
        every = -(-self._parts.rows // self.most_values)
        parts = (self._parts.read(part) for part in range(len(self._parts)))
        kept = [panel.select(np.arange(0, len(panel), every)) for panel in parts if panel is not None]
        if not kept:
            self._refuse(self._refused[0])
        ids = tuple(name for panel in kept for name in panel.ids)  # as they are in the input
        return replace(Panel.side_by_side(kept), ids=ids)

    def _refuse(self, one: Refused) -> NoReturn:
        """Raise what ``read`` says, which may be more than the reason for one series."""
        if not (isinstance(self.data, str) and self.data == "-"):
            to_panel(self.data, self.roles)
        raise DataError(one.reason)

    def read(self, done: Collection[int] = ()) -> Iterator[Piece]:
        """Give the pieces that are not done; a part of the input in which all are done is not read."""
        for part, edges in enumerate(self._edges):
            if left := [(first, last) for first, last in edges if first not in done]:
                yield from self._cut(part, left)

    def _cut(self, part: int, edges: Sequence[tuple[int, int]]) -> Iterator[Piece]:
        self._refused.clear()
        panel = self._parts.read(part)
        refused = tuple(self._refused)
        first, last = self._parts.span(part)
        usable: Index = np.setdiff1d(np.arange(first, last), [one.index for one in refused])
        for start, stop in edges:
            own = np.flatnonzero((usable >= start) & (usable < stop))
            yield Piece(
                start,
                stop - start,
                panel.select(own) if panel is not None and len(own) else None,
                tuple(one for one in refused if start <= one.index < stop),
            )


@dataclass(frozen=True, eq=False)
class Task:
    """What is done with every piece; it can be sent to another process.

    Attributes
    ----------
    recipe : Recipe
        A local one, or a shared one that is trained already.
    horizon : int or None
    level : tuple of float
        In percent, in ascending order.
    threads : int
        To train on; the numbers do not depend on it.
    keep : bool
        Whether to keep what was fitted.
    """

    recipe: Recipe
    horizon: int | None = None
    level: tuple[float, ...] = ()
    threads: int = 1
    keep: bool = False

    def __call__(self, piece: Piece) -> Part:
        """Forecast a piece; what reading has refused is forecast by a baseline from what can be used of it."""
        done: list[tuple[Index, Forecast]] = []
        failures: list[tuple[int, Failure]] = []
        fitted = None
        places = np.setdiff1d(np.arange(piece.series), [one.index - piece.number for one in piece.refused])
        if piece.panel is not None:
            part = forecast_part(piece.panel, self.recipe, self.horizon, self.level, self.threads, self.keep)
            fitted = part.fitted
            done.append((places, part.forecast))
            place = dict(zip(part.forecast.ids, places.tolist(), strict=True))
            failures += [(place[failure.unique_id], failure) for failure in part.failures]
        for one in piece.refused:
            at, method = one.index - piece.number, "none"
            if one.panel is not None:
                steps = steps_of(one.panel, self.recipe, self.horizon)
                forecast, (method,) = stand_in(one.panel, steps, self.level)
                done.append((np.array([at]), forecast))
            failures.append((at, Failure(one.unique_id, one.reason, method)))
        named = tuple(failure for _, failure in sorted(failures, key=lambda pair: pair[0]))
        return Part(in_order(done), named, fitted)
