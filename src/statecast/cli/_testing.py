"""The options of the walk-forward test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from statecast.checks import choice
from statecast.cli._options import TEST, option

if TYPE_CHECKING:
    from statecast.cli._job import Job
    from statecast.series import Backtest, Progress

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

    def check(self) -> None:
        """Refuse a use that there is not."""
        from statecast.recipes import USES

        choice("--use", self.use, USES)

    def run(
        self, job: Job, test: int, horizon: int, progress: Progress | None, levels: tuple[float, ...] = ()
    ) -> Backtest:
        """Test a recipe on the last rows."""
        from statecast.evaluation import backtest

        return backtest(
            job.panel,
            job.recipe,
            test,
            horizon=horizon,
            refit=self.refit,
            windows=self.windows,
            sliding=self.sliding,
            baselines=self.baselines,
            level=levels,
            threads=job.threads,
            progress=progress,
        )
