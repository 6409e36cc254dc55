"""What a test says: errors beside those of the baselines, members and intervals."""

from __future__ import annotations

import math
from dataclasses import fields

from statecast.metrics import Scores, skill
from statecast.series import Backtest, Recipe
from statecast.tables._figures import figures
from statecast.tables._table import Table

_LARGE = 20.0  # percent by which members differ, from which on it is said


def scores_table(result: Backtest, recipe: str = "", combination: bool = False) -> Table:
    """Errors of the recipe and of every baseline, and its skill over each; those of the combination if asked for."""
    others = {name.replace("_", " "): scores for name, scores in result.baselines.items()}
    if combination:
        others = {"combination": result.combination.scores} | others
    named = {f"LSTM ({recipe})" if recipe else "LSTM": result.scores} | others
    columns = [figures([getattr(scores, f.name) for scores in named.values()]) for f in fields(Scores)]
    skills = ["", *(_skill(result.scores.rmse, scores.rmse) for scores in others.values())]
    steps = result.y.shape[1] * result.horizon
    many = f" a series, mean of {len(result.ids):,} series" if len(result.ids) > 1 else ""
    headings = dict(zip(("RMSE", "MAE", "sMAPE %", "MASE"), columns, strict=True))
    return Table(f"Errors over {steps:,} forecasts{many}", {"": list(named), **headings, "skill over it": skills})


def _skill(error: float, other: float) -> str:
    """Return the skill; a dash over a baseline without any error, where there is none."""
    value = skill(error, other)
    return f"{value:.2f}" if math.isfinite(value) else "-"


def coverage_line(result: Backtest) -> str:
    """Say how many observations were within the intervals, beside what these promise."""
    seen = [f"{share:.0f} % where {level:g} % are promised" for level, share in result.coverage.items()]
    return f"Observations within the intervals: {', '.join(seen)}."


def coverage_table(result: Backtest) -> Table:
    """How many observations were within the intervals, beside what these promise."""
    promised, seen = (list(column) for column in zip(*result.coverage.items(), strict=True))
    columns = {"promised %": [f"{level:g}" for level in promised], "seen %": [f"{share:.0f}" for share in seen]}
    return Table("Observations within the intervals", columns)


def members_line(result: Backtest) -> str:
    """Say how the members of an ensemble differ, so that nobody is fooled by a lucky seed."""
    if len(result.member_scores) < 2:
        return "This is one seed, which may be lucky or unlucky: --members 30 shows the spread."
    from statecast.evaluation import Spread

    spread = Spread.of([member.scores for member in result.member_scores])
    best = min(scores.rmse for scores in result.baselines.values())
    better = sum(member.scores.rmse < best for member in result.member_scores)
    mean, sd, low, high, average = figures([spread.mean, spread.sd, spread.best, spread.worst, result.scores.rmse])
    apart = result.disagreement or 0.0
    unsteady = (
        f" Their forecasts of one step differ by up to {apart:.0f} % of its size: the smallest change of the data may "
        "move that of one seed as much."
        if apart >= _LARGE
        else ""
    )
    return (
        f"One member alone has RMSE {mean} on average over {len(result.member_scores)} seeds, "
        f"sd {sd}, best {low}, worst {high}; "
        f"{better} of them have less than the best baseline. Their average forecast has {average}.{unsteady}"
    )


def said(recipe: Recipe) -> str:
    """Return what makes a forecast, as it stands in a sentence."""
    from statecast.evaluation import spoken
    from statecast.recipes import KINDS, Combination

    if isinstance(recipe, Combination):
        *first, last = map(said, recipe.recipes)
        average = "average" if recipe.weights == "equal" else "weighted average"
        return f"the {average} of {', '.join(first)} and {last}"
    return "the network" if isinstance(recipe, tuple(KINDS.values())) else spoken(recipe.name)
