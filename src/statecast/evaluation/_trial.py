"""Trial: a test that is to be made, series by series if need be, and what it says in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from statecast.baselines import METHODS, choose
from statecast.checks import whole_number
from statecast.errors import DataError
from statecast.evaluation._paired import paired_test
from statecast.evaluation._refits import Plan, Walked, walk_forward
from statecast.evaluation._truth import Truth
from statecast.evaluation._verdict import best, verdict, without_season
from statecast.metrics import Scores
from statecast.series import Backtest, Combined, MemberScores, Panel, Progress, Recipe, Seconds, Walk, read

MOST_ROWS = 1_000_000
Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Walks:
    """The walk of a recipe, and the point forecasts [S, K, h] of the baselines beside it, by name."""

    own: Walked
    means: Mapping[str, Array]

    @classmethod
    def joined(cls, parts: Sequence[Walks]) -> Walks:
        """Return the walks over some series, then others, as one."""
        if len(parts) == 1:
            return parts[0]
        own = Walked(Walk.beside([part.own.walk for part in parts]), (), sum(part.own.seconds for part in parts))
        return cls(own, {name: np.concatenate([part.means[name] for part in parts]) for name in parts[0].means})


@dataclass(frozen=True, eq=False)
class Trial:
    """What is tested, on what, and beside what.

    Attributes
    ----------
    panel : Panel
    recipe : Recipe
    plan : Plan
    baselines : dict of str to Recipe
        Chosen for all series of the test, whatever the panel.
    level : float or sequence of float
        Of the intervals, in percent.
    """

    panel: Panel
    recipe: Recipe
    plan: Plan
    baselines: Mapping[str, Recipe]
    level: float | Sequence[float] = ()

    @classmethod
    def of(
        cls,
        data: object,
        recipe: Recipe,
        plan: Plan,
        baselines: str | Sequence[str] = "simple",
        level: float | Sequence[float] = (),
    ) -> Trial:
        """Read the data and choose the baselines.

        Raises
        ------
        ParameterError
            If there is no such baseline.
        DataError
            If a series is too short.
        """
        panel: Panel = read(data)
        _check_length(panel, plan)
        history = int(panel.lengths.min()) - plan.held_out
        others = choose(baselines, panel.frequency, min(history, plan.sliding or history))
        return cls(panel, recipe, plan, others, level)

    def walk(self, threads: int = 1, progress: Progress | None = None) -> Walks:
        """Walk with all: a local recipe gives every series the same numbers, whatever others there are."""
        return Walks(self.walk_own(threads, progress), self.walk_baselines(threads, progress))

    def walk_own(self, threads: int = 1, progress: Progress | None = None) -> Walked:
        """Walk with the recipe."""
        return walk_forward(self.recipe, self.panel, self.plan, level=self.level, threads=threads, progress=progress)

    def walk_baselines(self, threads: int = 1, progress: Progress | None = None) -> dict[str, Array]:
        """Return the point forecasts of the baselines, [S, K, h]."""
        return {
            name: walk_forward(other, self.panel, self.plan, threads=threads, progress=progress).walk.mean
            for name, other in self.baselines.items()
        }

    def judge(self, walks: Walks, started: float) -> Backtest:
        """Score the walks over all series, and say what to use.

        Raises
        ------
        DataError
            If nothing was observed in the test part.
        """
        truth = Truth.of(self.panel, self.plan)
        own, means = walks.own.walk, walks.means
        scores, by_baseline = truth.scores(own.mean), {name: truth.scores(mean) for name, mean in means.items()}
        p_value = paired_test(truth.differences(own.mean, means[best(by_baseline)]), self.plan.horizon)
        return Backtest(
            ids=self.panel.ids,
            columns=self.panel.columns,
            frequency=self.panel.frequency,
            horizon=self.plan.horizon,
            origins=truth.origins,
            times=truth.times,
            windows=self.plan.windows,
            y=truth.y,
            scored=truth.scored,
            mean=own.mean,
            members=own.members,
            scores=scores,
            baselines=by_baseline,
            baseline_means=means,
            recipes=self.baselines,
            combination=_combined(own.mean, means, by_baseline, truth),
            member_scores=tuple(
                MemberScores(seed, truth.scores(own.members[:, :, m])) for m, seed in enumerate(self.recipe.seeds)
            ),
            decisions=walks.own.decisions,
            p_value=p_value,
            verdict=" ".join([verdict(scores, by_baseline, p_value), *self._without_season()]),
            seconds=Seconds(walks.own.seconds, perf_counter() - started),
            levels=own.levels,
            lower=own.lower,
            upper=own.upper,
        )

    def _without_season(self) -> list[str]:
        """Say where the fits that were tested have no season because their histories are too short for one."""
        if not getattr(self.recipe, "finds_season", False):
            return []
        lengths, left = self.panel.lengths, max(fit.left for fit in self.plan.fits)
        seen = np.minimum(lengths - left, self.plan.sliding or lengths.max())
        for period in (self.panel.frequency.season, *self.panel.frequency.longer):
            short = (seen < 2 * period) & (lengths >= 2 * period) & (period > 1)
            if short.any():
                return [without_season(period, int(short.sum()), len(lengths), int(seen[short].max()))]
        return []


def plan_of(test: int, horizon: int, refit: int | None, windows: int, sliding: int | None) -> Plan:
    """Return the plan of a test.

    Raises
    ------
    ParameterError
        If a number is out of its range.
    """
    whole_number("test", test, 1, MOST_ROWS)
    whole_number("horizon", horizon, 1, test)
    whole_number("windows", windows, 1, MOST_ROWS)
    if refit is not None:
        whole_number("refit", refit, 1, test)
    if sliding is not None:
        whole_number("sliding", sliding, 1, MOST_ROWS)
    return Plan(test, horizon, refit, windows, sliding)


def _check_length(panel: Panel, plan: Plan) -> None:
    if (shortest := int(panel.lengths.min())) > plan.held_out:
        return
    many = f"a test of {plan.test} rows" if plan.windows == 1 else f"a test of {plan.windows} x {plan.test} rows"
    fewer = "--test" if plan.windows == 1 else "--test or --windows"
    raise DataError(
        f"{many} takes a longer series, got {shortest} rows in {panel.ids[int(panel.lengths.argmin())]!r}. "
        f"Hold out fewer with {fewer}, or give more history."
    )


def _combined(
    own: Array,
    means: Mapping[str, Array],
    scores: Mapping[str, Scores],
    truth: Truth,
) -> Combined:
    """Average the forecasts with those of the statistical baselines; if none was tested, with those of the best."""
    names = tuple(name for name in means if name in METHODS) or (best(scores),)
    mean = np.mean([own, *(means[name] for name in names)], axis=0)
    return Combined(names, mean, truth.scores(mean))
