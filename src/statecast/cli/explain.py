"""statecast explain: what the forecast is made of, and which covariates matter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from statecast.cli._options import DataOptions, File, RecipeOptions, ReportFile, ResultOptions, RunningOptions

if TYPE_CHECKING:
    from rich.console import Console

    from statecast.explanation import Impact

Series = Annotated[str | None, typer.Option("--series", help="Series to explain; the first if not given.")]
Permutations = Annotated[
    int, typer.Option("--permutations", help="Orders tried for each covariate; 0 for no test of what matters.")
]


def explain(
    context: typer.Context,
    file: File,
    data: DataOptions,
    recipe: RecipeOptions,
    result: ResultOptions,
    running: RunningOptions,
    series: Series = None,
    permutations: Permutations = 99,
    report: ReportFile = None,
) -> None:
    """Say how the forecast of FILE changes with every lag and covariate, and which covariates matter at all."""
    from statecast.cli._documents import choices, head
    from statecast.cli._job import prepare
    from statecast.cli._progress import progress_bar
    from statecast.cli._results import Delivery, deliver, typed
    from statecast.errors import ParameterError
    from statecast.explanation import explain as find
    from statecast.recipes import Auto, Shared
    from statecast.report import Report

    job = prepare(file, data, recipe, result, running, report)
    if not isinstance(job.recipe, (Auto, Shared)):
        raise ParameterError(f"explain takes the recipe auto or shared, got {job.recipe.name}. Choose with --recipe.")
    horizon = job.recipe.horizon or job.panel.frequency.horizon
    chosen = replace(job.recipe, horizon=horizon)
    with progress_bar("explaining", result.quiet or result.json) as progress:
        impact = find(
            job.panel, chosen, series=series, permutations=permutations, threads=job.threads, progress=progress
        )
    document = {**head("explain", chosen, job.panel, horizon), **_document(impact)}
    deliver(
        Delivery(
            document,
            impact.to_frame,
            impact.plot,
            lambda out: _show(out, impact, job.panel.notes),
            lambda: Report(
                job.panel,
                impact=impact,
                recipe=chosen.name,
                decisions=choices(chosen, job.panel),
                command=typed(context),
            ),
        ),
        result,
        report,
    )


def _document(impact: Impact) -> dict[str, object]:
    return {
        "unique_id": impact.unique_id,
        "target": impact.target,
        "origins": impact.origins,
        "tested": impact.tested,
        "columns": [
            {
                "column": name,
                "kind": impact.kinds[c],
                "deviation": float(impact.deviations[c]),
                "p_value": float(impact.p_values[c]),
                "verdict": impact.verdict(c),
            }
            for c, name in enumerate(impact.columns)
        ],
        "impact": [
            {name: value for name, value in row.items() if name not in ("unique_id", "kind", "p_value")}
            for row in impact.to_frame().to_dict("records")
        ],
    }


def _show(out: Console, impact: Impact, notes: tuple[str, ...]) -> None:
    from statecast.cli._tables import table
    from statecast.tables import impact_lines, influence_table, relevance_table

    for note in notes:
        out.print(note)
    for step in impact.ends:
        out.print(table(*influence_table(impact, step)))
    for line in impact_lines(impact):
        out.print(line)
    if (relevance := relevance_table(impact)) is not None:
        out.print(table(*relevance))
