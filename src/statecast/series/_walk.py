"""A walk over held-out observations: forecast, then take in the truth, from every origin in turn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.series._panel import Panel
from statecast.series._protocols import Fitted


@dataclass(frozen=True, eq=False)
class Walk:
    """The forecasts of a walk: times [S, K, h], members [S, K, M, h], mean [S, K, h]."""

    times: NDArray[np.generic]
    members: NDArray[np.float64]
    mean: NDArray[np.float64]


def walk(fitted: Fitted, held_out: Panel, horizon: int) -> Walk:
    """Forecast from every origin; the true observation is taken in only after its forecast is made."""
    forecasts = []
    for step in range(int(held_out.lengths[0]) - horizon + 1):
        if step > 0:
            fitted = fitted.update(held_out.window(step - 1, step))
        forecasts.append(fitted.forecast(horizon))
    return Walk(
        np.stack([f.times for f in forecasts], axis=1),
        np.stack([f.members for f in forecasts], axis=1),
        np.stack([f.mean for f in forecasts], axis=1),
    )


def windows(y: NDArray[np.float64], horizon: int) -> NDArray[np.float64]:
    """Return what was observed in the ``horizon`` steps after every origin, [S, K, h]."""
    return np.lib.stride_tricks.sliding_window_view(y, horizon, axis=1)
