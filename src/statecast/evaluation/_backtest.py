"""Walk-forward test: forecast, score, take in; always with the baselines beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from statecast.baselines import METHODS, choose
from statecast.checks import whole_number
from statecast.errors import DataError
from statecast.evaluation._paired import paired_test
from statecast.evaluation._refits import Plan, walk_forward
from statecast.evaluation._truth import Truth
from statecast.evaluation._verdict import best, verdict
from statecast.metrics import Scores
from statecast.series import Backtest, Combined, MemberScores, Panel, Progress, Recipe, Seconds, read

MOST_ROWS = 1_000_000


def backtest(
    data: object,
    recipe: Recipe,
    test: int = 12,
    *,
    horizon: int = 1,
    refit: int | None = None,
    windows: int = 1,
    sliding: int | None = None,
    baselines: str | Sequence[str] = "simple",
    level: float | Sequence[float] = (),
    threads: int = 1,
    progress: Progress | None = None,
) -> Backtest:
    """Test a recipe on the last steps of every series, walking forward.

    The recipe is fitted to all but the last ``test`` observations. Then, from every origin in turn: forecast
    ``horizon`` steps, score, take the next true observation in. The baselines are tested in the same way. Observations
    that were filled in are not scored.

    Parameters
    ----------
    data
        What ``read`` takes: a panel, a path, a frame or an array.
    recipe : Recipe
        Such as ``auto()``.
    test : int
        Observations held out at the end of every series.
    horizon : int
        Steps ahead that are forecast from every origin; there are ``test - horizon + 1`` origins.
    refit : int, optional
        Fit anew at every so many origins, to what is known there; at the first origin alone if None.
    windows : int
        Test parts of ``test`` observations, one before the other; for each the recipe is fitted to what comes before.
    sliding : int, optional
        Fit to so many observations at most, the last ones; to all if None.
    baselines : str or sequence of str
        ``simple``: the last value, the last season and the drift; ``statistical``: these and statsforecast's AutoETS,
        AutoTheta, DynamicOptimizedTheta and AutoARIMA; or names such as ``"last_value,AutoETS"``.
    level : float or sequence of float
        Of the intervals, in percent, made from the training part alone; none if empty.
    threads : int
        To train on; the numbers do not depend on it.
    progress : callable, optional
        Gets the work done and all work, about ten times a second.

    Returns
    -------
    Backtest
        Forecasts, scores of the recipe, of its members and of the baselines, and the verdict.

    Raises
    ------
    ParameterError
        If a number is out of its range, or there is no such baseline.
    DataError
        If a series is too short, or nothing was observed in the test part.

    Examples
    --------
    >>> import statecast as sc
    >>> series = [10.0, 12.0, 11.0, 13.0, 12.0, 14.0, 13.0, 15.0]
    >>> result = sc.backtest(series, sc.classic(epochs=20), test=3)
    >>> result.mean.shape, sorted(result.baselines)
    ((1, 3, 1), ['drift', 'last_value'])
    """
    started = perf_counter()
    plan = _plan(test, horizon, refit, windows, sliding)
    panel: Panel = read(data)
    _check_length(panel, plan)
    truth = Truth.of(panel, plan)
    history = int(panel.lengths.min()) - plan.held_out
    others = choose(baselines, panel.frequency, min(history, sliding or history))
    walked = walk_forward(recipe, panel, plan, level=level, threads=threads, progress=progress)
    own = walked.walk
    means = {
        name: walk_forward(other, panel, plan, threads=threads, progress=progress).walk.mean
        for name, other in others.items()
    }
    scores, by_baseline = truth.scores(own.mean), {name: truth.scores(mean) for name, mean in means.items()}
    p_value = paired_test(truth.differences(own.mean, means[best(by_baseline)]), horizon)
    return Backtest(
        ids=panel.ids,
        columns=panel.columns,
        frequency=panel.frequency,
        horizon=horizon,
        origins=truth.origins,
        times=truth.times,
        windows=windows,
        y=truth.y,
        scored=truth.scored,
        mean=own.mean,
        members=own.members,
        scores=scores,
        baselines=by_baseline,
        baseline_means=means,
        recipes=others,
        combination=_combined(own.mean, means, by_baseline, truth),
        member_scores=tuple(
            MemberScores(seed, truth.scores(own.members[:, :, m])) for m, seed in enumerate(recipe.seeds)
        ),
        decisions=walked.decisions,
        p_value=p_value,
        verdict=verdict(scores, by_baseline, p_value),
        seconds=Seconds(walked.seconds, perf_counter() - started),
        levels=own.levels,
        lower=own.lower,
        upper=own.upper,
    )


def _plan(test: int, horizon: int, refit: int | None, windows: int, sliding: int | None) -> Plan:
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
    own: NDArray[np.float64],
    means: Mapping[str, NDArray[np.float64]],
    scores: Mapping[str, Scores],
    truth: Truth,
) -> Combined:
    """Average the forecasts with those of the statistical baselines; if none was tested, with those of the best."""
    names = tuple(name for name in means if name in METHODS) or (best(scores),)
    mean = np.mean([own, *(means[name] for name in names)], axis=0)
    return Combined(names, mean, truth.scores(mean))
