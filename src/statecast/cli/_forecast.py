"""A forecast, its test, and what is said and drawn of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd
    from rich.console import Console

    from statecast.cli._options import Chosen, ResultOptions
    from statecast.cli._testing import TestOptions
    from statecast.distributed import Run
    from statecast.pictures import Chart
    from statecast.series import Backtest, Forecast, Panel, Recipe

MOST_CHARTS = 6
MANY_ZEROS = 0.3


@dataclass(frozen=True, eq=False)
class Done:
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
    is_sampled : bool
        Whether the panel is a sample of many series.
    saved : Path or None
        Where the model was written.
    """

    panel: Panel
    run: Run
    recipe: Chosen
    method: Recipe
    tested: Backtest | None
    decided: tuple[str, ...] = ()
    is_sampled: bool = False
    saved: Path | None = None

    @property
    def tested_on(self) -> str | None:
        """Say on which series it was tested, where that is not all of them."""
        if self.tested is None or (count := len(self.tested.ids)) == self.run.series:
            return None
        which = "a sample" if self.is_sampled else "those that can be tested"
        return f"Tested on {count:,} of the {self.run.series:,} series, {which}."


def deliver_forecast(
    done: Done, result: ResultOptions, testing: TestOptions, frame: Callable[[], pd.DataFrame] | None = None
) -> None:
    """Write and print it; the table is written already where the run wrote it."""
    from statecast.cli._documents import evaluation, failure_rows, forecast_rows, head
    from statecast.cli._results import Delivery, deliver

    run, tested, ahead = done.run, done.tested, done.run.forecast
    written = result.out if ahead is None else None
    document = {
        **head("forecast", done.recipe, done.panel, run.head.mean.shape[1], done.decided),
        "use": testing.use,
        "weights": testing.weights,
        "method": done.method.name,
        "series": run.series,
        "failures": failure_rows(run.failures),
        **({"saved": str(done.saved)} if done.saved else {}),
        **({"out": str(written)} if ahead is None else {"forecast": forecast_rows(ahead)}),
        **(evaluation(tested) if tested else {"verdict": _untested(run.head.mean.shape[1])}),
        "tested_series": len(tested.ids) if tested else 0,
    }
    deliver(
        Delivery(
            document,
            frame or run.head.to_frame,
            lambda: _charts(run.head, done.panel, done.method),
            lambda out: _show(out, done, written),
        ),
        result if written is None else replace(result, out=None),
    )


def _show(out: Console, done: Done, written: Path | None) -> None:
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
    for line in run.notes:
        out.print(line)
    if done.is_sampled:
        out.print(f"Forecast {run.series:,} series in {run.seconds:.1f} s.", style="dim")
    if written:
        out.print(f"Table written to {written}.")
    if done.saved:
        without = ", without the series that the recipe could not forecast" if run.failures else ""
        out.print(f"Model written to {done.saved}{without}.")


def _show_head(out: Console, done: Done) -> None:
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


def _hint(panel: Panel, recipe: str) -> str | None:
    """Say that there is a recipe for counts, where the series are all whole and many of them zero."""
    values = panel.values
    if recipe == "counts" or (values < 0).any() or (values % 1 != 0).any() or (values == 0).mean() <= MANY_ZEROS:
        return None
    return f"{(values == 0).mean():.0%} of these whole numbers are zero: --counts forecasts them as counts."


def _untested(horizon: int) -> str:
    return f"Not tested: the history is too short to hold out {horizon} rows, so nothing says how good this is."
