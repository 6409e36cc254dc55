"""statecast info MODEL: what is in a model file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from statecast.cli._model import Model
    from statecast.cli._options import ResultOptions
    from statecast.series import Recipe


def info_model(file: str, other: Sequence[str], result: ResultOptions) -> None:
    """Look at a model file.

    Raises
    ------
    ParameterError
        If ``other``, options that say something about data or a picture, are given.
    """
    from importlib.metadata import version

    from statecast.cli._model import Model
    from statecast.cli._results import Delivery, check_results, deliver
    from statecast.errors import ParameterError

    if other:
        raise ParameterError(f"{other[0]} is about data, and {file} is a model. Leave it out.")
    check_results(result)
    model = Model.read(file)
    document = {"version": version("statecast"), "command": "info", **model.document(), **_more(model)}
    deliver(
        Delivery(document, lambda: _frame(model), None, lambda out: _show(out, model)),
        result,
    )


def _more(model: Model) -> dict[str, object]:
    from statecast.recipes import count_parameters

    covariates = model.origin.covariates
    roles = ("past", "known", "static")
    return {
        "members": len(model.recipe.seeds),
        "parameters": count_parameters(model.fitted),
        "covariates": {} if covariates is None else {role: list(getattr(covariates, role)) for role in roles},
        "known_ahead": model.known_ahead,
        "horizon": model.horizon,
        "intervals": {"forecasts": _errors(model)},
        "series": _rows(model),
    }


def _errors(model: Model) -> int | None:
    """Return from how many forecasts of its history the intervals are known; None where they are known otherwise."""
    from statecast.intervals import Calibrated

    calibration = getattr(model.fitted, "calibration", None)
    return int(calibration.residuals.origins.sum()) or None if isinstance(calibration, Calibrated) else None


def _rows(model: Model) -> list[dict[str, object]]:
    from statecast.tables import stamp

    origin = model.origin
    return [
        {"unique_id": name, "last": stamp(last, origin.time_zone)}
        for name, last in zip(origin.ids, origin.last, strict=True)
    ]


def _frame(model: Model) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(_rows(model))


def _show(out: Console, model: Model) -> None:
    from statecast.cli._tables import table

    facts = _facts(model)
    out.print(table(None, {str(model.path): list(facts), " ": list(facts.values())}, wrapped=" "))


def _facts(model: Model) -> dict[str, str]:
    """Return what is said of a model, a line each."""
    from statecast.recipes import count_parameters

    recipe, origin, saved = model.recipe, model.origin, model.saved
    frequency, decided, errors = origin.frequency, model.fitted.decisions(), _errors(model)
    seasons = ", ".join(map(str, (frequency.season, *frequency.longer)))
    of_first = f" ({origin.ids[0]})" if len(origin.ids) > 1 else ""
    walked = "" if errors is None else f", known from {errors:,} forecasts of its history"
    facts = {
        "recipe": model.description,
        "values": _values(recipe),
        "members": _members(recipe),
        "numbers learnt": f"{count_parameters(model.fitted):,}",
        "series": model.series,
        "columns": _columns(model),
        "rows": f"{frequency.word}, " + ("no season" if frequency.season == 1 else f"season of {seasons}"),
        "last observation": model.last,
        "horizon": f"{model.horizon:,}, if no other is asked for",
        f"decided{of_first}": ", ".join(decided) or "nothing",
        "intervals": f"any level{walked}",
        "file": f"{model.path.stat().st_size:,} bytes, written by Statecast {saved.version}",
        "sha256": saved.sha256,
    }
    return {name: fact for name, fact in facts.items() if fact}


def _values(recipe: Recipe) -> str:
    """Say the values of a recipe; what it finds out itself, or does not do, is not named."""
    from statecast.cli._model import values_of
    from statecast.recipes import Combination

    if isinstance(recipe, Combination):
        return "; ".join(f"{one.name}: {_values(one) or 'none'}" for one in recipe.recipes)
    given = {name: value for name, value in values_of(recipe).items() if value is not None and value is not False}
    return ", ".join(f"{name} {value}" for name, value in given.items())


def _members(recipe: Recipe) -> str:
    seeds = recipe.seeds
    if len(seeds) == 0:
        return "none: nothing is drawn"
    return f"1, seed {seeds[0]}" if len(seeds) == 1 else f"{len(seeds):,}, seeds {seeds[0]} to {seeds[-1]}"


def _columns(model: Model) -> str:
    columns, ahead = model.origin.columns, model.known_ahead
    named = {
        "target": columns.target,
        "time": columns.time,
        "id": columns.id,
        "past": ", ".join(columns.past),
        "known": ", ".join(columns.known) + ("" if ahead is None else f" ({ahead:,} steps ahead)"),
        "static": ", ".join(columns.static),
    }
    return "; ".join(f"{role} {name}" for role, name in named.items() if name)
