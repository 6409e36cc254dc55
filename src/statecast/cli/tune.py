"""statecast tune: search recipes, and test the winner on rows that the search has not seen."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from statecast.cli._options import DataOptions, File, ResultOptions, RunningOptions
from statecast.cli._search import SearchOptions, SpaceOptions

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from statecast.pictures import Chart
    from statecast.series import Panel
    from statecast.tuning import Candidate, Tuning

MOST_SHOWN, MOST_CHARTS = 10, 6
_ELSEWHERE = (
    "units",
    "epochs",
    "learning_rate",
    "members",
    "seed",
    "horizon",
)  # have a column, or are the same for all


def tune(
    file: File,
    data: DataOptions,
    search: SearchOptions,
    space: SpaceOptions,
    result: ResultOptions,
    running: RunningOptions,
) -> None:
    """Search for the recipe that forecasts FILE best, and test it on the last rows, which the search does not see."""
    from statecast.cli._progress import progress_bar
    from statecast.cli._results import Delivery, check_results, deliver
    from statecast.recipes import save_recipe
    from statecast.series import to_panel
    from statecast.tuning import tune as run

    check_results(result)
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
    if search.save:
        save_recipe(tuned.winner, search.save)

    def show(out: Console) -> None:
        _show(out, tuned, panel)
        if search.save:
            out.print(f"The winner is written to {search.save}: statecast forecast FILE --recipe {search.save}")

    deliver(
        Delivery(_document(tuned, panel, search, rows), lambda: _frame(tuned), lambda: _charts(tuned, panel), show),
        result,
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
    from statecast.cli._tables import figures, table

    for note in panel.notes:
        out.print(note)
    last_round = [c for c in tuned.leaderboard if c.share == tuned.leaderboard[0].share]
    best = last_round[:MOST_SHOWN]
    rows = tuned.tested.times.shape[1] + tuned.tested.horizon - 1
    columns = {
        "recipe": ["default" if c.recipe == tuned.base else c.recipe.name for c in best],
        "units": [_told(c.recipe.units) for c in best],
        "epochs": [_told(c.recipe.epochs) for c in best],
        "rate": [_told(c.recipe.learning_rate) for c in best],
        "else": [_rest(c) for c in best],
        "RMSE": figures(c.rmse for c in best),
    }
    out.print(table(f"The best {len(best)} of {len(tuned.leaderboard):,} recipes on the validation rows", columns))
    if tuned.failures:
        first = tuned.failures[0]
        out.print(f"{len(tuned.failures):,} recipes could not be scored; the first, {first.recipe}: {first.reason}")
    scores = {"winner": tuned.tested.scores, "default": tuned.default.scores} | {
        name.replace("_", " "): scores for name, scores in tuned.tested.baselines.items()
    }
    errors = {
        heading: figures(getattr(score, key) for score in scores.values())
        for heading, key in {"RMSE": "rmse", "MAE": "mae", "sMAPE %": "smape", "MASE": "mase"}.items()
    }
    out.print(table(f"Errors on the {rows} rows put aside", {"": list(scores), **errors}))
    out.print(tuned.verdict)
    count = len(tuned.leaderboard) + len(tuned.failures)
    out.print(f"{count:,} recipes in {tuned.seconds:.1f} s.", style="dim")


def _told(value: float | None) -> str:
    return "found out" if value is None else f"{value:.2g}" if isinstance(value, float) else str(value)


def _rest(candidate: Candidate) -> str:
    """Return what else is not as usual in the recipe, in short."""
    usual, values = asdict(type(candidate.recipe)()), asdict(candidate.recipe)
    others = {name: value for name, value in values.items() if name not in _ELSEWHERE and value != usual[name]}
    said = [value if isinstance(value, str) else f"{name} {value}" for name, value in others.items()]
    return ", ".join(said)


def _charts(tuned: Tuning, panel: Panel) -> list[Chart]:
    """Observed against what winner and default forecast in the test, a step ahead; the first series of a panel."""
    from statecast.pictures import Chart, Line

    charts = []
    for s, unique_id in enumerate(panel.ids[:MOST_CHARTS]):
        part = slice(panel.offsets[s], panel.offsets[s + 1])
        lines = [Line("observed", panel.times[part], panel.values[part])]
        lines += [
            Line(name, test.times[s, :, 0], test.mean[s, :, 0])
            for name, test in (("winner", tuned.tested), ("default", tuned.default))
        ]
        title = unique_id if len(panel.ids) > 1 else f"{panel.columns.target}: observed and predicted"
        charts.append(Chart(title, panel.columns.target, lines))
    return charts
