"""statecast monitor: how a saved model has done since it was fitted, and whether to refit it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any

import typer

from statecast.cli._options import ResultOptions

if TYPE_CHECKING:
    from rich.console import Console

    from statecast.intervals import Health, Judgement

MOST_SERIES = 12

Model = Annotated[str, typer.Argument(metavar="MODEL", help="A model file that statecast update goes on with.")]


def monitor(
    model: Model,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.", rich_help_panel="Result")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.", rich_help_panel="Result")] = False,
) -> None:
    """Say how far off MODEL was in the rows of its updates, beside what was expected at the fit."""
    from statecast.cli._results import check_forms, say
    from statecast.recipes import load

    result = ResultOptions(json=json, quiet=quiet)
    check_forms(result)
    health = load(model).watch.health()
    say(_document(model, health), lambda out: _show(out, health), result)


def _document(model: str, health: Health) -> dict[str, object]:
    from importlib.metadata import version

    return {
        "version": version("statecast"),
        "command": "monitor",
        "model": model,
        "refit": health.advice,
        "verdict": health.verdict,
        "revisions": {
            "count": health.revised.count,
            "median": health.revised.median,
            "largest": health.revised.largest,
        },
        "panel": _said(health.panel, 0),
        "stale": list(health.stale),
        "series": _rows(health),
    }


def _said(of: Judgement, place: int) -> dict[str, Any]:
    """Return what is known of one series, or of the panel."""
    return {f.name: getattr(of, f.name)[place].item() for f in fields(of)}


def _rows(health: Health) -> list[dict[str, Any]]:
    """Return what is known of every series, the worst first."""
    of, stale = health.series, set(health.stale)
    order = sorted(range(len(health.ids)), key=lambda s: (of.p_value[s], -of.lately[s]))
    return [
        {"unique_id": (name := health.ids[s]), "rows": int(health.rows[s]), **_said(of, s), "stale": name in stale}
        for s in order
    ]


def _show(out: Console, health: Health) -> None:
    from statecast.cli._tables import table

    rows = _rows(health)
    shown = rows[:MOST_SERIES]
    if health.rows.any():
        columns = {
            "series": [str(row["unique_id"]) for row in shown],
            "rows": [f"{row['rows']:,}" for row in shown],
            "errors": [f"{row['ratio']:.2f}" for row in shown],
            "bias": [f"{row['bias']:+.2f}" for row in shown],
            "last": [f"{row['steps']}" if row["steps"] else "-" for row in shown],
            "errors ": [f"{row['lately']:.2f}" if row["steps"] else "-" for row in shown],
            "outside": [f"{100 * row['outside']:.0f} %" if row["steps"] else "-" for row in shown],
            "p": [f"{row['p_value']:.3f}" for row in shown],
            **({"": ["stale" if row["stale"] else "" for row in shown]} if health.stale else {}),
        }
        out.print(table("Errors since the fit, by what was expected then", columns))
        if len(rows) > len(shown):
            out.print(f"The worst {len(shown)} of {len(rows):,} series; --json has them all.")
    if health.revised.count:
        out.print(health.revised.verdict)
    out.print(health.verdict)
