"""Rate: how many are expected in the next steps, from a smoothed level and the shares of a season."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.recipes._anchor import by_step
from statecast.series import SeasonClock, Sequences, are_seasonal, places
from statecast.storage import storable
from statecast.transforms import Log, aligned, trend_of

Array = NDArray[np.float64]

RATES = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9])
"""Of the smoothing, from which each series gets the one with the smallest squared error a step ahead."""

LARGEST = 10_000
"""Counts above it are large enough for recipes of any numbers."""

_LOW = 0.01  # that is expected at least: a raw output has no bottom
_LEAST = 0.01  # share of a place in the season
_INDEPENDENT = 5.0  # origins
_DISPERSION = (1e-3, 10.0)  # between which a network starts


@dataclass(frozen=True, eq=False)
class Ahead:
    """What is expected and what comes after each observation.

    Attributes
    ----------
    x : [R, 1 + lines]
        What the network sees.
    lines, y : [R, h]
        Raw outputs of a network that gives what is expected, and what came.
    known : bool [R, h]
        Whether it came before the end.
    of : int64 [R]
        The series.
    """

    x: Array
    lines: Array
    y: Array
    known: NDArray[np.bool_]
    of: NDArray[np.int64]

    def without(self, filled: NDArray[np.bool_]) -> Ahead:
        """Return the rows without the observations that were filled in, [R]."""
        index = np.arange(len(filled))[:, np.newaxis] + np.arange(1, self.known.shape[1] + 1)
        return replace(self, known=self.known & ~filled[np.minimum(index, len(filled) - 1)])

    def dispersions(self) -> Array:
        """Return those of negative binomials around what is expected, [S, h], by the method of moments."""
        mean = np.where(self.known, softplus(self.lines), 0.0)
        error = np.where(self.known, self.y, 0.0) - mean
        variance, square = (
            np.stack([np.bincount(self.of, weights=column) for column in part.T], axis=1)
            for part in (error**2 - mean, mean**2)
        )
        return np.clip(variance / np.where(square > 0, square, 1.0), *_DISPERSION)

    def together(self, dispersions: Array) -> Array:
        """Return the correlation of the errors of two steps after one observation, [S], from 0 to 1.

        Errors are by the standard deviation of the negative binomial; all pairs of steps count alike, and five origins
        beside those seen speak for none.
        """
        mean = softplus(self.lines)
        error = np.where(self.known, self.y - mean, 0.0) / np.sqrt(mean + dispersions[self.of] * mean**2)
        steps = self.known.sum(axis=1)
        many = (steps > 1).astype(np.float64)
        squares = (error**2).sum(axis=1)
        shared, whole, origins = (
            np.bincount(self.of, weights=many * part)
            for part in ((error.sum(axis=1) ** 2 - squares) / np.maximum(steps - 1, 1), squares, many)
        )
        seen = shared / np.where(whole > 0, whole, 1.0)
        return np.asarray(np.clip(seen * origins / (origins + _INDEPENDENT), 0.0, 1.0))


@storable
@dataclass(frozen=True, eq=False)
class Rate:
    """What the network starts from; arrays are [S].

    Attributes
    ----------
    rate : float64
        How much of the way to an observation the level goes at most; the first levels are means.
    shares : float64 [S, m]
        What a place in the season has of the level; 1 where there is no season.
    size, spread : float64
        Mean observation and standard deviation of the errors a step ahead, each at least 1: units of the inputs.
    level : float64
        After the last observation.
    seen : int64
        How many there were.
    clock : SeasonClock or None
        Tells the places in the season.
    """

    rate: Array
    shares: Array
    size: Array
    spread: Array
    level: Array
    seen: NDArray[np.int64]
    clock: SeasonClock | None = None

    @classmethod
    def fit(cls, sequences: Sequences, period: int, clock: SeasonClock | None = None) -> Rate:
        """Learn from whole series, and smooth them to their ends; a clock tells the places in the season."""
        clock = aligned(clock, sequences)
        shares = _shares(sequences, period, clock)
        steps, series = by_step(sequences), np.arange(len(sequences))
        place = places(clock, series[:, np.newaxis], np.arange(int(sequences.lengths.max()))) % period
        place = np.broadcast_to(place, steps.shape)
        level = np.repeat((steps[:, 0] / shares[:, 0])[:, np.newaxis], len(RATES), axis=1)
        squares = np.zeros_like(level)
        for t in range(1, steps.shape[1]):
            share, y = shares[series, place[:, t], np.newaxis], steps[:, t, np.newaxis]
            error = np.where(np.isnan(y), 0.0, y - level * share)
            squares += error**2
            level = level + np.maximum(RATES, 1 / (t + 1)) * error / share
        best = squares.argmin(axis=1)[:, np.newaxis]
        squares, level = (np.take_along_axis(array, best, axis=1)[:, 0] for array in (squares, level))
        mean = np.add.reduceat(sequences.values, sequences.offsets[:-1]) / sequences.lengths
        spread = np.sqrt(squares / np.maximum(sequences.lengths - 1, 1))
        return cls(
            RATES[best[:, 0]],
            shares,
            np.maximum(mean, 1.0),
            np.maximum(spread, 1.0),
            level,
            sequences.lengths,
            clock,
        )

    def rows(self, sequences: Sequences, horizon: int) -> Ahead:
        """Return what is expected, and what comes, after each observation of whole series."""
        steps = by_step(sequences)
        rate = replace(self, level=steps[:, 0] / self.shares[:, 0], seen=np.zeros_like(self.seen))
        seen = np.empty((*steps.shape, 1 + self.line_count))
        for t in range(steps.shape[1]):
            rate, seen[:, t] = rate.advance(steps[:, t])
        of = sequences.of_row
        x = seen[of, sequences.position]
        index = np.arange(len(of))[:, np.newaxis] + np.arange(1, horizon + 1)
        return Ahead(
            x,
            x[:, 1 + np.arange(horizon) % self.line_count] * self.size[of][:, np.newaxis],
            sequences.values[np.minimum(index, len(of) - 1)],
            index < sequences.offsets[1:][of][:, np.newaxis],
            of,
        )

    def advance(self, step: Array) -> tuple[Rate, Array]:
        """Take in the next observation of every series, [S]; give what the network sees after it, [S, 1 + lines].

        That is how far it is from what was expected, and what is expected of the next steps.
        """
        share = self._ahead(1)[:, 0]
        error = step - self.level * share
        level = self.level + np.maximum(self.rate, 1 / (self.seen + 1)) * error / share
        after = replace(self, level=np.maximum(level, 0.0), seen=self.seen + 1)
        lines = after.lines(after.line_count) / self.size[:, np.newaxis]
        return after, np.concatenate([(error / self.spread)[:, np.newaxis], lines], axis=1)

    @property
    def line_count(self) -> int:
        """How many lines tell all that is expected: one for each place in the season."""
        return int(self.shares.shape[1])

    def lines(self, horizon: int) -> Array:
        """Return the raw outputs [S, horizon] of a network that gives what is expected of the next steps."""
        return inverse_softplus(np.maximum(self.level[:, np.newaxis] * self._ahead(horizon), _LOW))

    def repeat(self, times: int) -> Rate:
        """Stand every series' state ``times`` times."""
        of = np.repeat(np.arange(len(self.seen)), times)
        return Rate(
            self.rate[of],
            self.shares[of],
            self.size[of],
            self.spread[of],
            self.level[of],
            self.seen[of],
            None if self.clock is None else self.clock.select(of),
        )

    def _ahead(self, steps: int) -> Array:
        series = np.arange(len(self.seen))[:, np.newaxis]
        place = places(self.clock, series, self.seen[:, np.newaxis] + np.arange(steps)) % self.shares.shape[1]
        return np.asarray(self.shares[series, place])


