"""The options of the walk-forward test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from statecast.checks import choice
from statecast.cli._options import TEST, option
from statecast.errors import ParameterError

if TYPE_CHECKING:
    from statecast.cli._job import Job
    from statecast.series import Backtest, Progress, Recipe

Test = Annotated[
    int | None,
    option("--test", "Rows held out at the end.", TEST, "one season, or 6; twice that for a forecast of a long series"),
]


@dataclass(frozen=True)
class TestOptions:
    """The walk-forward test, and what its result is used for."""

    test: Test = None
    refit: Annotated[int | None, option("--refit", "Fit anew at every K-th origin.", TEST, "at the first alone")] = None
    windows: Annotated[
        int, option("--windows", "Test parts, one before the other, each with a fit of its own.", TEST, "1")
    ] = 1
    sliding: Annotated[
        int | None, option("--sliding", "Fit to so many rows at most, the last ones.", TEST, "all rows")
    ] = None
    baselines: Annotated[
        str, option("--baselines", "simple, statistical (with statsforecast's), or names.", TEST, "simple")
    ] = "simple"
    use: Annotated[str, option("--use", "What makes the forecast: network, best or combination.", TEST, "network")] = (
        "network"
    )
    weights: Annotated[
        str, option("--weights", "Of --use combination: equal, or inverse_error on a held-out end.", TEST, "equal")
    ] = "equal"

    def check(self) -> None:
        """Refuse a use or weights that there are not.

        Raises
        ------
        ParameterError
            If it is so, or if there is nothing to weigh.
        """
        from statecast.recipes import USES, WEIGHTS

        choice("--use", self.use, USES)
        choice("--weights", self.weights, WEIGHTS)
        if self.use != "combination" and self.weights != "equal":
            raise ParameterError(f"--weights {self.weights} is for --use combination, got --use {self.use}. Give both.")

    def method(self, recipe: Recipe, tested: Backtest) -> Recipe:
        """Return what makes the forecast after a test."""
        from statecast.recipes import to_use

        return to_use(self.use, recipe, tested, self.weights)

    def run(
        self, job: Job, test: int, horizon: int, progress: Progress | None, levels: tuple[float, ...] = ()
    ) -> Backtest:
        """Test a recipe on the last rows, and the combination where its weights take a test of its own."""
        tested = self._backtest(job.recipe, job, test, horizon, progress, self.baselines, levels)
        if self.weights == "equal":
            return tested
        # the weights are found anew wherever there is a fit, so the combination is tested as a recipe of its own
        weighed = self._backtest(self.method(job.recipe, tested), job, test, horizon, progress, "last_value", ())
        combination = replace(tested.combination, mean=weighed.mean, scores=weighed.scores)
        return replace(tested, combination=combination)

    def _backtest(
        self,
        recipe: Recipe,
        job: Job,
        test: int,
        horizon: int,
        progress: Progress | None,
        baselines: str,
        levels: tuple[float, ...],
    ) -> Backtest:
        from statecast.evaluation import backtest

        return backtest(
            job.panel,
            recipe,
            test,
            horizon=horizon,
            refit=self.refit,
            windows=self.windows,
            sliding=self.sliding,
            baselines=baselines,
            level=levels,
            threads=job.threads,
            progress=progress,
        )
