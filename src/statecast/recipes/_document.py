"""Recipe files: a recipe as a small JSON document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

from statecast.errors import DataError, FileError, InputError
from statecast.recipes._auto import Auto
from statecast.recipes._classic import Classic
from statecast.recipes._counts import Counts
from statecast.recipes._shared import Shared
from statecast.storage import write_whole

FORMAT = 1
"""Of the documents written; those of a later one are refused."""

Described = Auto | Classic | Counts | Shared
"""The recipes that a file can describe."""

KINDS: Mapping[str, type[Described]] = {"auto": Auto, "classic": Classic, "counts": Counts, "shared": Shared}
"""The recipes by their names."""


def to_document(recipe: Described) -> dict[str, object]:
    """Return a recipe as a document that JSON can hold: the format, its name and all its values.

    Examples
    --------
    >>> to_document(Auto(horizon=1))["recipe"]
    'auto'
    """
    return {"statecast": FORMAT, "recipe": recipe.name, **asdict(recipe)}


def from_document(document: Mapping[str, object]) -> Described:
    """Return the recipe that a document describes; what it does not name is the recipe's default.

    Raises
    ------
    DataError
        If it is no such document, is of a later format, or names a recipe or a value that there is not.
    ParameterError
        If a value is out of its range.

    Examples
    --------
    >>> from_document({"statecast": 1, "recipe": "classic", "units": 8}) == Classic(units=8)
    True
    """
    if not isinstance(document, Mapping) or "statecast" not in document or "recipe" not in document:
        raise DataError(
            f'expected a recipe such as {{"statecast": {FORMAT}, "recipe": "auto", "units": 6}}, got something else.'
        )
    written, name = document["statecast"], document["recipe"]
    if isinstance(written, bool) or not isinstance(written, int) or written < 1:
        raise DataError(f'expected "statecast": {FORMAT}, the format of recipes, got {written!r}.')
    if written > FORMAT:
        raise DataError(f"expected a recipe of format {FORMAT} at most, got {written}. A newer Statecast can read it.")
    if not isinstance(name, str) or name not in KINDS:
        raise DataError(f"expected a recipe called {', '.join(KINDS)}, got {name!r}.")
    values = {key: value for key, value in document.items() if key not in ("statecast", "recipe")}
    known = [field.name for field in fields(KINDS[name])]
    if unknown := [key for key in values if key not in known]:
        raise DataError(f"the recipe {name} has no {unknown[0]!r}; it has {', '.join(known)}.")
    return KINDS[name](**values)  # type: ignore[arg-type]  # checked by the recipe itself


def save_recipe(recipe: Described, path: str | Path) -> None:
    """Write a recipe file, whole or not at all; ``load_recipe`` and ``--recipe FILE`` take it.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    text = json.dumps(to_document(recipe), indent=2) + "\n"
    write_whole(Path(path), lambda new: new.write_text(text, encoding="utf-8"))


def load_recipe(path: str | Path) -> Described:
    """Read a recipe file.

    Raises
    ------
    FileError
        If it cannot be read.
    DataError
        If it is damaged, of a later format, or names a recipe or a value that there is not.
    ParameterError
        If a value is out of its range.
    """
    try:
        document = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: expected a recipe in JSON, but the file is damaged ({_first_line(error)}).") from None
    try:
        return from_document(document)
    except InputError as error:
        raise type(error)(f"{path}: {error}") from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
