"""statecast forecast: the main job, a forecast tested against baselines on the last part of a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from statecast.cli._options import (
    DataOptions,
    File,
    Level,
    Paths,
    RecipeOptions,
    ResultOptions,
    RunningOptions,
    levels_of,
)
from statecast.cli._testing import TestOptions

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from rich.console import Console

    from statecast.cli._job import Job
    from statecast.cli._options import Chosen
    from statecast.pictures import Chart
    from statecast.series import Backtest, Forecast, Panel, Progress, Recipe

MOST_CHARTS = 6
MANY_ZEROS = 0.3
PLENTY = 5  # test parts that there is history for


def forecast(
    file: File,
    data: DataOptions,
    recipe: RecipeOptions,
    testing: TestOptions,
    result: ResultOptions,
    running: RunningOptions,
    level: Level = None,
    paths: Paths = None,
) -> None:
    """Forecast the series in FILE, and say how the same recipe did on the last part of its history."""
    from statecast.cli._documents import decisions, evaluation, forecast_rows, head
    from statecast.cli._job import prepare
    from statecast.cli._progress import progress_bar
    from statecast.cli._results import Delivery, deliver

    _check_paths(paths, result)
    levels = levels_of(level, "80,95")
    testing.check()
    job = prepare(file, data, recipe, result, running)
    panel, horizon = job.panel, job.recipe.horizon or job.panel.frequency.horizon
    chosen = replace(job.recipe, horizon=horizon)
    with progress_bar("training", result.quiet or result.json) as progress:
        tested = _test(job, horizon, testing, progress)
        method = _method(chosen, tested, testing)
        fitted = method.fit(panel, threads=job.threads, progress=progress)
    ahead = fitted.forecast(horizon, levels)
    decided = fitted.decisions() if len(panel) == 1 else ()
    document = {
        **head("forecast", chosen, panel, horizon, decided),
        "use": testing.use,
        "weights": testing.weights,
        "method": method.name,
        "forecast": forecast_rows(ahead),
        **(evaluation(tested) if tested else {"verdict": _untested(horizon)}),
    }
    deliver(
        Delivery(
            document,
            lambda: ahead.to_frame() if paths is None else _with_paths(ahead, fitted.sample(horizon, paths)),
            lambda: _charts(ahead, panel, method),
            lambda out: _show(out, ahead, tested, panel, decisions(chosen, panel, decided), chosen, method),
        ),
        result,
    )


def _test(job: Job, horizon: int, testing: TestOptions, progress: Progress | None) -> Backtest | None:
    """Test at the horizon that is forecast; None where the history is too short and no test was asked for."""
    from statecast.checks import whole_number

    test = testing.test
    if test is None:
        windows = whole_number("--windows", testing.windows, 1, 1_000_000)
        spare = (int(job.panel.lengths.min()) - job.recipe.shortest) // windows
        if spare < horizon and windows == 1:
            return None
        test = min(max(horizon, job.panel.frequency.horizon), max(spare, horizon))
        if spare >= PLENTY * test:  # more origins say more
            test *= 2
    whole_number("--test", test, horizon, 1_000_000)
    return testing.run(job, test, horizon, progress)


def _method(recipe: Chosen, tested: Backtest | None, testing: TestOptions) -> Recipe:
    """Return what makes the forecast."""
    from statecast.errors import DataError

    if tested:
        return testing.method(recipe, tested)
    if testing.use == "network":
        return recipe
    raise DataError(f"--use {testing.use} takes a test, and the history is too short for one. Leave it out.")


def _check_paths(paths: int | None, result: ResultOptions) -> None:
    """Refuse paths that are written nowhere."""
    from statecast.checks import whole_number
    from statecast.errors import ParameterError

    if paths is None:
        return
    whole_number("--paths", paths, 1, 10_000)
    if result.out is None or result.out.suffix.lower() == ".json":
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


def _show(
    out: Console,
    ahead: Forecast,
    tested: Backtest | None,
    panel: Panel,
    lines: list[str],
    recipe: Chosen,
    method: Recipe,
) -> None:
    from statecast.cli._documents import forecast_rows
    from statecast.cli._tables import alike, members_line, moments, said, scores_table, shortened

    for line in [*lines, *filter(None, [_hint(panel, recipe.name)])]:
        out.print(line)
    rows = forecast_rows(ahead)
    columns = {
        **({"series": [str(row["unique_id"]) for row in rows]} if len(ahead.ids) > 1 else {}),
        panel.columns.time or "step": moments(str(row["ds"]) for row in rows),
        **alike({"forecast": ahead.mean, **ahead.bounds}),
    }
    out.print(shortened(f"Forecast of {panel.columns.target} by {said(method)}", columns, out.width))
    if tested:
        out.print(scores_table(tested, recipe.name, combination=method.name == "combination"))
        out.print(tested.verdict)
        out.print(members_line(tested))
    else:
        out.print(_untested(ahead.mean.shape[1]))


def _charts(ahead: Forecast, panel: Panel, method: Recipe) -> list[Chart]:
    """Draw the end of the history and the forecast, joined; the first series of a panel."""
    import numpy as np

    from statecast.cli._bands import bands
    from statecast.cli._recent import recent
    from statecast.cli._tables import said
    from statecast.pictures import Chart, Line

    charts = []
    for s, unique_id in enumerate(ahead.ids[:MOST_CHARTS]):
        part = recent(panel, s, ahead.mean.shape[1])
        times, values = panel.times[part], panel.values[part]
        joined = Line(
            "forecast", np.concatenate([times[-1:], ahead.times[s]]), np.concatenate([values[-1:], ahead.mean[s]])
        )
        shaded = bands(ahead.levels, ahead.times[s], {name: bound[s] for name, bound in ahead.bounds.items()})
        name = unique_id if len(ahead.ids) > 1 else panel.columns.target
        title = f"{name}: history and forecast by {said(method)}"
        charts.append(Chart(title, panel.columns.target, [Line("observed", times, values), joined], shaded))
    return charts
