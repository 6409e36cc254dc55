"""The search: every candidate is scored on validation rows; of many, a few get all their epochs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError, StatecastError
from statecast.series import Panel, Progress, walk, windows
from statecast.tuning._space import Tunable

KEPT = 3
"""Of so many candidates one goes on to the next round of successive halving, with so many times the epochs."""

_ROUNDS = 3  # of successive halving: below a ninth of its epochs a network says little of what it will be


@dataclass(frozen=True)
class Candidate:
    """A recipe, and how it did on the validation rows.

    Attributes
    ----------
    trial : int
        In the order of drawing, from 0 on.
    recipe : Auto, Classic or Shared
    rmse : float
        On the validation rows, the mean over the series; smaller is better.
    share : float
        Of its epochs that it was trained for when it got this score: 1 unless successive halving let it go.
    """

    trial: int
    recipe: Tunable
    rmse: float
    share: float = 1.0


@dataclass(frozen=True)
class Failure:
    """A recipe that could not be fitted or did not forecast, and why."""

    trial: int
    recipe: Tunable
    reason: str


@dataclass(frozen=True, eq=False)
class Validation:
    """Rows to score candidates by: parts of a history, each walked through by a recipe fitted to what is before it.

    Attributes
    ----------
    parts : tuple of (Panel, Panel)
        What comes before a part, and the part.
    y : float64 [S, K, h]
        What was observed in the steps after every origin of every part, NaN where it was missing and filled in.
    """

    parts: tuple[tuple[Panel, Panel], ...]
    y: NDArray[np.float64]

    @classmethod
    def last(cls, history: Panel, rows: int, horizon: int, count: int) -> Validation:
        """Return the last ``count`` parts of ``rows`` rows, side by side, to be forecast ``horizon`` steps ahead.

        Raises
        ------
        DataError
            If nothing was observed in them.
        """
        ends = [history.window(None, -k * rows or None) for k in range(count)]
        parts = tuple((end.window(None, -rows), end.window(-rows, None)) for end in ends)
        observed = (
            np.where(part.filled, np.nan, part.values) if part.filled is not None else part.values for _, part in parts
        )
        y = np.concatenate([windows(values.reshape(len(history), rows), horizon) for values in observed], axis=1)
        if np.isnan(y).all():
            raise DataError("all rows for validation were missing and filled in. Hold out more with --test.")
        return cls(parts, y)

    def rmse(self, recipe: Tunable) -> float:
        """Return the root of the mean squared error of a recipe over all parts, the mean over the series."""
        with np.errstate(over="ignore", invalid="ignore"):  # of a network that went astray: it fails, or ends last
            walks = [walk(recipe.fit(before), part, self.y.shape[2]) for before, part in self.parts]
            squares = (self.y - np.concatenate([walked.mean for walked in walks], axis=1)) ** 2
        seen = ~np.isnan(self.y)
        count, total = seen.sum(axis=(1, 2)), np.where(seen, squares, 0.0).sum(axis=(1, 2))
        return float(np.sqrt(total[count > 0] / count[count > 0]).mean())


def rounds(method: str, trials: int) -> list[float]:
    """Return the share of its epochs that a candidate gets in every round of a search.

    ``random`` has one round (Bergstra and Bengio, 2012, "Random search for hyper-parameter optimization"). ``halving``
    trains all for a small share, the best third of them for three times as long, and so on (Jamieson and Talwalkar,
    2016, "Non-stochastic best arm identification and hyperparameter optimization"; a third rather than a half as in Li
    et al., 2018, "Hyperband").

    Examples
    --------
    >>> [round(share, 3) for share in rounds("halving", 100)]
    [0.111, 0.333, 1.0]
    """
    count = 1 if method == "random" else min(_ROUNDS, 1 + int(math.log(trials, KEPT) + 1e-9))
    return [float(KEPT) ** (k - count + 1) for k in range(count)]


def search(
    recipes: Sequence[Tunable],
    shares: Sequence[float],
    score: Callable[[Tunable], float],
    threads: int,
    progress: Progress | None = None,
) -> tuple[tuple[Candidate, ...], tuple[Failure, ...]]:
    """Score recipes over rounds and rank them; the ranking does not depend on the threads.

    Parameters
    ----------
    recipes : sequence of recipes
    shares : sequence of float
        Of its epochs that a recipe is trained for in each round, the last one 1; a third goes on to the next.
    score : callable
        Gives the error of a recipe.
    threads : int
        So many recipes are scored at a time.
    progress : callable, optional
        Gets the recipes scored, over all rounds, and how many that will be.

    Returns
    -------
    candidates : tuple of Candidate
        The best first; those that were let go in an earlier round after all others.
    failures : tuple of Failure
    """
    sizes = [len(recipes)]
    for _ in shares[1:]:
        sizes.append(math.ceil(sizes[-1] / KEPT))
    entered = [Candidate(trial, recipe, math.nan) for trial, recipe in enumerate(recipes)]
    ranked: list[Candidate] = []
    failures: list[Failure] = []
    done = 0
    pool = ThreadPoolExecutor(threads)
    try:
        for share, size in zip(shares, [*sizes[1:], 0], strict=True):
            scored: list[Candidate] = []
            for outcome in pool.map(lambda entry, share=share: _attempt(entry, share, score), entered):
                if isinstance(outcome, Candidate):
                    scored.append(outcome)
                else:
                    failures.append(outcome)
                done += 1
                if progress:
                    progress(done, sum(sizes))
            scored.sort(key=lambda candidate: (candidate.rmse, candidate.trial))
            ranked[:0] = scored[size:]
            entered = scored[:size]
    finally:
        pool.shutdown(cancel_futures=True)  # on Ctrl-C nothing more is begun
    return tuple(ranked), tuple(sorted(failures, key=lambda failure: failure.trial))


def _attempt(entry: Candidate, share: float, score: Callable[[Tunable], float]) -> Candidate | Failure:
    recipe = entry.recipe
    if recipe.epochs is None and math.isfinite(entry.rmse):  # found out, so it was trained in full before
        return replace(entry, share=share)
    whole = share == 1 or recipe.epochs is None
    shortened = recipe if whole else replace(recipe, epochs=max(1, round(share * (recipe.epochs or 1))))
    try:
        rmse = score(shortened)
    except StatecastError as error:
        return Failure(entry.trial, recipe, str(error))
    if not math.isfinite(rmse):
        return Failure(entry.trial, recipe, "its forecasts are not finite.")
    return Candidate(entry.trial, recipe, rmse, share)
