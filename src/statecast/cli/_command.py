"""Commands whose options come in groups: a dataclass a group, its fields the options."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, get_type_hints

import typer

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def command(app: typer.Typer, run: Callable[..., None]) -> None:
    """Add a function to the app as the command of its name; parameters that are dataclasses become their fields."""
    hints = get_type_hints(run, include_extras=True)
    groups: dict[str, type[Any]] = {
        name: hint for name, hint in hints.items() if isinstance(hint, type) and dataclasses.is_dataclass(hint)
    }
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(run).parameters.items():
        if name not in groups:
            parameters.append(parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY))
            continue
        fields = get_type_hints(groups[name], include_extras=True)
        parameters += [
            inspect.Parameter(f.name, inspect.Parameter.KEYWORD_ONLY, default=f.default, annotation=fields[f.name])
            for f in dataclasses.fields(groups[name])
        ]

    @wraps(run)
    def flat(**given: object) -> None:
        built = {
            name: group(**{f.name: given.pop(f.name) for f in dataclasses.fields(group)})
            for name, group in groups.items()
        }
        run(**given, **built)

    flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    flat.__annotations__ = {p.name: p.annotation for p in parameters}
    app.command()(flat)


def options_given(*groups: DataclassInstance) -> list[str]:
    """Return the options of groups that are not as usual."""
    return [
        f"--{field.name.replace('_', '-')}"
        for group in groups
        for field in dataclasses.fields(group)
        if getattr(group, field.name) != field.default
    ]
