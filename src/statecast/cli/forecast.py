"""statecast forecast: the main job, a forecast tested against baselines on the last part of a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from statecast.cli._cluster import ClusterOptions
from statecast.cli._command import options_given
from statecast.cli._options import (
    DataOptions,
    File,
    Level,
    Paths,
    RecipeOptions,
    ReportFile,
    ResultOptions,
    Resume,
    RunningOptions,
    Save,
    levels_of,
)
from statecast.cli._testing import TestOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from statecast.cli._job import Job
    from statecast.cli._options import Chosen
    from statecast.distributed import Pieces, Run
    from statecast.series import Backtest, Panel, Progress, Recipe

MANY = 2000
"""Series; of more a sample is tested."""
SAMPLE = 1000
PLENTY = 5  # test parts that there is history for


def forecast(
    context: typer.Context,
    file: File,
    data: DataOptions,
    recipe: RecipeOptions,
    testing: TestOptions,
    result: ResultOptions,
    running: RunningOptions,
    cluster: ClusterOptions,
    level: Level = None,
    paths: Paths = None,
    resume: Resume = False,
    report: ReportFile = None,
    save: Save = None,
) -> None:
    """Forecast the series in FILE, and say how the same recipe did on the last part of its history.

    FILE may be a model that --save has written: it is forecast from where it stands, and nothing is trained.
    """
    from statecast.cli._forecast import Done, Wanted, deliver_forecast
    from statecast.cli._job import Job
    from statecast.cli._paths import check_paths
    from statecast.cli._progress import progress_bar
    from statecast.cli._results import check_results, typed
    from statecast.cli._there import forecast_there, is_there
    from statecast.distributed import check_out, check_save, fit_forecast
    from statecast.errors import ParameterError
    from statecast.series import is_saved

    in_pieces = resume or cluster != ClusterOptions()
    levels = levels_of(level, "80,95")
    if is_saved(file):
        from statecast.cli._model_forecast import Ahead, forecast_model

        other = options_given(replace(data, future=None), replace(recipe, horizon=None), testing, running, cluster)
        other += [name for name, value in {"--resume": resume, "--save": save, "--report": report}.items() if value]
        return forecast_model(file, Ahead(recipe.horizon, levels, data.future, paths), other, result)
    if is_there(file, cluster):
        here = {
            "--paths": paths,
            "--resume": resume,
            "--plot": result.plot,
            "--report": report,
            "--future": data.future,
        }
        here |= {"--threads": running.threads, "--save": save, "a test": testing != TestOptions()}
        return forecast_there(file, data, recipe, result, cluster, levels, here)
    check_paths(paths, result, in_pieces)
    testing.check()
    check_results(result, report)
    if save is not None:
        _check_save(save, file, result)
        check_save(save, cluster.engine, resume)
    cluster.check()
    chosen, threads = recipe.build(), running.count
    if result.is_table and result.out:
        check_out(result.out, file, resume)
    elif resume:
        raise ParameterError("--resume goes on with a run to a file: name it with --out FILE.parquet or .csv.")
    pieces = data.pieces(file)
    panel = _looked_at(pieces, chosen, paths)
    horizon = chosen.horizon or panel.frequency.horizon
    job = Job(replace(chosen, horizon=horizon), panel, threads)
    wanted = Wanted(testing, result, report, typed(context))
    silent = result.quiet or result.json
    with progress_bar("training", silent) as progress:
        tested = _test(job, horizon, testing, progress)
        method = _method(job.recipe, tested, testing)
        if at_once := paths is not None or (pieces.series == 1 and not in_pieces):
            run, decided, frame = _at_once(job, method, levels, paths, save, progress)
    if at_once:
        done = Done(panel, run, job.recipe, method, tested, decided, saved=save)
        return deliver_forecast(done, wanted, frame)
    with progress_bar("forecasting", silent, "series") as progress:
        run = fit_forecast(
            pieces,
            method,
            horizon=horizon,
            level=levels,
            out=result.out if result.is_table else None,
            resume=resume,
            save=save,
            threads=threads,
            engine=cluster.engine,
            address=cluster.address,
            progress=progress,
        )
    done = Done(panel, run, job.recipe, method, tested, is_sampled=pieces.series > MANY, saved=save)
    return deliver_forecast(done, wanted)


def _looked_at(pieces: Pieces, recipe: Chosen, paths: int | None) -> Panel:
    """Return all series; of many a sample, of those with a season before a test part: these have all baselines.

    Where paths are asked for it is all of them, as these are drawn at once.
    """
    import numpy as np

    from statecast.errors import DataError

    if paths is not None:
        panel, refused = pieces.whole()
        if refused:
            raise DataError(refused[0].reason)
        return panel
    if pieces.series <= MANY:
        return pieces.sample(MANY)
    sample = pieces.sample(SAMPLE)
    season, usual = sample.frequency.season, sample.frequency.horizon
    longer = np.flatnonzero(sample.lengths >= (recipe.horizon or usual) + season)
    return sample.select(longer) if len(longer) else sample


def _at_once(
    job: Job,
    method: Recipe,
    levels: tuple[float, ...],
    paths: int | None,
    save: Path | None,
    progress: Progress | None,
) -> tuple[Run, tuple[str, ...], Callable[[], pd.DataFrame]]:
    """Forecast as it is: a single series, and what was decided for it, or several with their paths in the table."""
    from statecast.cli._paths import with_paths
    from statecast.distributed import Run

    fitted = method.fit(job.panel, threads=job.threads, progress=progress)
    ahead = fitted.forecast(job.recipe.horizon, levels)
    if save is not None:
        fitted.save(save)
    run = Run(len(job.panel), (), ahead, ahead)
    decided = fitted.decisions() if len(job.panel) == 1 else ()
    if paths is None:
        return run, decided, ahead.to_frame
    drawn = fitted.sample(job.recipe.horizon, paths)
    return run, decided, lambda: with_paths(ahead, drawn)


def _test(job: Job, horizon: int, testing: TestOptions, progress: Progress | None) -> Backtest | None:
    """Test at the horizon that is forecast; None where the history is too short and no test was asked for.

    Series of a panel that are too short are left out of it.
    """
    from statecast.checks import whole_number

    test = testing.test
    if test is None:
        windows = whole_number("--windows", testing.windows, 1, 1_000_000)
        spares = (job.panel.lengths - job.recipe.shortest) // windows
        spare = int(min(spares[spares >= horizon], default=spares.max()))
        if spare < horizon and windows == 1:
            return None
        test = min(max(horizon, job.panel.frequency.horizon), max(spare, horizon))
        if spare >= PLENTY * test:  # more origins say more
            test *= 2
    whole_number("--test", test, horizon, 1_000_000)
    return testing.run(job, test, horizon, progress).result


def _method(recipe: Chosen, tested: Backtest | None, testing: TestOptions) -> Recipe:
    """Return what makes the forecast."""
    from statecast.errors import DataError

    if tested:
        return testing.method(recipe, tested)
    if testing.use == "network":
        return recipe
    raise DataError(f"--use {testing.use} takes a test, and the history is too short for one. Leave it out.")


def _check_save(save: Path, file: str, result: ResultOptions) -> None:
    """Refuse a model file in the place of another file of the same run."""
    from pathlib import Path

    from statecast.errors import ParameterError

    for name, other in (("FILE", Path(file)), ("--out", result.out), ("--plot", result.plot)):
        if other is not None and save.resolve() == other.resolve():
            raise ParameterError(f"--save {save}: expected a file of its own, got that of {name}. Choose another name.")
