"""statecast explain: what the forecast is made of, and which covariates matter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from statecast.cli._options import DataOptions, File, RecipeOptions, ResultOptions, RunningOptions

if TYPE_CHECKING:
    from rich.console import Console

    from statecast.explanation import Impact
    from statecast.pictures import Bars

MOST_ROWS = 20
NEGLIGIBLE = 0.001
_KNOWN = {"known": "ahead", "past": "up to now", "static": "for good"}

Series = Annotated[str | None, typer.Option("--series", help="Series to explain; the first if not given.")]
Permutations = Annotated[
    int, typer.Option("--permutations", help="Orders tried for each covariate; 0 for no test of what matters.")
]


def explain(
    file: File,
    data: DataOptions,
    recipe: RecipeOptions,
    result: ResultOptions,
    running: RunningOptions,
    series: Series = None,
    permutations: Permutations = 99,
) -> None:
    """Say how the forecast of FILE changes with every lag and covariate, and which covariates matter at all."""
    from statecast.cli._documents import head
    from statecast.cli._job import prepare
    from statecast.cli._progress import progress_bar
    from statecast.cli._results import Delivery, deliver
    from statecast.errors import ParameterError
    from statecast.explanation import explain as find
    from statecast.recipes import Auto, Shared

    job = prepare(file, data, recipe, result, running)
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
        Delivery(document, impact.to_frame, lambda: _charts(impact), lambda out: _show(out, impact, job.panel.notes)),
        result,
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
    from statecast.cli._tables import figure, figures, table

    for note in notes:
        out.print(note)
    steps = sorted({1, impact.horizon})
    for step in steps:
        rows = _strongest(impact, step)
        columns = {
            "input": [impact.columns[c] for c, _ in rows],
            "lag": [str(lag) for _, lag in rows],
            "for one unit": [figure(impact.per_unit[c, step - 1, lag]) for c, lag in rows],
            "± over members": [figure(impact.spread[c, step - 1, lag]) for c, lag in rows],
            "for one sd": figures([impact.per_deviation[c, step - 1, lag] for c, lag in rows]),
        }
        ahead = "1 step" if step == 1 else f"{step} steps"
        out.print(table(f"Change of the forecast of {impact.target}, {ahead} ahead", columns))
    out.print(f"Means over {impact.origins} origins. A lag is counted from the step that is forecast.")
    _show_relevance(out, impact)


def _show_relevance(out: Console, impact: Impact) -> None:
    from statecast.cli._tables import table

    covariates = [c for c in range(len(impact.columns)) if impact.kinds[c] != "target"]
    if not covariates:
        return
    if not impact.tested:
        out.print("Not tested which covariates matter: no permutations were asked for, or the history is too short.")
        return
    columns = {
        "covariate": [impact.columns[c] for c in covariates],
        "known": [_KNOWN[impact.kinds[c]] for c in covariates],
        "p": ["" if impact.p_values[c] != impact.p_values[c] else f"{impact.p_values[c]:.2f}" for c in covariates],
        "verdict": [impact.verdict(c) for c in covariates],
    }
    out.print(table(f"In another order, over {impact.tested} held-out forecasts", columns))


def _strongest(impact: Impact, step: int) -> list[tuple[int, int]]:
    """Return the columns and lags with the most influence for one standard deviation, the strongest first.

    Those with less than a thousandth of the strongest are left out.
    """
    import numpy as np

    sizes = np.abs(np.nan_to_num(impact.per_deviation[:, step - 1]))
    order = np.argsort(-sizes, axis=None, kind="stable")[:MOST_ROWS]
    places = np.argwhere(np.ones_like(sizes))[order]
    return [(int(c), int(lag)) for c, lag in places if sizes[c, lag] > NEGLIGIBLE * sizes.max()]


def _charts(impact: Impact) -> list[Bars]:
    import numpy as np

    from statecast.pictures import Bars

    charts = []
    for step in sorted({1, impact.horizon}):
        rows = _strongest(impact, step)
        at = tuple(np.array(rows).reshape(-1, 2).T)
        faint = tuple(impact.verdict(c) == "irrelevant" for c, _ in rows)
        grey = "; grey: irrelevant" if any(faint) else ""
        charts.append(
            Bars(
                f"What moves the forecast of {impact.target}, {step} ahead",
                f"change of {impact.target} for one standard deviation, ± over members{grey}",
                tuple(f"{impact.columns[c]}, lag {lag}" for c, lag in rows),
                impact.per_deviation[:, step - 1][at],
                (impact.spread[:, step - 1] * impact.deviations[:, np.newaxis])[at],
                faint,
            )
        )
    return charts
