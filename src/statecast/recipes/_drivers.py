"""Drivers: the covariates of a series on one scale, and the linear effect that they have on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from statecast.series import Covariates, Sequences
from statecast.storage import storable
from statecast.transforms import Season

Array = NDArray[np.float64]
Steps = NDArray[np.int64]

MOST_LAGS = 3
"""Steps that an effect may come late."""

_ROWS_FOR_SQUARES = 20  # observations a column: with fewer, a curve is not to be told from a line
_SHARE = 3  # a third of the series judges lags and penalty
_JUDGED = 8  # steps ahead, up to the horizon
_BELIEVED = 10.0  # penalty of what cannot be judged
_PENALTIES = np.array([0.1, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 1e5])


@storable
@dataclass(frozen=True, eq=False)
class Scaling:
    """Mean and deviation of columns and of their squares in the training part, [2 C].

    A column that does not vary is zero, whatever comes later; so is a square that says nothing of its own. The number
    of columns is the same for all series.
    """

    mean: Array
    deviation: Array

    @classmethod
    def fit(cls, values: Array, squares: bool) -> Scaling:
        """Learn from values [n, C]; of two values the square says nothing of its own."""
        mean, deviation = _moments(values)
        square_mean, square_deviation = _moments(((values - mean) / deviation) ** 2)
        curved = [squares and len(np.unique(column)) > 2 for column in values.T]
        square_deviation = np.where(curved, square_deviation, np.inf)
        return cls(np.append(mean, square_mean), np.append(deviation, square_deviation))

    @property
    def count(self) -> int:
        """C."""
        return len(self.mean) // 2

    def apply(self, values: Array) -> Array:
        """Return columns [m, 2 C] of mean 0 and deviation 1 in the training part."""
        scaled = (values - self.mean[: self.count]) / self.deviation[: self.count]
        squares = (scaled**2 - self.mean[self.count :]) / self.deviation[self.count :]
        return np.concatenate([scaled, squares], axis=1)

    def slopes(self, scaled: Array, by_scaled: Array) -> Array:
        """Return slopes by columns as read, [.., n, C], of slopes by scaled ones, at scaled columns [.., n, 2 C]."""
        if self.count == 0:
            return by_scaled
        inner = 2 * scaled[..., : self.count] / self.deviation[self.count :]
        return (by_scaled[..., : self.count] + by_scaled[..., self.count :] * inner) / self.deviation[: self.count]


@storable
@dataclass(frozen=True, eq=False)
class Drivers:
    """The covariates of one series, scaled; row r belongs to step ``first`` + r of the series.

    Attributes
    ----------
    known_scaling, past_scaling : Scaling
    known : float64 [m, K]
        As far ahead as they are known; later steps are taken to be like the last one.
    past : float64 [p, P]
        Up to the origin; later steps are taken to be at their level.
    first : int
        Step of the first row.
    """

    known_scaling: Scaling
    past_scaling: Scaling
    known: Array
    past: Array
    first: int = 0

    @classmethod
    def fit(cls, covariates: Covariates, panel_offsets: Steps, series: int) -> Drivers:
        """Scale the covariates of a series by its training part."""
        known, past = covariates.known_of(series), _past_of(covariates, panel_offsets, series)
        squares = len(past) >= _ROWS_FOR_SQUARES * (known.shape[1] + past.shape[1])
        scale_known, scale_past = Scaling.fit(known[: len(past)], squares), Scaling.fit(past, squares)
        return cls(scale_known, scale_past, scale_known.apply(known), scale_past.apply(past))

    def over(self, covariates: Covariates, panel_offsets: Steps, series: int) -> Drivers:
        """Return the covariates of a whole series, in this scale."""
        known, past = covariates.known_of(series), _past_of(covariates, panel_offsets, series)
        return replace(self, known=self.known_scaling.apply(known), past=self.past_scaling.apply(past), first=0)

    @property
    def count(self) -> int:
        """Observations seen so far."""
        return self.first + len(self.past)

    @property
    def known_ahead(self) -> int:
        """Steps after the origin for which all is known."""
        return len(self.known) - len(self.past) if self.known.shape[1] else np.iinfo(np.int64).max

    def known_at(self, steps: Steps) -> Array:
        """Return the known columns at steps [..], [.., K]."""
        return self.known[np.clip(steps - self.first, 0, len(self.known) - 1)]

    def past_at(self, steps: Steps, level: Array) -> Array:
        """Return the past columns at steps [..], [.., P]; the level [P] at later ones."""
        rows = self.past[np.clip(steps - self.first, 0, len(self.past) - 1)]
        return np.where((steps < self.count)[..., np.newaxis], rows, level)

    def regressors(self, steps: Steps, lags: int, level: Array) -> Array:
        """Return what may act on steps [n]: known columns at lags 0 to ``lags``, past ones from lag 1 on, [n, D]."""
        late = [self.known_at(steps - lag) for lag in range(lags + 1)]
        late += [self.past_at(steps - lag, level) for lag in range(1, max(lags, 1) + 1)]
        return np.concatenate(late, axis=1)

    def lags(self, lags: int) -> Steps:
        """Return for each of the regressors how many steps ahead it is known: its lag, if it is a past column, [D]."""
        known = np.full((lags + 1) * self.known.shape[1], np.iinfo(np.int64).max)
        return np.concatenate([known, np.repeat(np.arange(1, max(lags, 1) + 1), self.past.shape[1])])

    def take(self, covariates: Covariates, series: int, steps: int) -> Drivers:
        """Take in the rows of ``steps`` new observations, and what is known of later ones."""
        past = covariates.past_values[series * steps : (series + 1) * steps]
        taken = np.concatenate([self.past, self.past_scaling.apply(past)])
        return replace(self.foresee(covariates.known_of(series)), past=taken)

    def until(self, count: int) -> Drivers:
        """Return what is known at an earlier origin, after so many observations."""
        return replace(self, past=self.past[: count - self.first])

    def foresee(self, known: Array) -> Drivers:
        """Replace what is known of the steps after the origin, [f, columns as read]."""
        before = self.known[: len(self.past)]
        return replace(self, known=np.concatenate([before, self.known_scaling.apply(known)]))

    def forget(self, steps: int) -> Drivers:
        """Keep the rows of the last ``steps`` observations, and all later ones."""
        gone = max(len(self.past) - steps, 0)
        return replace(self, known=self.known[gone:], past=self.past[gone:], first=self.first + gone)


@storable
@dataclass(frozen=True, eq=False)
class Effect:
    """What the covariates of one series add to it: a linear regression on them and their lags.

    Its errors are those of exponential smoothing, so that coefficients are found by ridge regression of the errors a
    step ahead on the covariates' own (a dynamic regression: Pankratz, 1991, "Forecasting with dynamic regression
    models"). Lags and penalty are those with the smallest errors up to the horizon in the last third of the series,
    for coefficients found before it; where none are smaller than those without, the covariates that varied before it
    have no effect.

    Attributes
    ----------
    lags : int
    coefficients : float64 [D]
        Of ``Drivers.regressors``.
    rate : float
        Of the smoothing of the past columns.
    level : float64 [P]
        Of the past columns, after the last observation.
    """

    lags: int
    coefficients: Array
    rate: float
    level: Array

    @classmethod
    def fit(cls, drivers: Drivers, values: Array, rate: float, periods: tuple[int, ...], horizon: int) -> Effect:
        """Find the coefficients from the values [n] of a series, smoothed with a rate and freed of its seasons."""
        steps, level = np.arange(len(values)), smooth(drivers.past, rate)[-1]
        own = _Freed.of(values[:, np.newaxis], rate, periods)
        learnt = len(values) - max(len(values) // _SHARE, 1)
        if learnt < 2:  # no change to learn from before the part that judges
            return cls(0, np.zeros(drivers.regressors(steps, 0, level).shape[1]), rate, level)
        ahead = np.unique(np.linspace(1, min(horizon, len(values) - learnt), _JUDGED).astype(np.int64))
        best = _Choice(own.score(None, np.zeros((0, 1)), learnt, ahead, None)[0], 0, np.inf)
        for lags in range(MOST_LAGS + 1):
            columns = _Freed.of(drivers.regressors(steps, lags, level), rate, periods)
            if lags and 3 * columns.values.shape[1] > learnt:
                break
            found = _ridge(columns.innovations[: learnt - 1], own.innovations[: learnt - 1, 0], _PENALTIES)
            scores = own.score(columns, found, learnt, ahead, drivers.lags(lags))
            best = min(best, *map(_Choice, scores, [lags] * len(scores), _PENALTIES))
        columns = _Freed.of(drivers.regressors(steps, best.lags, level), rate, periods)
        changes, penalty = columns.innovations, best.penalty
        if np.isinf(penalty):  # what did not vary before could not be judged, and is believed
            changes, penalty = np.where(np.ptp(changes[: learnt - 1], axis=0) > 0, 0.0, changes), _BELIEVED
        return cls(best.lags, _ridge(changes, own.innovations[:, 0], np.array([penalty]))[:, 0], rate, level)

    def on(self, drivers: Drivers, steps: Steps) -> Array:
        """Return the effect on steps [n]."""
        return drivers.regressors(steps, self.lags, self.level) @ self.coefficients

    def over(self, past: Array) -> Effect:
        """Return the effect at the end of other scaled past columns, [p, P]."""
        return replace(self, level=smooth(past, self.rate)[-1])

    def take(self, past: Array) -> Effect:
        """Take in the scaled past columns of new observations, [k, P]."""
        return replace(self, level=smooth(np.concatenate([self.level[np.newaxis], past]), self.rate)[-1])


def _past_of(covariates: Covariates, panel_offsets: Steps, series: int) -> Array:
    return covariates.past_values[panel_offsets[series] : panel_offsets[series + 1]]


def smooth(columns: Array, rate: float) -> Array:
    """Return the exponentially smoothed level of columns [n, C] after each row."""
    levels = np.empty_like(columns)
    if columns.shape[1] == 0:
        return levels
    level = columns[0]
    for t, row in enumerate(columns):
        levels[t] = level = level + rate * (row - level)
    return levels


class _Choice(NamedTuple):
    """The error of a choice of lags and penalty."""

    score: float
    lags: int
    penalty: float


@dataclass(frozen=True, eq=False)
class _Freed:
    """Columns [n, C] freed of their seasons, and their smoothed levels after each row."""

    values: Array
    levels: Array

    @classmethod
    def of(cls, columns: Array, rate: float, periods: tuple[int, ...]) -> _Freed:
        count, width = columns.shape
        flat = Sequences(columns.T.ravel(), np.arange(width + 1) * count)
        for period in periods if width else ():
            flat = Season(period).fit(flat, np.ones(width, np.bool_)).apply(flat)
        free = flat.values.reshape(width, count).T
        return cls(free, smooth(free, rate))

    @property
    def innovations(self) -> Array:
        """How far columns are from the level before each row, [n - 1, C]."""
        return self.values[1:] - self.levels[:-1]

    def score(
        self, columns: _Freed | None, coefficients: Array, learnt: int, ahead: Steps, lags: Steps | None
    ) -> Array:
        """Return the mean squared errors at steps ahead, from the origins after ``learnt`` rows on, [coefficients].

        Columns whose lag, [D], is smaller than a step ahead are not known then: they are at their level.
        """
        total = np.zeros(coefficients.shape[1])
        for k in ahead:
            errors = self.values[learnt - 1 + k :] - self.levels[learnt - 1 : -k]
            if columns is not None and lags is not None:
                away = columns.values[learnt - 1 + k :] - columns.levels[learnt - 1 : -k]
                errors = errors - (away * (lags >= k)) @ coefficients
            total += np.mean(errors**2, axis=0)
        return total


def _moments(values: Array) -> tuple[Array, Array]:
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    varies = deviation > 1e-9 * (np.abs(mean) + np.finfo(np.float64).tiny)
    return mean, np.where(varies, deviation, np.inf)


def _ridge(X: Array, y: Array, penalties: Array) -> Array:
    """Return the coefficients of ridge regression with every penalty, [D, penalties]."""
    mean, deviation = _moments(X)
    scaled, centred = (X - mean) / deviation, y - y.mean()
    U, sizes, Vt = np.linalg.svd(scaled, full_matrices=False)
    kept = sizes[:, np.newaxis] / (sizes[:, np.newaxis] ** 2 + penalties)
    return np.asarray((Vt.T @ (kept * (U.T @ centred)[:, np.newaxis])) / deviation[:, np.newaxis])
