"""Walk-forward test: forecast, score, take in; always with the baselines beside."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from statecast.evaluation._trial import Trial, plan_of
from statecast.series import Backtest, Progress, Recipe


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
    trial = Trial.of(data, recipe, plan_of(test, horizon, refit, windows, sliding), baselines, level)
    return trial.judge(trial.walk(threads, progress), started)
