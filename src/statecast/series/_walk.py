"""A walk over held-out observations: forecast, then take in the truth, from every origin in turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.series._panel import Panel
from statecast.series._protocols import Fitted

_ARRAYS = ("times", "members", "mean")


@dataclass(frozen=True, eq=False)
class Walk:
    """The forecasts of a walk: times [S, K, h], members [S, K, M, h], mean [S, K, h], bounds [S, K, L, h] if any."""

    times: NDArray[np.generic]
    members: NDArray[np.float64]
    mean: NDArray[np.float64]
    levels: tuple[float, ...] = ()
    lower: NDArray[np.float64] | None = None
    upper: NDArray[np.float64] | None = None

    def select(self, series: slice) -> Walk:
        """Return the walk of some of the series."""
        parts = (None if a is None else a[series] for a in (self.lower, self.upper))
        return Walk(self.times[series], self.members[series], self.mean[series], self.levels, *parts)

    @classmethod
    def joined(cls, walks: Sequence[Walk]) -> Walk:
        """Return walks over the same series, one after another, as one."""
        lower, upper = (_along_origins([getattr(w, side) for w in walks]) for side in ("lower", "upper"))
        times, members, mean = (np.concatenate([getattr(w, name) for w in walks], axis=1) for name in _ARRAYS)
        return cls(times, members, mean, walks[0].levels, lower, upper)

    @classmethod
    def beside(cls, walks: Sequence[Walk]) -> Walk:
        """Return walks over some series, then others, as one."""
        bounds = ([b for w in walks if (b := getattr(w, side)) is not None] for side in ("lower", "upper"))
        lower, upper = (np.concatenate(known) if known else None for known in bounds)
        times, members, mean = (np.concatenate([getattr(w, name) for w in walks]) for name in _ARRAYS)
        return cls(times, members, mean, walks[0].levels, lower, upper)


def origins(fitted: Fitted, held_out: Panel, count: int, every: int = 1) -> Iterator[Fitted]:
    """Give the fitted method at every so many of the origins: as it is, then with the observations between taken in."""
    for step in range(0, count, every):
        if step > 0:
            fitted = fitted.take(fitted.origin.take(held_out.window(step - every, step)))
        yield fitted


def walk(fitted: Fitted, held_out: Panel, horizon: int, level: float | Sequence[float] = ()) -> Walk:
    """Forecast from every origin; the true observation is taken in only after its forecast is made."""
    count = int(held_out.lengths[0]) - horizon + 1
    forecasts = [at.forecast(horizon, level) for at in origins(fitted, held_out, count)]
    lower, upper = ([b for f in forecasts if (b := getattr(f, side)) is not None] for side in ("lower", "upper"))
    return Walk(
        np.stack([f.times for f in forecasts], axis=1),
        np.stack([f.members for f in forecasts], axis=1),
        np.stack([f.mean for f in forecasts], axis=1),
        forecasts[0].levels,
        np.stack(lower, axis=1) if lower else None,
        np.stack(upper, axis=1) if upper else None,
    )


def _along_origins(bounds: Sequence[NDArray[np.float64] | None]) -> NDArray[np.float64] | None:
    known = [bound for bound in bounds if bound is not None]
    return np.concatenate(known, axis=1) if known else None


def windows(y: NDArray[np.float64], horizon: int) -> NDArray[np.float64]:
    """Return what was observed in the ``horizon`` steps after every origin, [S, K, h]."""
    return np.lib.stride_tricks.sliding_window_view(y, horizon, axis=1)