def inverse_softplus(values: Array) -> Array:
    """Return x where log(1 + exp(x)) is the value, above zero."""
    return np.asarray(values + np.log(-np.expm1(-values)))


def softplus(values: Array) -> Array:
    """Return log(1 + exp(x))."""
    return np.asarray(np.logaddexp(0.0, values))


def _shares(sequences: Sequences, period: int, clock: SeasonClock | None) -> Array:
    """Return what each place in the season has of the trend, [S, m], drawn to 1 as far as chance alone may explain it.

    That is as far as 1 / F, the statistic of the analysis of variance (James and Stein, 1961, "Estimation with
    quadratic loss"); all the way where no season is found.
    """
    shares = np.ones((len(sequences), period))
    for s in np.flatnonzero(are_seasonal(Log(period).fit(sequences).apply(sequences), period)):
        values = sequences.values[sequences.offsets[s] : sequences.offsets[s + 1]]
        place = places(clock, np.full(len(values), s), np.arange(len(values))) % period
        shares[s] = _shares_of(values, np.maximum(trend_of(values, period), _LOW), place, period)
    return shares


def _shares_of(values: Array, trend: Array, place: NDArray[np.int64], period: int) -> Array:
    of_values, of_trend = (np.bincount(place, weights, period) for weights in (values, trend))
    relative = np.where(of_trend > 0, of_values / np.where(of_trend > 0, of_trend, 1.0), 1.0)
    within = float(np.sum((values - trend * relative[place]) ** 2)) / max(len(values) - period, 1)
    between = float(np.sum((trend * (relative[place] - 1)) ** 2)) / (period - 1)
    share = max(1 - within / between, 0.0) if between > 0 else 0.0
    return np.maximum(1 + share * (relative - 1), _LEAST)


def check_whole(values: NDArray[np.float64], ids: NDArray[np.str_]) -> None:
    """Refuse what is no count; ids [R] say whose each value is.

    Raises
    ------
    DataError
        If a value is no whole number from 0 to 10 000.
    """
    wrong = (values < 0) | (values > LARGEST) | (values != np.floor(values))
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise DataError(
            f"counts are whole numbers from 0 to {LARGEST:,}, got {values[first]:g} in series {str(ids[first])!r}. "
            "For other numbers choose another recipe, such as auto."
        )
