"""The journal of a run: what it is, so that only the same run goes on with it."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import numpy as np

from statecast.distributed._pieces import Pieces
from statecast.errors import ParameterError
from statecast.network import build_info
from statecast.recipes import Auto, Classic, Counts, Shared, to_document
from statecast.series import Panel, Recipe

FORMAT = 1
"""Of the folders of unfinished runs."""

_LONG = 2000  # characters


def journal(pieces: Pieces, recipe: Recipe, asked: Mapping[str, object], resume: bool) -> dict[str, object]:
    """Return what a run is, as JSON holds it: all that its numbers depend on.

    Raises
    ------
    ParameterError
        If it is to be resumed, and nothing tells whether the input is still the same.
    """
    found = fingerprint(pieces.data)
    if resume and found is None:
        raise ParameterError(
            "--resume takes a file, a folder or a panel: nothing tells whether this input is the same."
        )
    return {
        "format": FORMAT,
        "version": version("statecast"),
        "instruction set": build_info().instruction_set,
        "input": found,
        "way of reading": asdict(pieces.roles),
        "pieces": [pieces.most_values, pieces.most_series],
        "recipe": _described(recipe),
        **asked,
    }


def _described(recipe: Recipe) -> object:
    """Return a recipe as a document where it has one; else what its repr says, as a hash where that is long.

    Recipes are frozen dataclasses, so the repr says everything, the numbers of trained networks as well.
    """
    if isinstance(recipe, (Auto, Classic, Counts, Shared)):
        return to_document(recipe)
    with np.printoptions(threshold=sys.maxsize, floatmode="unique"):
        text = repr(recipe)
    return text if len(text) < _LONG else hashlib.sha256(text.encode()).hexdigest()


def fingerprint(data: object) -> object:
    """Return what tells whether an input is the same: of files their names, sizes and times; of a panel a hash.

    None for standard input, frames and arrays.
    """
    if isinstance(data, Panel):
        return _hash(data)
    if not isinstance(data, (str, os.PathLike)) or os.fspath(data) == "-":
        return None
    path = Path(data).absolute()
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    known = [(file, file.stat()) for file in files if file.exists()]
    return [[str(file), stat.st_size, stat.st_mtime_ns] for file, stat in known]


def _hash(panel: Panel) -> str:
    covariates = panel.covariates
    beside = () if covariates is None else (covariates.past_values, covariates.known_values, covariates.static_values)
    filled = () if panel.filled is None or panel.carried is None else (panel.filled, panel.carried)
    total = hashlib.sha256(repr((panel.ids, panel.frequency, panel.columns)).encode())
    for array in (panel.values, panel.offsets, panel.times, *filled, *beside):
        total.update(np.ascontiguousarray(array).view(np.uint8).data)
    return total.hexdigest()
