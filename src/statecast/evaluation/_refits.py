"""Where a recipe is fitted in a walk-forward test, and the walk from there: fits of a local recipe go side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from statecast.series import Fitted, Panel, Progress, Recipe, Walk, walk

MOST_VALUES = 2_000_000
"""Of the histories that are fitted side by side: a recipe takes some hundred bytes for each."""


@dataclass(frozen=True)
class Fit:
    """One fit: the rows left after its history, the origins it forecasts from, and the number of the first of these."""

    left: int
    origins: int
    first: int


@dataclass(frozen=True)
class Plan:
    """A walk-forward test: where its origins are, and where the recipe is fitted anew.

    Attributes
    ----------
    test : int
        Rows of a window's test part; it is over where the next window's begins, the last one's with the panel.
    horizon : int
        Steps that are forecast from an origin.
    refit : int, optional
        The recipe is fitted at every so many origins; at the first of a window alone if None.
    windows : int
    sliding : int, optional
        Rows of a history; all there are if None.
    """

    test: int
    horizon: int
    refit: int | None = None
    windows: int = 1
    sliding: int | None = None

    @property
    def held_out(self) -> int:
        """Rows that no first fit of a window may see before its origins pass them."""
        return self.test * self.windows

    @property
    def left(self) -> NDArray[np.int64]:
        """Rows left after each origin, [K]."""
        of_window = self.test - np.arange(self.test - self.horizon + 1)
        return np.concatenate([of_window + self.test * later for later in reversed(range(self.windows))])

    @property
    def fits(self) -> list[Fit]:
        """All fits, in the order of time."""
        of_window = self.test - self.horizon + 1
        every, left, found = self.refit or of_window, self.left, []
        for start in range(0, len(left), of_window):
            for k in range(0, of_window, every):
                found.append(Fit(int(left[start + k]), min(every, of_window - k), start + k))
        return found

    def history(self, panel: Panel, fit: Fit) -> Panel:
        """Return what a fit sees."""
        known = panel.window(None, -fit.left)
        return known if self.sliding is None else known.window(-self.sliding, None)

    def ahead(self, panel: Panel, fit: Fit) -> Panel:
        """Return the rows that a fit's forecasts are for."""
        return panel.window(-fit.left, (fit.origins + self.horizon - 1 - fit.left) or None)

    def parts(self, panel: Panel) -> Iterator[list[Fit]]:
        """Yield fits that go side by side: of equally many origins, and not too large together."""
        for _, alike in groupby(sorted(self.fits, key=lambda fit: -fit.origins), key=lambda fit: fit.origins):
            part: list[Fit] = []
            size = 0
            for fit in alike:
                values = int(np.minimum(panel.lengths - fit.left, self.sliding or panel.lengths.max()).sum())
                if part and size + values > MOST_VALUES:
                    yield part
                    part, size = [], 0
                part.append(fit)
                size += values
            yield part


@dataclass(frozen=True, eq=False)
class Walked:
    """The forecasts of all fits in the order of their origins.

    ``decisions`` are those of the last fit, ``seconds`` the time that fitting took.
    """

    walk: Walk
    decisions: tuple[str, ...]
    seconds: float


def walk_forward(
    recipe: Recipe,
    panel: Panel,
    plan: Plan,
    *,
    level: float | Sequence[float] = (),
    threads: int = 1,
    progress: Progress | None = None,
) -> Walked:
    """Fit a recipe wherever the plan says, and walk from there: the numbers are those of one fit after another.

    The history of each fit is a series of one large panel, so that all networks are trained at the same time. A shared
    recipe would learn from later histories there: its fits go one after another, each to a panel of its own.
    """
    parts = [[fit] for fit in plan.fits] if recipe.shared else list(plan.parts(panel))
    found: dict[int, Walk] = {}
    decisions: tuple[str, ...] = ()
    seconds = 0.0
    last = plan.fits[-1]
    for number, part in enumerate(parts):
        started = perf_counter()
        histories = Panel.side_by_side([plan.history(panel, fit) for fit in part])
        fitted = recipe.fit(histories, threads=threads, progress=_of_part(progress, number, len(parts)))
        seconds += perf_counter() - started
        if last in part and len(panel) == 1:
            decisions = fitted.decisions(part.index(last))
        found |= _walk(fitted, panel, plan, part, level)
    return Walked(Walk.joined([found[first] for first in sorted(found)]), decisions, seconds)


def _walk(
    fitted: Fitted, panel: Panel, plan: Plan, part: Sequence[Fit], level: float | Sequence[float]
) -> dict[int, Walk]:
    """Return the walk of each fit of a part, by the number of its first origin."""
    walked = walk(fitted, Panel.side_by_side([plan.ahead(panel, fit) for fit in part]), plan.horizon, level)
    series = len(panel)
    return {fit.first: walked.select(slice(k * series, (k + 1) * series)) for k, fit in enumerate(part)}


def _of_part(progress: Progress | None, number: int, parts: int) -> Progress | None:
    """Return the progress of one part of several as that of all, as if they were alike."""
    if progress is None:
        return None
    return lambda done, total: progress(number * total + done, parts * total)
