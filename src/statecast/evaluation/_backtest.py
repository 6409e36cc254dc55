"""Walk-forward test: forecast, score, take in; always with the baselines beside."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from statecast.baselines import Drift, LastSeason, last_value
from statecast.checks import whole_number
from statecast.errors import DataError
from statecast.evaluation._verdict import verdict
from statecast.metrics import Scores, scores
from statecast.series import (
    Backtest,
    MemberScores,
    Panel,
    Progress,
    Recipe,
    Seconds,
    read,
    walk,
    windows,
)


def backtest(
    data: object,
    recipe: Recipe,
    test: int = 12,
    *,
    horizon: int = 1,
    level: float | Sequence[float] = (),
    threads: int = 1,
    progress: Progress | None = None,
) -> Backtest:
    """Test a recipe on the last steps of every series, walking forward without refitting.

    The recipe is fitted to all but the last ``test`` observations. Then, from every origin in turn: forecast
    ``horizon`` steps, score, take the next true observation in. The last value, the drift and, where there is a season,
    the last season are tested in the same way.

    Parameters
    ----------
    data
        What ``read`` takes: a panel, a path, a frame or an array.
    recipe : Recipe
        Such as ``classic()``.
    test : int
        Observations held out at the end of every series.
    horizon : int
        Steps ahead that are forecast from every origin; there are ``test - horizon + 1`` origins.
    level : float or sequence of float
        Of intervals, in percent; none if empty. They are made from the training part alone.
    threads : int
        To train on; the numbers do not depend on it.
    progress : callable, optional
        Gets the epochs done and all epochs, about ten times a second.

    Returns
    -------
    Backtest
        Forecasts, scores of the recipe, of its members and of the baselines, and the verdict.

    Raises
    ------
    ParameterError
        If test, horizon or a level is out of its range.
    DataError
        If a series is too short.

    Examples
    --------
    >>> import statecast as sc
    >>> series = [10.0, 12.0, 11.0, 13.0, 12.0, 14.0, 13.0, 15.0]
    >>> result = sc.backtest(series, sc.classic(epochs=20), test=3)
    >>> result.mean.shape, sorted(result.baselines)
    ((1, 3, 1), ['drift', 'last_value'])
    """
    started = perf_counter()
    whole_number("test", test, 1, 1_000_000)
    whole_number("horizon", horizon, 1, test)
    panel: Panel = read(data)
    if (shortest := int(panel.lengths.min())) <= test:
        raise DataError(
            f"a test of {test} rows takes a longer series, got {shortest} rows in "
            f"{panel.ids[int(panel.lengths.argmin())]!r}. Hold out fewer with --test, or give more history."
        )
    history, held_out = panel.window(None, -test), panel.window(-test, None)
    fitted = recipe.fit(history, threads=threads, progress=progress)
    trained = perf_counter()
    walked = walk(fitted, held_out, horizon, level)
    y = windows(held_out.values.reshape(len(panel), test), horizon)
    own = _scores(y, walked.mean, history)
    baselines = {
        baseline.name: _scores(y, walk(baseline.fit(history), held_out, horizon).mean, history)
        for baseline in _baselines(history)
    }
    members = tuple(
        MemberScores(seed, _scores(y, walked.members[:, :, m], history)) for m, seed in enumerate(recipe.seeds)
    )
    ends = np.concatenate([history.window(-1, None).times.reshape(-1, 1), held_out.times.reshape(-1, test)], axis=1)
    return Backtest(
        ids=panel.ids,
        columns=panel.columns,
        frequency=panel.frequency,
        horizon=horizon,
        origins=ends[:, : test - horizon + 1],
        times=walked.times,
        y=y,
        mean=walked.mean,
        members=walked.members,
        scores=own,
        baselines=baselines,
        member_scores=members,
        verdict=verdict(own, baselines),
        seconds=Seconds(trained - started, perf_counter() - started),
        levels=walked.levels,
        lower=walked.lower,
        upper=walked.upper,
    )


def _baselines(history: Panel) -> list[Recipe]:
    """Return those that the shortest series is long enough for."""
    season, shortest = history.frequency.season, int(history.lengths.min())
    baselines: list[Recipe] = [last_value()]
    if season > 1 and shortest >= season:
        baselines.append(LastSeason(season))
    if shortest >= 2:
        baselines.append(Drift())
    return baselines


def _scores(y: NDArray[np.float64], forecast: NDArray[np.float64], history: Panel) -> Scores:
    """Return the mean of the scores of the series."""
    rows = [
        scores(y[s], forecast[s], history.values[start:stop], history.frequency.season)
        for s, (start, stop) in enumerate(zip(history.offsets[:-1], history.offsets[1:], strict=True))
    ]
    table = np.array([(r.rmse, r.mae, r.smape, r.mase) for r in rows])
    return Scores(*(float(mean) for mean in table.mean(axis=0)))
