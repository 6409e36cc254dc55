"""Scores of forecasts: pure functions of arrays.

Errors are averaged over all axes of the arrays given; a score of a panel is the mean of its series' scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Scores:
    """Errors of a forecast, smaller is better: rmse and mae in the series' units, smape in percent, mase a ratio."""

    rmse: float
    mae: float
    smape: float
    mase: float


def rmse(y: ArrayLike, forecast: ArrayLike) -> float:
    """Root of the mean squared error, in the units of y.

    Examples
    --------
    >>> rmse([1, 2], [1, 4])
    1.4142135623730951
    """
    return float(np.sqrt(np.mean(_errors(y, forecast) ** 2)))


def mae(y: ArrayLike, forecast: ArrayLike) -> float:
    """Mean absolute error, in the units of y.

    Examples
    --------
    >>> mae([1, 2], [1, 4])
    1.0
    """
    return float(np.mean(np.abs(_errors(y, forecast))))


def smape(y: ArrayLike, forecast: ArrayLike) -> float:
    """Symmetric mean absolute percentage error, 0 to 200: mean 200 |y - f| / (|y| + |f|), 0 where both are 0.

    As in the M3 competition (Makridakis and Hibon, 2000, "The M3-Competition").

    Examples
    --------
    >>> smape([1, 0], [3, 0])
    50.0
    """
    errors = np.abs(_errors(y, forecast))
    size = np.abs(np.asarray(y, np.float64)) + np.abs(np.asarray(forecast, np.float64))
    return float(np.mean(np.divide(200 * errors, size, out=np.zeros_like(errors), where=size > 0)))


def naive_scale(history: ArrayLike, season: int = 1) -> float:
    """Mean |y[t] - y[t - season]| of the training part: what MASE divides by.

    Where the history is no longer than a season, differences at lag 1 are taken; NaN where there are none. Observations
    that are NaN are passed over.

    Examples
    --------
    >>> naive_scale([1, 2, 4])
    1.5
    """
    y = np.asarray(history, np.float64)
    lag = season if len(y) > season else 1
    changes = np.abs(y[lag:] - y[:-lag])
    known = changes[~np.isnan(changes)]
    return float(np.mean(known)) if len(known) else float("nan")


def mase(y: ArrayLike, forecast: ArrayLike, history: ArrayLike, season: int = 1) -> float:
    """Mean absolute scaled error (Hyndman and Koehler, 2006, "Another look at measures of forecast accuracy").

    NaN where the training part does not vary, so that there is nothing to scale by.

    Examples
    --------
    >>> mase([5], [8], history=[1, 2, 4])
    2.0
    """
    scale = naive_scale(history, season)
    return mae(y, forecast) / scale if scale > 0 else float("nan")


def scores(y: ArrayLike, forecast: ArrayLike, history: ArrayLike, season: int = 1) -> Scores:
    """All scores of the forecast of one series."""
    return Scores(rmse(y, forecast), mae(y, forecast), smape(y, forecast), mase(y, forecast, history, season))


def mean_scores(
    y: NDArray[np.float64], forecast: NDArray[np.float64], seen: NDArray[np.bool_], scale: NDArray[np.float64]
) -> Scores:
    """Return the mean of the scores of many series, as ``scores`` gives those of each.

    Parameters
    ----------
    y, forecast : [S, ...]
    seen : bool [S, ...]
        Which observations count; series without any are passed over.
    scale : [S]
        The ``naive_scale`` of each series.

    Examples
    --------
    >>> y, forecast = np.array([[5.0, 6.0], [1.0, 2.0]]), np.array([[8.0, 6.0], [1.0, 4.0]])
    >>> mean_scores(y, forecast, np.array([[True, True], [False, True]]), np.array([1.5, 1.0])).mase
    1.5
    """
    y, forecast, seen = y.reshape(len(y), -1), forecast.reshape(len(y), -1), seen.reshape(len(y), -1)
    errors = np.abs(y - forecast)
    size = np.abs(y) + np.abs(forecast)
    shares = np.divide(200 * errors, size, out=np.zeros_like(errors), where=size > 0)
    squared, absolute, share = (_means(values, seen) for values in (errors**2, errors, shares))
    scaled = np.divide(absolute, scale, out=np.full(len(scale), np.nan), where=scale > 0)
    some = seen.any(axis=1)
    return Scores(*(float(each[some].mean()) for each in (np.sqrt(squared), absolute, share, scaled)))


