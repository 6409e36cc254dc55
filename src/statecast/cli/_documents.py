"""The documents that --json prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING

from statecast.network import build_info
from statecast.tables import stamp

if TYPE_CHECKING:
    from statecast.cli._options import Chosen
    from statecast.distributed import Failure
    from statecast.series import Backtest, Forecast, Panel


def head(command: str, recipe: Chosen, panel: Panel, horizon: int, decided: Sequence[str] = ()) -> dict[str, object]:
    """Return what was asked and what was found."""
    return {
        "version": version("statecast"),
        "command": command,
        "recipe": {"name": recipe.name, **asdict(recipe)},
        "columns": asdict(panel.columns),
        "frequency": panel.frequency.alias,
        "season": panel.frequency.season,
        "horizon": horizon,
        "decisions": decisions(recipe, panel, decided),
        "instruction_set": build_info().instruction_set,
    }


def decisions(recipe: Chosen, panel: Panel, decided: Sequence[str] = ()) -> list[str]:
    """Say what was found out about the data, what the recipe does, and what it decided, a line each."""
    return [*panel.notes, *choices(recipe, panel, decided)]


def choices(recipe: Chosen, panel: Panel, decided: Sequence[str] = ()) -> list[str]:
    """Say what the recipe does, and what it decided, a line each."""
    said = [f"Decided from the series: {', '.join(decided)}."] if decided else []
    return [f"Recipe {recipe.name}: {recipe.description}.", *_unused(recipe, panel), *said]


def _unused(recipe: Chosen, panel: Panel) -> list[str]:
    """Say which covariates the recipe makes no use of."""
    covariates = panel.covariates
    if covariates is None or recipe.name == "shared":
        return []
    used = covariates.past + covariates.known if recipe.name == "auto" else ()
    names = [name for name in covariates.names if name not in used]
    why = "static, and a network of its own for each series sees no other" if recipe.name == "auto" else "covariates"
    return [f"No use is made of {', '.join(names)}: {why}."] if names else []


def evaluation(result: Backtest) -> dict[str, object]:
    """Return scores, baselines, combination, members, verdict and time of a test."""
    return {
        "scores": asdict(result.scores),
        "baselines": {name: asdict(scores) for name, scores in result.baselines.items()},
        "combination": {
            "baselines": list(result.combination.baselines),
            "scores": asdict(result.combination.scores),
        },
        "coverage": {f"{level:g}": share for level, share in result.coverage.items()},
        "members": [asdict(member) for member in result.member_scores],
        "disagreement": result.disagreement,
        "p_value": result.p_value,
        "verdict": result.verdict,
        "seconds": asdict(result.seconds),
    }


def test_rows(result: Backtest) -> list[dict[str, object]]:
    """Return every forecast of a test beside what was observed."""
    bounds = result.bounds
    return [
        {
            "unique_id": unique_id,
            "origin": stamp(result.origins[s, k], result.time_zone),
            "ds": stamp(result.times[s, k, step], result.time_zone),
            "step": step + 1,
            "y": float(result.y[s, k, step]),
            "mean": float(result.mean[s, k, step]),
            **{name: float(bound[s, k, step]) for name, bound in bounds.items()},
        }
        for s, unique_id in enumerate(result.ids)
        for k in range(result.times.shape[1])
        for step in range(result.horizon)
    ]


def forecast_rows(forecast: Forecast) -> list[dict[str, object]]:
    """Return every step of a forecast."""
    bounds = forecast.bounds
    return [
        {
            "unique_id": unique_id,
            "ds": stamp(forecast.times[s, step], forecast.time_zone),
            "mean": float(forecast.mean[s, step]),
            **{name: float(bound[s, step]) for name, bound in bounds.items()},
        }
        for s, unique_id in enumerate(forecast.ids)
        for step in range(forecast.mean.shape[1])
    ]


def failure_rows(failures: Sequence[Failure]) -> list[dict[str, object]]:
    """Return every series that the recipe could not forecast; the method is null where there is no forecast."""
    return [{**asdict(one), "method": None if one.method == "none" else one.method} for one in failures]
