"""Backtest: what tests give back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.metrics import Scores, coverage
from statecast.series._alias import local_zone
from statecast.series._calendar import Frequency
from statecast.series._forecast import bounds_of, in_zone
from statecast.series._panel import Columns

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from statecast.series._protocols import Recipe


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
    def time_zone(self) -> str | None:
        """By whose local time tables tell the stamps, which are in UTC; None where they are as they were read."""
        return local_zone(self.frequency.alias, self.columns.time_zone)

    @property
    def disagreement(self) -> float | None:
        """How far two members' forecasts of one step are apart at most, in percent of the mean size of the forecasts.

        The mean over the origins, the series where they are farthest; None of one member, or where all is zero.
        """
        if self.members.shape[2] < 2:
            return None
        apart = np.ptp(self.members, axis=2).max(axis=2).mean(axis=1)
        size = np.abs(self.members.mean(axis=2)).mean(axis=(1, 2))
        return float((100 * apart[size > 0] / size[size > 0]).max()) if (size > 0).any() else None

    @property
    def bounds(self) -> dict[str, NDArray[np.float64]]:
        """The bounds [S, K, h] by their names in tables: lo-80, hi-80 and so on."""
        return bounds_of(self.levels, self.lower, self.upper)

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
                "origin": in_zone(np.repeat(self.origins.ravel(), horizon), self.time_zone),
                "ds": in_zone(self.times.ravel(), self.time_zone),
                "step": np.tile(np.arange(1, horizon + 1), series * origins),
                "y": self.y.ravel(),
                "mean": self.mean.ravel(),
                **{name: bound.ravel() for name, bound in self.bounds.items()},
            }
        )

    def plot(self, history: object = None, *, series: str | Sequence[str] | None = None) -> Figure:
        """Draw what was observed and what was predicted, a chart for each series.

        From one origin all steps are drawn; from several the first step of each, with its intervals, and the last one.

        Parameters
        ----------
        history
            What was tested, to be drawn before the test as well: all that ``read`` takes.
        series : str or sequence of str, optional
            Names of the series to draw; the first six if None.

        Returns
        -------
        matplotlib.figure.Figure
            Not shown anywhere: ``figure.savefig("test.png")`` writes it, a notebook shows it.

        Raises
        ------
        ParameterError
            If there is no such series.

        Examples
        --------
        >>> import statecast as sc
        >>> sales = [266.0, 145.9, 183.1, 119.3, 180.3, 168.5, 231.8, 224.5]
        >>> figure = sc.backtest(sales, sc.classic(epochs=20), test=3).plot(sales)
        >>> [line.get_label() for line in figure.axes[0].get_lines()]
        ['observed', 'predicted']
        """
        from statecast.pictures import draw
        from statecast.series._charts import backtest_charts

        return draw(backtest_charts(self, history, series))
