"""Whether one forecast is better than another by more than chance: the test of Diebold and Mariano."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

FEWEST = 8
"""Origins that the test takes at least; and twice as many as forecasts overlap."""


def paired_test(differences: NDArray[np.float64], horizon: int = 1) -> float | None:
    """Return the probability that chance alone makes the mean difference of losses as large as it is, one-sided.

    Diebold and Mariano (1995, "Comparing predictive accuracy"), with the correction for small samples and Student's t
    of Harvey, Leybourne and Newbold (1997, "Testing the equality of prediction mean squared errors"). Forecasts of h
    steps from neighbouring origins overlap, so the variance of the mean counts autocovariances up to lag h - 1, inside
    a window of origins. Of a few origins the sum may come out near zero or below: it is taken to be no smaller than the
    one with Bartlett's weights, 1 - lag / h.

    Parameters
    ----------
    differences : float64 [windows, K]
        Loss of the baseline less loss of the forecast, from K origins in a row in each window; NaN is passed over.
    horizon : int
        h, steps that are forecast from an origin.

    Returns
    -------
    float or None
        The smaller, the less likely is chance; None where there are too few origins.

    Examples
    --------
    >>> import numpy as np
    >>> round(paired_test(np.array([[1.0, 2.0, 0.0, 3.0, 1.0, 2.0, -1.0, 2.0]])), 3)
    0.014
    """
    known = np.isfinite(differences)
    count, lags = int(known.sum()), min(horizon, differences.shape[1])
    if count < max(FEWEST, 2 * lags):
        return None
    mean = float(differences[known].mean())
    centred = np.where(known, differences - mean, 0.0)
    covariances = [float((centred[:, lag:] * centred[:, : centred.shape[1] - lag]).sum()) for lag in range(lags)]
    plain = covariances[0] + 2 * sum(covariances[1:])
    weighted = covariances[0] + 2 * sum((1 - lag / lags) * c for lag, c in enumerate(covariances[1:], 1))
    variance = max(plain, weighted)
    if variance <= 0:  # the same from every origin
        return 0.0 if mean > 0 else 1.0
    correction = (count + 1 - 2 * lags + lags * (lags - 1) / count) / count
    return student_tail(mean * count / math.sqrt(variance) * math.sqrt(correction), count - 1)


def student_tail(t: float, degrees: int) -> float:
    """Return the probability that Student's t, with so many degrees of freedom, is above t.

    The finite sums of Abramowitz and Stegun (1964, "Handbook of mathematical functions", 26.7.3 and 26.7.4).

    Examples
    --------
    >>> round(student_tail(2.228, 10), 4)
    0.025
    """
    angle = math.atan(t / math.sqrt(degrees))
    odd = degrees % 2 == 1
    term = math.cos(angle) if odd else 1.0
    total = term if degrees > 1 else 0.0
    for k in range(3 if odd else 2, degrees - 1, 2):
        term *= math.cos(angle) ** 2 * (k - 1) / k
        total += term
    within = math.sin(angle) * total  # between -t and t
    if odd:
        within = (angle + within) * 2 / math.pi
    return 0.5 - within / 2
