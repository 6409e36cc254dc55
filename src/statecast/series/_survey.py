"""Survey: what one series is like, before anything is fitted to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Survey:
    """What a series is like.

    Attributes
    ----------
    count, missing : int
        Observations, and how many of them have no value.
    mean, sd, minimum, maximum : float
    slope : float
        Of a straight line by least squares, in units a step.
    trend_strength, season_strength : float
        0 for none, 1 for nothing else (Wang, Smith and Hyndman, 2006, "Characteristic-based clustering for time
        series data"), from a classical decomposition; NaN where the series is too short for it.
    differences : int
        Differences that make it stationary by the test of Kwiatkowski, Phillips, Schmidt and Shin (1992), 0 to 2.
    outliers : int [k]
        Positions of values whose remainder lies more than three interquartile ranges outside the quartiles.
    """

    count: int
    missing: int
    mean: float
    sd: float
    minimum: float
    maximum: float
    slope: float
    trend_strength: float
    season_strength: float
    differences: int
    outliers: NDArray[np.int64]


def survey(values: NDArray[np.float64], season: int) -> Survey:
    """Look at one series; missing values, NaN, are counted and then bridged by straight lines.

    Examples
    --------
    >>> import numpy as np
    >>> seen = survey(np.arange(48.0) + np.tile([0.0, 5.0, 0.0, -5.0], 12), season=4)
    >>> round(seen.slope, 2), round(seen.season_strength, 2)
    (0.99, 0.98)
    """
    known = np.isfinite(values)
    present = values[known]
    if len(present) < 2:
        value = float(present[0]) if len(present) else float("nan")
        nothing = np.zeros(0, np.int64)
        nan = float("nan")
        return Survey(len(values), int((~known).sum()), value, nan, value, value, nan, nan, nan, 0, nothing)
    steps = np.arange(len(values))
    y = np.interp(steps, steps[known], present)
    trend, seasonal = _decompose(y, season)
    remainder = y - trend - seasonal
    return Survey(
        count=len(values),
        missing=int((~known).sum()),
        mean=float(present.mean()),
        sd=float(present.std(ddof=1)),
        minimum=float(present.min()),
        maximum=float(present.max()),
        slope=float(np.polyfit(steps, y, 1)[0]),
        trend_strength=_strength(remainder, trend),
        season_strength=_strength(remainder, seasonal) if np.any(seasonal) else float("nan"),
        differences=_differences(y),
        outliers=_outliers(remainder, known),
    )


def _decompose(y: NDArray[np.float64], season: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Trend by a centred moving average over a season (5 steps where there is none), season by means."""
    seasonal_enough = season > 1 and len(y) >= 2 * season
    width = season if seasonal_enough else min(5, len(y) - 1 + len(y) % 2)  # an odd number of steps
    weights = np.full(width + 1, 1.0) if width % 2 == 0 else np.full(width, 1.0)
    if width % 2 == 0:
        weights[[0, -1]] = 0.5  # an even window, centred
    counts = np.convolve(np.ones_like(y), weights, "same")
    trend = np.convolve(y, weights, "same") / counts
    if not seasonal_enough:
        return trend, np.zeros_like(y)
    inner = slice(width // 2, len(y) - width // 2)
    place = np.arange(len(y)) % season
    means = np.bincount(place[inner], (y - trend)[inner], season) / np.bincount(place[inner], minlength=season)
    return trend, (means - means.mean())[place]


def _strength(remainder: NDArray[np.float64], part: NDArray[np.float64]) -> float:
    whole = float(np.var(remainder + part))
    return max(0.0, 1 - float(np.var(remainder)) / whole) if whole > 0 else 0.0


def _differences(y: NDArray[np.float64]) -> int:
    from coreforecast.differences import num_diffs

    return int(num_diffs(y, 2)) if len(y) >= 5 and np.ptp(y) > 0 else 0


def _outliers(remainder: NDArray[np.float64], known: NDArray[np.bool_]) -> NDArray[np.int64]:
    low, high = np.quantile(remainder, [0.25, 0.75])
    reach = 3 * (high - low)
    far = (remainder < low - reach) | (remainder > high + reach)
    return np.flatnonzero(far & known)
