"""statecast tune: search recipes, and test the winner on rows that the search has not seen."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from statecast.cli._options import DataOptions, File, ReportFile, ResultOptions, RunningOptions
from statecast.cli._search import SearchOptions, SpaceOptions

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from statecast.series import Panel
    from statecast.tuning import Tuning


def tune(
    context: typer.Context,
    file: File,
    data: DataOptions,
    search: SearchOptions,
    space: SpaceOptions,
    result: ResultOptions,
    running: RunningOptions,
    report: ReportFile = None,
) -> None:
    """Search for the recipe that forecasts FILE best, and test it on the last rows, which the search does not see."""
    from statecast.cli._progress import progress_bar
    from statecast.cli._results import Delivery, check_results, deliver, typed
    from statecast.pictures import draw
    from statecast.recipes import save_recipe
    from statecast.report import Report
    from statecast.series import to_panel
    from statecast.tuning import tune as run
    from statecast.tuning import tuning_charts

    check_results(result, report)
    search.check()
    threads = running.count
    panel = to_panel(file, data.roles)
    rows = panel.frequency.horizon if search.test is None else search.test
    spaces = space.spaces(panel.frequency.season, int(panel.lengths.min()) - (1 + search.windows) * rows)
    with progress_bar("tuning", result.quiet or result.json) as progress:
        tuned = run(
            panel,
            spaces,
            trials=search.trials,
            test=rows,
            horizon=spaces[0].base.horizon or 1,
            method=search.method,
            windows=search.windows,
            seed=1 if space.seed is None else space.seed,
            threads=threads,
            progress=progress,
        )
    remarks = []
    if search.save:
        save_recipe(tuned.winner, search.save)
        remarks = [f"The winner is written to {search.save}: statecast forecast FILE --recipe {search.save}"]

    def show(out: Console) -> None:
        _show(out, tuned, panel)
        for line in remarks:
            out.print(line)

    deliver(
        Delivery(
            _document(tuned, panel, search, rows),
            lambda: _frame(tuned),
            lambda: draw(tuning_charts(tuned, panel)),
            show,
            lambda: Report(panel, tuning=tuned, remarks=remarks, command=typed(context)),
        ),
        result,
        report,
    )


def _document(tuned: Tuning, panel: Panel, search: SearchOptions, rows: int) -> dict[str, object]:
    from importlib.metadata import version

    from statecast.network import build_info
    from statecast.recipes import to_document

    return {
        "version": version("statecast"),
        "command": "tune",
        "columns": asdict(panel.columns),
        "frequency": panel.frequency.alias,
        "season": panel.frequency.season,
        "horizon": tuned.tested.horizon,
        "decisions": list(panel.notes),
        "instruction_set": build_info().instruction_set,
        "search": {"method": search.method, "windows": search.windows, "test": rows},
        "leaderboard": [
            {"trial": c.trial, "rmse": c.rmse, "share": c.share, "recipe": to_document(c.recipe)}
            for c in tuned.leaderboard
        ],
        "failures": [{"trial": f.trial, "reason": f.reason, "recipe": to_document(f.recipe)} for f in tuned.failures],
        "winner": {"recipe": to_document(tuned.winner), "scores": asdict(tuned.tested.scores)},
        "default": {"recipe": to_document(tuned.base), "scores": asdict(tuned.default.scores)},
        "baselines": {name: asdict(scores) for name, scores in tuned.tested.baselines.items()},
        "luck": tuned.luck,
        "helped": tuned.helped,
        "verdict": tuned.verdict,
        "seconds": {"total": tuned.seconds},
    }


def _frame(tuned: Tuning) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "rank": rank,
                "trial": c.trial,
                "rmse": c.rmse,
                "share": c.share,
                "recipe": c.recipe.name,
                **asdict(c.recipe),
            }
            for rank, c in enumerate(tuned.leaderboard, 1)
        ]
    ).convert_dtypes()


def _show(out: Console, tuned: Tuning, panel: Panel) -> None:
    from statecast.cli._tables import table
    from statecast.tables import leaderboard_table, put_aside_table, tuning_lines

    for note in panel.notes:
        out.print(note)
    out.print(table(*leaderboard_table(tuned)))
    for line in tuning_lines(tuned):
        out.print(line)
    out.print(table(*put_aside_table(tuned)))
    out.print(tuned.verdict)
    count = len(tuned.leaderboard) + len(tuned.failures)
    out.print(f"{count:,} recipes in {tuned.seconds:.1f} s.", style="dim")
