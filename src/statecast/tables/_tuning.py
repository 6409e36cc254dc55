"""What a search says: its best recipes, and errors on the rows put aside."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from statecast.tables._figures import figures
from statecast.tables._table import Table

if TYPE_CHECKING:
    from statecast.tuning import Candidate, Tuning

MOST_SHOWN = 10

_ELSEWHERE = (
    "units",
    "epochs",
    "learning_rate",
    "members",
    "seed",
    "horizon",
)  # have a column, or are the same for all


def leaderboard_table(tuned: Tuning) -> Table:
    """Return the best recipes of the last round."""
    best = [c for c in tuned.leaderboard if c.share == tuned.leaderboard[0].share][:MOST_SHOWN]
    columns = {
        "recipe": ["default" if c.recipe == tuned.base else c.recipe.name for c in best],
        "units": [_told(c.recipe.units) for c in best],
        "epochs": [_told(c.recipe.epochs) for c in best],
        "rate": [_told(c.recipe.learning_rate) for c in best],
        "else": [_rest(c) for c in best],
        "RMSE": figures(c.rmse for c in best),
    }
    return Table(f"The best {len(best)} of {len(tuned.leaderboard):,} recipes on the validation rows", columns)


def put_aside_table(tuned: Tuning) -> Table:
    """Errors of winner, default and baselines on the rows that the search has not seen."""
    rows = tuned.tested.times.shape[1] + tuned.tested.horizon - 1
    scores = {"winner": tuned.tested.scores, "default": tuned.default.scores} | {
        name.replace("_", " "): scores for name, scores in tuned.tested.baselines.items()
    }
    errors = {
        heading: figures(getattr(score, key) for score in scores.values())
        for heading, key in {"RMSE": "rmse", "MAE": "mae", "sMAPE %": "smape", "MASE": "mase"}.items()
    }
    return Table(f"Errors on the {rows} rows put aside", {"": list(scores), **errors})


def tuning_lines(tuned: Tuning) -> list[str]:
    """Say which recipes could not be scored."""
    if not tuned.failures:
        return []
    first = tuned.failures[0]
    return [f"{len(tuned.failures):,} recipes could not be scored; the first, {first.recipe}: {first.reason}"]


def _told(value: float | None) -> str:
    return "found out" if value is None else f"{value:.2g}" if isinstance(value, float) else str(value)


def _rest(candidate: Candidate) -> str:
    """Return what else is not as usual in the recipe, in short."""
    usual, values = asdict(type(candidate.recipe)()), asdict(candidate.recipe)
    others = {name: value for name, value in values.items() if name not in _ELSEWHERE and value != usual[name]}
    said = [value if isinstance(value, str) else f"{name} {value}" for name, value in others.items()]
    return ", ".join(said)
