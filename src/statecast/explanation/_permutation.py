"""Permutation: whether a forecast suffers if a column comes in another order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from statecast.recipes import Explained
from statecast.series import Covariates, Panel

_BLOCKS = 20  # of a held-out part, at most: a block keeps its order


def p_value(
    fitted: Explained,
    panel: Panel,
    test: int,
    columns: Sequence[str],
    permutations: int,
    rng: np.random.Generator,
    tell: Callable[[], None],
) -> float:
    """Return how often columns in another order, over held-out steps of a panel of one series, do at least as well.

    Blocks of steps are put in a random order, so that what a column owes to its own past is kept but at their edges.
    The share counts the true order as one of all (Phipson and Smyth, 2010, "Permutation p-values should never be
    zero").

    Parameters
    ----------
    fitted : Explained
        To all but the last ``test`` steps of the panel.
    panel : Panel
    test : int
    columns : names of known or past columns, put in the same order
    permutations : int
    rng : Generator
    tell : callable
        Called after each permutation.
    """
    covariates = panel.covariates
    assert covariates is not None
    truth = _error(fitted, panel, test)
    as_good = 0
    for _ in range(permutations):
        order = _blocks(test, rng)
        as_good += _error(fitted, replace(panel, covariates=_reordered(covariates, columns, order)), test) <= truth
        tell()
    return (1 + as_good) / (1 + permutations)


def _error(fitted: Explained, panel: Panel, test: int) -> float:
    """Return the mean absolute error over all origins and steps ahead of the held-out part."""
    mean = fitted.forecasts_from(panel).mean(axis=1)  # [K, h]
    truth = np.lib.stride_tricks.sliding_window_view(panel.values[-test:], mean.shape[1])
    errors = np.abs(mean - truth)
    if panel.filled is not None:
        errors = errors[~np.lib.stride_tricks.sliding_window_view(panel.filled[-test:], mean.shape[1])]
    return float(errors.mean())


def _blocks(count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the steps of a held-out part with its blocks in a random order."""
    blocks = np.array_split(np.roll(np.arange(count), rng.integers(count)), min(_BLOCKS, count))
    return np.concatenate([blocks[k] for k in rng.permutation(len(blocks))])


def _reordered(covariates: Covariates, columns: Sequence[str], order: NDArray[np.int64]) -> Covariates:
    """Return covariates of one series with columns in another order over its last observations."""
    count, test = len(covariates.past_values), len(order)
    known, past = covariates.known_values.copy(), covariates.past_values.copy()
    rows = np.arange(count - test, count)
    for name in columns:
        if name in covariates.known:
            column = covariates.known.index(name)
            known[rows, column] = known[rows[order], column]
        else:
            column = covariates.past.index(name)
            past[rows, column] = past[rows[order], column]
    return replace(covariates, known_values=known, past_values=past)
