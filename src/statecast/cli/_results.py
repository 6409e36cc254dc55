"""Writing results: tables, documents and pictures, each whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from statecast.errors import FileError, ParameterError
from statecast.storage import check_writable, write_whole

if TYPE_CHECKING:
    import pandas as pd

    from statecast.cli._options import ResultOptions

TABLES = (".csv", ".parquet", ".json")
PICTURES = (".png", ".svg", ".pdf")


def check_results(result: ResultOptions) -> None:
    """Refuse endings and folders that cannot be written to, before any work is done."""
    if result.json and result.quiet:
        raise ParameterError("--json and --quiet: expected one of them, got both.")
    for option, path, endings in (("--out", result.out, TABLES), ("--plot", result.plot, PICTURES)):
        if path is None:
            continue
        if path.suffix.lower() not in endings:
            raise FileError(f"{option} {path}: expected a name that ends in {', '.join(endings)}.")
        check_writable(path)


def write_table(path: Path, frame: pd.DataFrame, document: Mapping[str, object]) -> None:
    """Write the rows of a result as CSV or Parquet, or its document as JSON."""
    writers: dict[str, Callable[[Path], object]] = {
        ".csv": lambda new: frame.to_csv(new, index=False),
        ".parquet": lambda new: frame.to_parquet(new, index=False),
        ".json": lambda new: new.write_text(to_json(document) + "\n", encoding="utf-8"),
    }
    write_whole(path, writers[path.suffix.lower()])


def to_json(document: Mapping[str, object]) -> str:
    """Return a document as strict JSON: numbers that are not finite are null."""
    return json.dumps(_strict(document), indent=2, ensure_ascii=False, allow_nan=False)


def _strict(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _strict(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_strict(item) for item in value]
    if isinstance(value, float) and value - value != 0:  # NaN or infinite
        return None
    return value
