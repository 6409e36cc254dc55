"""A forecast, its test, and what is said and drawn of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pandas as pd
    from rich.console import Console

    from statecast.cli._options import Chosen, ResultOptions
    from statecast.cli._testing import TestOptions
    from statecast.distributed import Run
    from statecast.report import Report
    from statecast.series import Backtest, Panel, Recipe

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


@dataclass(frozen=True)
class Wanted:
    """What is asked for of it: the test, where the result goes, the report, and what was typed."""

    testing: TestOptions
    result: ResultOptions
    report: Path | None
    command: str


def deliver_forecast(done: Done, wanted: Wanted, frame: Callable[[], pd.DataFrame] | None = None) -> None:
    """Write and print it; the table is written already where the run wrote it."""
    from statecast.cli._documents import evaluation, failure_rows, forecast_rows, head
    from statecast.cli._results import Delivery, deliver
    from statecast.tables import said

    result, testing = wanted.result, wanted.testing
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
        "decided_otherwise": decided_otherwise(tested.decisions, done.decided) if tested else None,
    }
    deliver(
        Delivery(
            document,
            frame or run.head.to_frame,
            lambda: run.head.plot(done.panel, by=said(done.method)),
            lambda out: _show(out, done, written),
            lambda: _report(done, wanted.command, written),
        ),
        result if written is None else replace(result, out=None),
        wanted.report,
    )


def _show(out: Console, done: Done, written: Path | None) -> None:
    from statecast.cli._documents import decisions
    from statecast.cli._tables import table
    from statecast.tables import members_line, scores_table

    panel, run, tested = done.panel, done.run, done.tested
    for line in [*decisions(done.recipe, panel, done.decided), *filter(None, [_hint(panel, done.recipe.name)])]:
        out.print(line)
    _show_head(out, done)
    if tested:
        out.print(table(*scores_table(tested, done.recipe.name, combination=done.method.name == "combination")))
        out.print(tested.verdict)
        out.print(members_line(tested))
    else:
        out.print(_untested(run.head.mean.shape[1]))
    for line in _remarks(done, written):
        out.print(line)
    if done.is_sampled:
        out.print(f"Forecast {run.series:,} series in {run.seconds:.1f} s.", style="dim")
    if written:
        out.print(f"Table written to {written}.")
    if done.saved:
        without = ", without the series that the recipe could not forecast" if run.failures else ""
        out.print(f"Model written to {done.saved}{without}.")


def _remarks(done: Done, written: Path | None) -> Iterator[str]:
    """Say what else there is to know: which series were tested, which could not be forecast, and how the run went."""
    from statecast.cli._left import failure_lines
    from statecast.distributed import failures_file

    run = done.run
    if done.tested and (other := decided_otherwise(done.tested.decisions, done.decided)):
        yield other
    if done.tested_on:
        yield done.tested_on
    yield from failure_lines(run.failures, run.series, None if written is None else failures_file(written))
    if run.resumed:
        yield f"{run.resumed:,} series had been forecast before the run was stopped."
    yield from run.notes


def _report(done: Done, command: str, written: Path | None) -> Report:
    from statecast.cli._documents import choices
    from statecast.report import Report
    from statecast.tables import said

    untested = () if done.tested else (_untested(done.run.head.mean.shape[1]),)
    return Report(
        done.panel,
        forecast=done.run.head,
        backtest=done.tested,
        recipe=done.recipe.name,
        by=said(done.method),
        decisions=choices(done.recipe, done.panel, done.decided),
        remarks=(*untested, *_remarks(done, written)),
        series=done.run.series,
        command=command,
    )


def _show_head(out: Console, done: Done) -> None:
    """Print the first rows of the forecast."""
    from statecast.cli._tables import shortened
    from statecast.tables import forecast_table, said

    ahead = done.run.head
    without = sum(failure.method == "none" for failure in done.run.failures)
    count = (done.run.series - without) * ahead.mean.shape[1]
    rows = forecast_table(ahead, done.panel.columns, said(done.method), many=done.run.series > 1)
    out.print(shortened(*rows, out.width, count))


def _hint(panel: Panel, recipe: str) -> str | None:
    """Say that there is a recipe for counts, where the series are all whole and many of them zero."""
    values = panel.values
    if recipe == "counts" or (values < 0).any() or (values % 1 != 0).any() or (values == 0).mean() <= MANY_ZEROS:
        return None
    return f"{(values == 0).mean():.0%} of these whole numbers are zero: --counts forecasts them as counts."


def decided_otherwise(tested: Sequence[str], decided: Sequence[str]) -> str | None:
    """Say where the fit that forecasts decided otherwise than the last one of the test, but for the smoothing rate."""
    old, new = ([one for one in said if not one.startswith("level smoothed")] for said in (tested, decided))
    if not old or not new or old == new:
        return None
    before, after = [one for one in old if one not in new], [one for one in new if one not in old]
    return (
        f"The forecast is made otherwise than the test was: {', '.join(after) or 'nothing more'}, where the last "
        f"fit of the test has {', '.join(before) or 'nothing of it'}."
    )


def _untested(horizon: int) -> str:
    return f"Not tested: the history is too short to hold out {horizon} rows, so nothing says how good this is."
