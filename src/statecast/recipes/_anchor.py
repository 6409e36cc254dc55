"""Anchor: a smoothed level and half the trend, from which a network forecasts how far a series will be."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.series import Sequences

Array = NDArray[np.float64]

RATES = np.arange(0.1, 1.0, 0.05)
"""Of the smoothing, from which each series gets the one with the smallest squared error a step ahead."""


@dataclass(frozen=True, eq=False)
class Anchor:
    """The line that a series is expected to follow: its smoothed level, going on by half its trend; arrays are [S].

    This is the forecast of the Theta method (Assimakopoulos and Nikolopoulos, 2000, "The theta model: a decomposition
    approach to forecasting"; Hyndman and Billah, 2003, "Unmasking the Theta method").

    Attributes
    ----------
    rate : float64
        How much of the way to an observation the level goes.
    scale : float64
        Mean absolute change of a step; zero where a series is constant.
    drift : float64
        Half the slope of the straight line through the series, of a step.
    level : float64
        After the last observation.
    """

    rate: Array
    scale: Array
    drift: Array
    level: Array

    @classmethod
    def fit(cls, sequences: Sequences) -> Anchor:
        """Choose a rate for every series, and smooth it to its end."""
        steps = by_step(sequences)
        changes = np.abs(np.diff(steps, axis=1))
        scale = np.nansum(changes, axis=1) / np.maximum(sequences.lengths - 1, 1)
        level = np.repeat(steps[:, :1], len(RATES), axis=1)
        squares = np.zeros_like(level)
        for step in steps.T[1:, :, np.newaxis]:
            error = np.where(np.isnan(step), 0.0, step - level)
            squares += error**2
            level = level + RATES * error
        best = squares.argmin(axis=1)
        drift = np.where(scale > 0, _slope(sequences) / 2, 0.0)
        return cls(RATES[best], scale, drift, np.take_along_axis(level, best[:, np.newaxis], axis=1)[:, 0])

    def levels(self, sequences: Sequences) -> Array:
        """Return the level after each observation, [R]."""
        steps = by_step(sequences)
        levels = np.empty_like(steps)
        levels[:, 0] = steps[:, 0]
        for t in range(1, steps.shape[1]):
            levels[:, t] = levels[:, t - 1] + self.rate * (steps[:, t] - levels[:, t - 1])
        return levels[~np.isnan(steps)]

    def inputs(self, values: Array, levels: Array, series: NDArray[np.int64]) -> Array:
        """Return how far values are from levels, in steps of their series: what the network sees."""
        scale = self.scale[series]
        return np.where(scale > 0, values - levels, 0.0) / np.where(scale > 0, scale, 1.0)

    def targets(self, ahead: Array, levels: Array, series: NDArray[np.int64]) -> Array:
        """Return how far the values of the next steps, [R, h], are from the lines that start at levels [R]."""
        lines = levels[:, np.newaxis] + self.drift[series][:, np.newaxis] * _steps(ahead)
        return self.inputs(ahead, lines, series[:, np.newaxis])

    def forecasts(self, outputs: Array) -> Array:
        """Return what the network's outputs [S, h] mean: so many steps from the line that starts at the level."""
        lines = self.level[:, np.newaxis] + self.drift[:, np.newaxis] * _steps(outputs)
        return lines + self.scale[:, np.newaxis] * outputs

    def advance(self, step: Array) -> tuple[Anchor, Array]:
        """Take in the next observation of every series, [S]; give what the network sees of it."""
        level = self.level + self.rate * (step - self.level)
        return replace(self, level=level), self.inputs(step, level, np.arange(len(step)))

    def repeat(self, times: int) -> Anchor:
        """Stand every series' state ``times`` times."""
        return Anchor(*(np.repeat(array, times) for array in (self.rate, self.scale, self.drift, self.level)))


def by_step(sequences: Sequences) -> Array:
    """Return all series side by side, [S, T], NaN after the end of each."""
    steps = np.full((len(sequences), int(sequences.lengths.max())), np.nan)
    steps[sequences.of_row, sequences.position] = sequences.values
    return steps


def _steps(ahead: Array) -> NDArray[np.int64]:
    return np.arange(1, ahead.shape[1] + 1)


def _slope(sequences: Sequences) -> Array:
    """Return the slope of the straight line of least squares through each series, [S]."""
    starts = sequences.offsets[:-1]

    def centred(values: Array) -> Array:
        return values - (np.add.reduceat(values, starts) / sequences.lengths)[sequences.of_row]

    times = centred(sequences.position.astype(np.float64))
    squares = np.add.reduceat(times * times, starts)
    return np.add.reduceat(times * centred(sequences.values), starts) / np.where(squares > 0, squares, 1.0)