def _means(values: NDArray[np.float64], seen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the mean of what is seen in each row; NaN where nothing is."""
    counts, result = seen.sum(axis=1), np.full(len(values), np.nan)
    for count in np.unique(counts[counts > 0]):
        rows = counts == count
        result[rows] = values[rows][seen[rows]].reshape(-1, count).mean(axis=1)
    return result


def pinball(y: ArrayLike, forecast: ArrayLike, quantile: float) -> float:
    """Mean pinball loss of forecasts of a quantile, in the units of y: q (y - f) above it, (1 - q) (f - y) below.

    Koenker and Bassett (1978, "Regression quantiles").

    Examples
    --------
    >>> pinball([10, 10], [8, 12], 0.75)
    1.0
    """
    error = _errors(y, forecast)
    return float(np.mean(np.maximum(quantile * error, (quantile - 1) * error)))


def crps(y: ArrayLike, forecasts: ArrayLike, quantiles: Sequence[float]) -> float:
    """Continuous ranked probability score from forecasts of quantiles, [..., Q], in the units of y [...].

    Twice the mean pinball loss: exact for infinitely many quantiles at equal distances (Laio and Tamea, 2007,
    "Verification tools for probabilistic forecasts of continuous hydrological variables").

    Examples
    --------
    >>> crps([10], [[8, 10, 12]], (0.25, 0.5, 0.75))
    0.6666666666666666
    """
    columns = np.moveaxis(np.asarray(forecasts, np.float64), -1, 0)
    if len(columns) != len(quantiles):
        raise ValueError(f"expected a forecast for each of {len(quantiles)} quantiles, got {len(columns)}.")
    return 2 * float(np.mean([pinball(y, f, q) for f, q in zip(columns, quantiles, strict=True)]))


def weighted_quantile_loss(y: ArrayLike, forecasts: ArrayLike, quantiles: Sequence[float]) -> float:
    """Twice the sum of the pinball losses by the sum of |y|, the mean over quantiles; NaN where all y are 0.

    Parameters
    ----------
    y : [...]
    forecasts : [..., Q]
        Of each quantile.
    quantiles : Q of them
        Between 0 and 1.

    Examples
    --------
    >>> weighted_quantile_loss([10, 30], [[8], [28]], (0.5,))
    0.1
    """
    size = float(np.mean(np.abs(np.asarray(y, np.float64))))
    return crps(y, forecasts, quantiles) / size if size > 0 else float("nan")


def coverage(y: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> float:
    """Share of the observations that are within their bounds, both included.

    Examples
    --------
    >>> coverage([1, 5], [0, 0], [1, 4])
    0.5
    """
    return float(np.mean((_errors(y, lower) >= 0) & (_errors(y, upper) <= 0)))


def skill(error: float, baseline: float) -> float:
    """1 - error / error of the baseline: 0 is as good, 1 perfect, below 0 worse; NaN where the baseline is perfect.

    Examples
    --------
    >>> skill(50, 100)
    0.5
    """
    return 1 - error / baseline if baseline > 0 else float("nan")


def _errors(y: ArrayLike, forecast: ArrayLike) -> NDArray[np.float64]:
    a, b = np.asarray(y, np.float64), np.asarray(forecast, np.float64)
    if a.shape != b.shape or a.size == 0:
        raise ValueError(f"expected two arrays of one shape, not empty, got {a.shape} and {b.shape}.")
    return a - b
