"""statecast forecast: the main job, a forecast tested against baselines on the last part of a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from statecast.cli._options import (
    ClusterOptions,
    DataOptions,
    File,
    Level,
    Paths,
    RecipeOptions,
    ResultOptions,
    Resume,
    RunningOptions,
    levels_of,
)
from statecast.cli._testing import TestOptions

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from rich.console import Console

    from statecast.cli._job import Job
    from statecast.cli._options import Chosen
    from statecast.distributed import Run
    from statecast.pictures import Chart
    from statecast.series import Backtest, Forecast, Panel, Progress, Recipe

MOST_CHARTS = 6
MANY = 2000
"""Series; of more a sample is tested."""
SAMPLE = 1000
MANY_ZEROS = 0.3
PLENTY = 5  # test parts that there is history for


@dataclass(frozen=True, eq=False)
class _Done:
    """A forecast, its test, and what is said of them.

    Attributes
    ----------
    panel : Panel
        All series; of many a sample, which was tested.
    run : Run
    recipe : Chosen
        The one that was asked for.
    method : Recipe
        What made the forecast.
    tested : Backtest or None
    decided : tuple of str
        For a single series.
    """

    panel: Panel
    run: Run
    recipe: Chosen
    method: Recipe
    tested: Backtest | None
    decided: tuple[str, ...] = ()

    @property
    def tested_on(self) -> str | None:
        """Say on which series it was tested, where that is not all of them."""
        if self.tested is None or (count := len(self.tested.ids)) == self.run.series:
            return None
        which = "a sample" if self.run.series > MANY else "those that can be tested"
        return f"Tested on {count:,} of the {self.run.series:,} series, {which}."


def forecast(
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
) -> None:
    """Forecast the series in FILE, and say how the same recipe did on the last part of its history."""
    from statecast.cli._job import Job
    from statecast.cli._progress import progress_bar
    from statecast.cli._results import check_results
    from statecast.distributed import fit_forecast

    _check_paths(paths, result)
    levels = levels_of(level, "80,95")
    testing.check()
    check_results(result)
    chosen, threads = recipe.build(), running.count
    pieces = data.pieces(file)
    panel = pieces.sample(MANY if pieces.series <= MANY else SAMPLE)
    horizon = chosen.horizon or panel.frequency.horizon
    job = Job(replace(chosen, horizon=horizon), panel, threads)
    silent = result.quiet or result.json
    with progress_bar("training", silent) as progress:
        tested = _test(job, horizon, testing, progress)
        method = _method(job.recipe, tested, testing.use)
        if pieces.series == 1 or paths is not None:
            run, decided, frame = _at_once(job, method, levels, paths, progress)
            return _deliver(_Done(panel, run, job.recipe, method, tested, decided), result, testing.use, frame)
    with progress_bar("forecasting", silent, "series") as progress:
        run = fit_forecast(
            pieces,
            method,
            horizon=horizon,
            level=levels,
            out=result.out if result.is_table else None,
            resume=resume,
            threads=threads,
            engine=cluster.engine,
            address=cluster.address,
            progress=progress,
        )
    return _deliver(_Done(panel, run, job.recipe, method, tested), result, testing.use)


def _at_once(
    job: Job, method: Recipe, levels: tuple[float, ...], paths: int | None, progress: Progress | None
) -> tuple[Run, tuple[str, ...], pd.DataFrame]:
    """Forecast as it is: a single series, and what was decided for it, or several with their paths in the table."""
    from statecast.distributed import Run

    fitted = method.fit(job.panel, threads=job.threads, progress=progress)
    ahead = fitted.forecast(job.recipe.horizon, levels)
    run = Run(len(job.panel), (), ahead, ahead)
    decided = fitted.decisions() if len(job.panel) == 1 else ()
    frame = ahead.to_frame() if paths is None else _with_paths(ahead, fitted.sample(job.recipe.horizon, paths))
    return run, decided, frame


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


def _method(recipe: Chosen, tested: Backtest | None, use: str) -> Recipe:
    """Return what makes the forecast."""
    from statecast.errors import DataError
    from statecast.recipes import to_use

    if tested:
        return to_use(use, recipe, tested)
    if use == "network":
        return recipe
    raise DataError(f"--use {use} takes a test, and the history is too short for one. Leave it out.")


def _check_paths(paths: int | None, result: ResultOptions) -> None:
    """Refuse paths that are written nowhere."""
    from statecast.checks import whole_number
    from statecast.errors import ParameterError

    if paths is None:
        return
    whole_number("--paths", paths, 1, 10_000)
    if not result.is_table:
        raise ParameterError("--paths: expected --out FILE.csv or .parquet to write them to.")


def _with_paths(ahead: Forecast, paths: NDArray[np.float64]) -> pd.DataFrame:
    """Add the paths [S, N, h] to the table of a forecast: path-1, path-2, .."""
    import pandas as pd

    names = [f"path-{k + 1}" for k in range(paths.shape[1])]
    columns = paths.transpose(0, 2, 1).reshape(-1, paths.shape[1])
    return pd.concat([ahead.to_frame(), pd.DataFrame(columns, columns=names)], axis=1)


def _hint(panel: Panel, recipe: str) -> str | None:
    """Say that there is a recipe for counts, where the series are all whole and many of them zero."""
    values = panel.values
    if recipe == "counts" or (values < 0).any() or (values % 1 != 0).any() or (values == 0).mean() <= MANY_ZEROS:
        return None
    return f"{(values == 0).mean():.0%} of these whole numbers are zero: --counts forecasts them as counts."


def _untested(horizon: int) -> str:
    return f"Not tested: the history is too short to hold out {horizon} rows, so nothing says how good this is."


def _deliver(done: _Done, result: ResultOptions, use: str, frame: pd.DataFrame | None = None) -> None:
    """Write and print it; the table is written already where the run wrote it."""
    from statecast.cli._documents import evaluation, failure_rows, forecast_rows, head
    from statecast.cli._results import Delivery, deliver

    run, tested, ahead = done.run, done.tested, done.run.forecast
    written = result.out if ahead is None else None
    document = {
        **head("forecast", done.recipe, done.panel, run.head.mean.shape[1], done.decided),
        "use": use,
        "method": done.method.name,
        "series": run.series,
        "failures": failure_rows(run.failures),
        **({"out": str(written)} if ahead is None else {"forecast": forecast_rows(ahead)}),
        **(evaluation(tested) if tested else {"verdict": _untested(run.head.mean.shape[1])}),
        "tested_series": len(tested.ids) if tested else 0,
    }
    deliver(
        Delivery(
            document,
            lambda: run.head.to_frame() if frame is None else frame,
            lambda: _charts(run.head, done.panel, done.method),
            lambda out: _show(out, done, written),
        ),
        result if written is None else replace(result, out=None),
    )


def _show(out: Console, done: _Done, written: Path | None) -> None:
    from statecast.cli._documents import decisions
    from statecast.cli._left import failure_lines
    from statecast.cli._tables import members_line, scores_table
    from statecast.distributed import failures_file

    panel, run, tested = done.panel, done.run, done.tested
    for line in [*decisions(done.recipe, panel, done.decided), *filter(None, [_hint(panel, done.recipe.name)])]:
        out.print(line)
    _show_head(out, done)
    if tested:
        out.print(scores_table(tested, done.recipe.name, combination=done.method.name == "combination"))
        out.print(tested.verdict)
        out.print(members_line(tested))
    else:
        out.print(_untested(run.head.mean.shape[1]))
    if done.tested_on:
        out.print(done.tested_on)
    for line in failure_lines(run.failures, run.series, None if written is None else failures_file(written)):
        out.print(line)
    if run.resumed:
        out.print(f"{run.resumed:,} series had been forecast before the run was stopped.")
    if run.series > MANY:
        out.print(f"Forecast {run.series:,} series in {run.seconds:.1f} s.", style="dim")
    if written:
        out.print(f"Table written to {written}.")


def _show_head(out: Console, done: _Done) -> None:
    """Print the first rows of the forecast."""
    from statecast.cli._documents import forecast_rows
    from statecast.cli._tables import alike, moments, said, shortened

    panel, ahead = done.panel, done.run.head
    rows = forecast_rows(ahead)
    columns = {
        **({"series": [str(row["unique_id"]) for row in rows]} if done.run.series > 1 else {}),
        panel.columns.time or "step": moments(str(row["ds"]) for row in rows),
        **alike({"forecast": ahead.mean, **ahead.bounds}),
    }
    without = sum(failure.method == "none" for failure in done.run.failures)
    count = (done.run.series - without) * ahead.mean.shape[1]
    out.print(shortened(f"Forecast of {panel.columns.target} by {said(done.method)}", columns, out.width, count))


def _charts(ahead: Forecast, panel: Panel, method: Recipe) -> list[Chart]:
    """Draw the end of the history and the forecast, joined; the first series of a panel or its sample."""
    import numpy as np

    from statecast.cli._bands import bands
    from statecast.cli._recent import recent
    from statecast.cli._tables import said
    from statecast.pictures import Chart, Line

    charts = []
    place = {name: s for s, name in enumerate(panel.ids)}
    drawn = [(s, name) for s, name in enumerate(ahead.ids) if name in place]
    for s, unique_id in drawn[:MOST_CHARTS]:
        part = recent(panel, place[unique_id], ahead.mean.shape[1])
        times, values = panel.times[part], panel.values[part]
        joined = Line(
            "forecast", np.concatenate([times[-1:], ahead.times[s]]), np.concatenate([values[-1:], ahead.mean[s]])
        )
        shaded = bands(ahead.levels, ahead.times[s], {name: bound[s] for name, bound in ahead.bounds.items()})
        name = unique_id if len(ahead.ids) > 1 else panel.columns.target
        title = f"{name}: history and forecast by {said(method)}"
        charts.append(Chart(title, panel.columns.target, [Line("observed", times, values), joined], shaded))
    return charts
