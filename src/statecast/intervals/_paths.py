"""Paths: errors of one path go together, so that sums over its steps vary as much as they should."""

from __future__ import annotations

import numpy as np

from statecast.intervals._spread import EXPONENTS, Spread
from statecast.intervals._totals import Array, Index, totals

_PRIOR = 10.0  # origins that the form of the correlation weighs as much as


def correlations(exponent: float, horizon: int) -> Array:
    """Return those of the values of a fractional Brownian motion, whose spread grows as k ** exponent, [h, h].

    Mandelbrot and Van Ness (1968, "Fractional Brownian motions, fractional noises and applications"). With 0.5 they are
    those of a random walk, with 1 all are 1.
    """
    k = np.arange(1, horizon + 1)
    apart = np.abs(k[:, np.newaxis] - k)
    grown = k ** (2 * exponent)
    together = (grown[:, np.newaxis] + grown - np.where(apart > 0, apart, 1) ** (2 * exponent) * (apart > 0)) / 2
    return np.asarray(together / np.sqrt(np.outer(grown, grown)))


def shares(scaled: Array, series: Index, steps: Index, origins: Index, spread: Spread) -> Array:
    """Return how much of that form the errors of each series show, [S], from 0, independent, to 1.

    It is what errors by their spread, [R], of neighbouring steps of one origin have in common by what the form has,
    drawn to 1 as if ten more origins had shown it whole. A pair counts 1 / step, as there are so few that do not
    overlap.
    """
    pairs = np.flatnonzero((np.diff(series) == 0) & (np.diff(steps) == 1))
    of, weight = series[pairs], 1 / steps[pairs]
    first, second = scaled[pairs], scaled[pairs + 1]
    product, before, after = (
        totals(weight * value, of, len(origins)) for value in (first * second, first**2, second**2)
    )
    size = np.sqrt(before * after)
    form = _neighbours(steps[pairs], of, weight, typical(spread))
    seen = np.where(size > 0, product / np.where(size > 0, size, 1.0), form)
    share = (origins * seen / np.where(form > 0, form, 1.0) + _PRIOR) / (origins + _PRIOR)
    return np.clip(np.where(form > 0, share, 1.0), 0.0, 1.0)


def typical(spread: Spread) -> Array:
    """Return the mean exponent of every series, [S]."""
    return np.asarray(np.clip((spread.weight * EXPONENTS).sum(axis=1), 0.0, 1.0))


def _neighbours(steps: Index, of: Index, weight: Array, exponent: Array) -> Array:
    """Return the mean correlation of steps [P] with the next ones in the form of each series, [S]."""
    now, then, power = steps, steps + 1, 2 * exponent[of]
    form = (now**power + then**power - 1) / (2 * np.sqrt(now**power * then**power))
    total = totals(weight, of, len(exponent))
    return np.asarray(totals(weight * form, of, len(exponent)) / np.where(total > 0, total, 1.0))
