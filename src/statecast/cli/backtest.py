"""statecast backtest: test a recipe on the last part of a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from statecast.cli._options import (
    DataOptions,
    File,
    Level,
    RecipeOptions,
    ReportFile,
    ResultOptions,
    RunningOptions,
    levels_of,
)
from statecast.cli._testing import TestOptions

if TYPE_CHECKING:
    from rich.console import Console

    from statecast.cli._options import Chosen
    from statecast.cli._testing import Tested
    from statecast.report import Report
    from statecast.series import Backtest, Panel


def backtest(
    context: typer.Context,
    file: File,
    data: DataOptions,
    recipe: RecipeOptions,
    testing: TestOptions,
    result: ResultOptions,
    running: RunningOptions,
    level: Level = None,
    report: ReportFile = None,
) -> None:
    """Test on the last rows of FILE, walking forward: forecast, score, take the true value in."""
    from statecast.cli._documents import evaluation, head, test_rows
    from statecast.cli._job import Job
    from statecast.cli._progress import progress_bar
    from statecast.cli._results import Delivery, check_results, deliver, typed

    testing.check()
    levels = levels_of(level, "none")
    check_results(result, report)
    chosen, threads = recipe.build(), running.count
    pieces = data.pieces(file)
    panel, refused = pieces.whole()
    horizon = chosen.horizon or 1
    chosen = replace(chosen, horizon=horizon)
    with progress_bar("training", result.quiet or result.json) as progress:
        test = panel.frequency.horizon if testing.test is None else testing.test
        found = testing.run(Job(chosen, panel, threads), test, horizon, progress, levels)
    tested = found.result
    left_out = {one.unique_id: one.reason for one in refused} | found.left_out
    method = testing.method(chosen, tested)
    document = {
        **head("backtest", chosen, panel, horizon, tested.decisions),
        "use": testing.use,
        "weights": testing.weights,
        "method": method.name,
        "test": test_rows(tested),
        **evaluation(tested),
        "left_out": [{"unique_id": name, "reason": reason} for name, reason in left_out.items()],
    }
    deliver(
        Delivery(
            document,
            tested.to_frame,
            lambda: tested.plot(found.panel),
            lambda out: _show(out, tested, panel, chosen, testing, left_out),
            lambda: _report(found, panel, chosen, left_out, typed(context)),
        ),
        result,
        report,
    )


def _show(
    out: Console, tested: Backtest, panel: Panel, recipe: Chosen, testing: TestOptions, left_out: dict[str, str]
) -> None:
    from statecast.cli._documents import decisions, test_rows
    from statecast.cli._left import left_out_lines
    from statecast.cli._tables import shortened, table
    from statecast.tables import alike, coverage_line, members_line, moments, said, scores_table

    for line in decisions(recipe, panel, tested.decisions):
        out.print(line)
    tests = test_rows(tested)
    columns = {
        **({"series": [str(row["unique_id"]) for row in tests]} if len(tested.ids) > 1 else {}),
        panel.columns.time or "step": moments(str(row["ds"]) for row in tests),
        **({"ahead": [str(row["step"]) for row in tests]} if tested.horizon > 1 else {}),
        **alike({"expected": tested.y, "prediction": tested.mean, "error": tested.y - tested.mean, **tested.bounds}),
    }
    ahead = "a step" if tested.horizon == 1 else f"up to {tested.horizon} steps"
    out.print(shortened(f"Walk-forward test of {panel.columns.target}, {ahead} ahead", columns, out.width))
    out.print(table(*scores_table(tested, recipe.name, combination=testing.use == "combination")))
    out.print(tested.verdict)
    out.print(members_line(tested))
    if testing.use != "network":
        out.print(f"A forecast with --use {testing.use} is made by {said(testing.method(recipe, tested))}.")
    if tested.levels:
        out.print(coverage_line(tested))
    for line in left_out_lines(left_out, len(tested.ids) + len(left_out)):
        out.print(line)
    out.print(f"Trained in {tested.seconds.train:.3f} s.", style="dim")


def _report(found: Tested, panel: Panel, recipe: Chosen, left_out: dict[str, str], command: str) -> Report:
    from statecast.cli._documents import choices
    from statecast.cli._left import left_out_lines
    from statecast.report import Report

    return Report(
        found.panel,
        backtest=found.result,
        recipe=recipe.name,
        decisions=choices(recipe, panel, found.result.decisions),
        remarks=tuple(left_out_lines(left_out, len(found.panel) + len(left_out))),
        command=command,
    )
