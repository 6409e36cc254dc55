"""Model files: a fitted recipe with all that it needs to go on, in one safe file."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import cast

from statecast.errors import DataError, StatecastError
from statecast.series._protocols import Fitted
from statecast.storage import HEAD, Tree, is_archive, read_archive, write_archive

FORMAT = 1
"""Of the model files written; those of a later one are refused."""


@dataclass(frozen=True)
class Saved:
    """A model file.

    Attributes
    ----------
    fitted : Fitted
    version : str
        Of the Statecast that wrote it.
    sha256 : str
        Of its contents, in hexadecimal digits: the same model has the same.
    """

    fitted: Fitted
    version: str
    sha256: str


def save(fitted: Fitted, path: str | Path) -> None:
    """Write a model file, whole or not at all: networks, transforms, states, intervals, and where every series stands.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    tree = Tree.of(fitted)
    document = {"statecast": FORMAT, "version": version("statecast"), "model": tree.document}
    write_archive(Path(path), Tree(document, tree.arrays))


def is_saved(path: str | Path) -> bool:
    """Say whether a file looks like a model file, by its first bytes and whatever its name; nothing more is read.

    Damaged ones, and safetensors files of others, look like one as well: reading them says what is wrong.
    """
    path = Path(path)
    try:
        if not path.is_file():  # a pipe would lose what is read
            return False
        with path.open("rb") as file:
            return is_archive(file.read(HEAD))
    except (OSError, ValueError):  # a path with a NUL is a ValueError
        return False


def read_saved(path: str | Path) -> Saved:
    """Read a model file; nothing in it runs. The kinds that it holds must have been imported.

    Raises
    ------
    FileError
        If it cannot be read.
    DataError
        If it is another file, damaged, or of a later format.
    """
    path = Path(path)
    archive = read_archive(path)
    try:
        by, document = _checked(archive.document)
        fitted = cast(Fitted, Tree(document, archive.arrays).value())
        _try(fitted)
    except DataError as error:
        raise DataError(f"{path}: expected a model that Statecast has saved, but {error}.") from None
    return Saved(fitted, by, archive.sha256)


def _checked(document: object) -> tuple[str, object]:
    if not isinstance(document, dict) or not {"statecast", "version", "model"} <= set(document):
        raise DataError("it holds something else")
    written, by = document["statecast"], document["version"]
    if isinstance(written, bool) or not isinstance(written, int) or written < 1 or not isinstance(by, str):
        raise DataError("it does not say its format")
    if written > FORMAT:
        raise DataError(
            f"its format is {written}, and this version reads up to {FORMAT}; a newer Statecast can read it"
        )
    return by, document["model"]


def _try(fitted: Fitted) -> None:
    """See that it forecasts: what was put together by hand may fit together in all but its shapes."""
    try:
        fitted.forecast(1)
    except StatecastError:  # such as known columns that are to be given
        return
    except Exception as error:
        raise DataError(f"it does not fit together ({error})") from None
