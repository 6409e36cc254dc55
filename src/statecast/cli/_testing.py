"""The options of the walk-forward test."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from statecast.checks import choice, whole_number
from statecast.cli._options import TEST, option
from statecast.errors import ParameterError

if TYPE_CHECKING:
    from statecast.cli._job import Job
    from statecast.series import Backtest, Panel, Progress, Recipe

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
    ) -> Tested:
        """Test a recipe on the last rows; series of a panel that cannot be tested are left out.

        These are the ones that are too short, and those that the recipe refuses without their test part. Where none is
        left, and for a single series, this raises what the test raises.
        """
        import numpy as np

        from statecast.distributed import forecast_part
        from statecast.errors import DataError, TrainingError

        whole_number("--windows", self.windows, 1, 1_000_000)
        held_out, panel = self.windows * test, job.panel
        least = held_out + job.recipe.shortest
        reasons = {
            panel.ids[s]: f"a test of {held_out:,} rows takes {least:,}, got {panel.lengths[s]:,}."
            for s in np.flatnonzero(panel.lengths < least)
        }
        usable = _without(panel, reasons)
        try:
            return Tested(self._strict(replace(job, panel=usable), test, horizon, progress, levels), usable, reasons)
        except (DataError, TrainingError):
            if len(usable) == 1 or len(reasons) == len(panel):
                raise
            part = forecast_part(usable.window(None, -held_out), job.recipe, horizon, (), job.threads)
            if len(part.failures) in (0, len(usable)):
                raise
        reasons |= {failure.unique_id: failure.reason for failure in part.failures}
        usable = _without(panel, reasons)
        return Tested(self._strict(replace(job, panel=usable), test, horizon, progress, levels), usable, reasons)

    def _strict(
        self, job: Job, test: int, horizon: int, progress: Progress | None, levels: tuple[float, ...]
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


@dataclass(frozen=True, eq=False)
class Tested:
    """A test, the series that were tested, and those that were left out, by name with the reason."""

    result: Backtest
    panel: Panel
    left_out: dict[str, str]


def _without(panel: Panel, names: Collection[str]) -> Panel:
    """Return a panel without some series; as it is where none would be left."""
    import numpy as np

    kept = [s for s, name in enumerate(panel.ids) if name not in names]
    return panel.select(np.array(kept)) if 0 < len(kept) < len(panel) else panel
