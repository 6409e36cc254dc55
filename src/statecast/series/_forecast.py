"""Forecast and Backtest: what recipes and tests give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.metrics import Scores, coverage
from statecast.series._calendar import Frequency
from statecast.series._panel import Columns

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from statecast.series._protocols import Recipe


@dataclass(frozen=True, eq=False)
class Forecast:
    """A forecast of every series of a panel.

    Attributes
    ----------
    ids : tuple of str, S
    times : [S, h]
        Time stamps that are forecast.
    mean : float64 [S, h]
        The point forecast, in the units of the series; the average of the members where there are several.
    members : float64 [S, M, h]
        The forecast of every member of the ensemble.
    levels : tuple of float, L
        Of the intervals, in percent.
    lower, upper : float64 [S, L, h], or None where no level was asked for
        The bounds of every interval.
    """

    ids: tuple[str, ...]
    times: NDArray[np.generic]
    mean: NDArray[np.float64]
    members: NDArray[np.float64]
    levels: tuple[float, ...] = ()
    lower: NDArray[np.float64] | None = None
    upper: NDArray[np.float64] | None = None

    @property
    def bounds(self) -> dict[str, NDArray[np.float64]]:
        """The bounds [S, h] by their names in tables: lo-80, hi-80 and so on."""
        return _bounds(self.levels, self.lower, self.upper)

    def to_frame(self) -> pd.DataFrame:
        """Return a table with the columns unique_id, ds, mean, and lo-80, hi-80 and so on, a row a step."""
        import pandas as pd

        return pd.DataFrame(
            {
                "unique_id": np.repeat(np.array(self.ids, dtype=object), self.times.shape[1]),
                "ds": self.times.ravel(),
                "mean": self.mean.ravel(),
                **{name: bound.ravel() for name, bound in self.bounds.items()},
            }
        )

    def to_arrow(self) -> pa.Table:
        """Return the table of `to_frame` as Arrow's, which is quicker to make and to write for many series."""
        import pyarrow as pa

        repeated = np.repeat(np.arange(len(self.ids)), self.times.shape[1])
        return pa.table(
            {
                "unique_id": pa.array(self.ids, pa.string()).take(pa.array(repeated)),
                "ds": self.times.ravel(),
                "mean": self.mean.ravel(),
                **{name: bound.ravel() for name, bound in self.bounds.items()},
            }
        )


@dataclass(frozen=True)
class MemberScores:
    """The scores of one member of an ensemble, tested on its own."""

    seed: int
    scores: Scores


@dataclass(frozen=True)
class Seconds:
    """Wall time of a test: of the training alone, and of all."""

    train: float
    total: float


@dataclass(frozen=True, eq=False)
class Combined:
    """The equal average of a recipe's forecasts and those of some baselines.

    Attributes
    ----------
    baselines : tuple of str
        Their names.
    mean : float64 [S, K, h]
    scores : Scores
    """

    baselines: tuple[str, ...]
    mean: NDArray[np.float64]
    scores: Scores


@dataclass(frozen=True, eq=False)
class Backtest:
    """A walk-forward test: forecasts from K origins, h steps ahead, and how good they were.

    Attributes
    ----------
    ids : tuple of str, S
    columns, frequency
        Of the panel tested.
    horizon : int
        h, steps ahead.
    origins : [S, K]
        Time of the last observation that each forecast knew.
    times : [S, K, h]
        Time stamps that were forecast.
    windows : int
        Test parts, each with as many of the origins.
    y : float64 [S, K, h]
        What was observed.
    scored : bool [S, K, h]
        Where something was observed, and not filled in.
    mean : float64 [S, K, h]
        The point forecasts.
    members : float64 [S, K, M, h]
        Those of every member.
    scores : Scores
        Of the point forecasts, over all origins and steps of a series, averaged over the series.
    baselines : dict of str to Scores
        Of the baselines, tested in the same way.
    baseline_means : dict of str to float64 [S, K, h]
        Their point forecasts.
    recipes : dict of str to Recipe
        The baselines themselves, by the same names.
    combination : Combined
        The average of the recipe and the statistical baselines; where none was tested, of the recipe and the best one.
    member_scores : tuple of MemberScores, M
    decisions : tuple of str
        What the recipe decided for a single series, when it was fitted last.
    p_value : float or None
        The probability that chance alone makes the recipe as much better than the best baseline as it is; None where
        there are too few origins to tell.
    verdict : str
        Whether the recipe beats the baselines, and what to use.
    seconds : Seconds
    levels : tuple of float, L
        Of the intervals, in percent.
    lower, upper : float64 [S, K, L, h], or None where no level was asked for
        The bounds of every interval, made from the training part alone.
    """

    ids: tuple[str, ...]
    columns: Columns
    frequency: Frequency
    horizon: int
    origins: NDArray[np.generic]
    times: NDArray[np.generic]
    windows: int
    y: NDArray[np.float64]
    scored: NDArray[np.bool_]
    mean: NDArray[np.float64]
    members: NDArray[np.float64]
    scores: Scores
    baselines: Mapping[str, Scores]
    baseline_means: Mapping[str, NDArray[np.float64]]
    recipes: Mapping[str, Recipe]
    combination: Combined
    member_scores: tuple[MemberScores, ...]
    decisions: tuple[str, ...]
    p_value: float | None
    verdict: str
    seconds: Seconds = field(compare=False)
    levels: tuple[float, ...] = ()
    lower: NDArray[np.float64] | None = None
    upper: NDArray[np.float64] | None = None

    @property
    def bounds(self) -> dict[str, NDArray[np.float64]]:
        """The bounds [S, K, h] by their names in tables: lo-80, hi-80 and so on."""
        return _bounds(self.levels, self.lower, self.upper)

    @property
    def coverage(self) -> dict[float, float]:
        """The share of the observations within the bounds of each level, in percent as the level is."""
        y = self.y[self.scored]
        return {
            level: 100 * coverage(y, *(self.bounds[f"{side}-{level:g}"][self.scored] for side in ("lo", "hi")))
            for level in self.levels
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a table with the columns unique_id, origin, ds, step, y, mean, lo-80 and so on, a row a step."""
        import pandas as pd

        series, origins, horizon = self.times.shape
        return pd.DataFrame(
            {
                "unique_id": np.repeat(np.array(self.ids, dtype=object), origins * horizon),
                "origin": np.repeat(self.origins.ravel(), horizon),
                "ds": self.times.ravel(),
                "step": np.tile(np.arange(1, horizon + 1), series * origins),
                "y": self.y.ravel(),
                "mean": self.mean.ravel(),
                **{name: bound.ravel() for name, bound in self.bounds.items()},
            }
        )


def _bounds(
    levels: tuple[float, ...], lower: NDArray[np.float64] | None, upper: NDArray[np.float64] | None
) -> dict[str, NDArray[np.float64]]:
    """Return bounds [..., L, h], level by level, by their names in tables."""
    if lower is None or upper is None:
        return {}
    return {
        f"{side}-{level:g}": bound[..., k, :]
        for k, level in enumerate(levels)
        for side, bound in (("lo", lower), ("hi", upper))
    }
