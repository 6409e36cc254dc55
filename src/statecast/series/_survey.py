"""Survey: what one series is like, before anything is fitted to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.series._decompose import decompose
from statecast.series._seasonality import are_seasonal
from statecast.series._sequences import Sequences
from statecast.series._shares import vary_by_shares


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
    is_logged : bool
        Whether it varies by shares, so that trend, season and outliers are those of its logarithm, as of the recipes.
    is_seasonal : bool
        Whether the recipes find its season.
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
    is_logged: bool = False
    is_seasonal: bool = False


def survey(values: NDArray[np.float64], season: int) -> Survey:
    """Look at one series; missing values, NaN, are counted and then bridged by straight lines.

    Examples
    --------
    >>> import numpy as np
    >>> seen = survey(np.arange(48.0) + np.tile([0.0, 5.0, 0.0, -5.0], 12), season=4)
    >>> round(seen.slope, 2), round(seen.season_strength, 2)
    (0.99, 1.0)
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
    scaled, is_logged, is_seasonal = _scale(y, season)
    parts = decompose(scaled, season if season > 1 and len(y) >= 2 * season else 1)
    return Survey(
        count=len(values),
        missing=int((~known).sum()),
        mean=float(present.mean()),
        sd=float(present.std(ddof=1)),
        minimum=float(present.min()),
        maximum=float(present.max()),
        slope=float(np.polyfit(steps, y, 1)[0]),
        trend_strength=_strength(parts.remainder, parts.trend),
        season_strength=_strength(parts.remainder, parts.season) if np.any(parts.season) else float("nan"),
        differences=_differences(y),
        outliers=np.flatnonzero(parts.outliers & known),
        is_logged=is_logged,
        is_seasonal=is_seasonal,
    )


def _scale(y: NDArray[np.float64], season: int) -> tuple[NDArray[np.float64], bool, bool]:
    """Return the series, logged if it varies by shares, whether it is, and whether it has a season."""
    one = Sequences(y, np.array([0, len(y)]))
    is_logged = bool(y.min() > 0 and np.ptp(y) > 0 and vary_by_shares(one, season)[0])
    y = np.log(y) if is_logged else y
    return y, is_logged, bool(are_seasonal(Sequences(y, one.offsets), season)[0])


def _strength(remainder: NDArray[np.float64], part: NDArray[np.float64]) -> float:
    whole = float(np.var(remainder + part))
    return max(0.0, 1 - float(np.var(remainder)) / whole) if whole > 0 else 0.0


def _differences(y: NDArray[np.float64]) -> int:
    from coreforecast.differences import num_diffs

    return int(num_diffs(y, 2)) if len(y) >= 5 and np.ptp(y) > 0 else 0
