"""Writing results: tables, documents and pictures, each whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from statecast.errors import FileError, ParameterError
from statecast.storage import check_writable, write_whole

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from statecast.cli._options import ResultOptions
    from statecast.pictures import Drawable

TABLES = (".csv", ".parquet", ".json")
PICTURES = (".png", ".svg", ".pdf")


def check_forms(result: ResultOptions) -> None:
    """Refuse two forms of what is printed."""
    if result.json and result.quiet:
        raise ParameterError("--json and --quiet: expected one of them, got both.")


def check_results(result: ResultOptions) -> None:
    """Refuse endings and folders that cannot be written to, before any work is done."""
    check_forms(result)
    for option, path, endings in (("--out", result.out, TABLES), ("--plot", result.plot, PICTURES)):
        if path is None:
            continue
        if path.suffix.lower() not in endings:
            raise FileError(f"{option} {path}: expected a name that ends in {', '.join(endings)}.")
        check_writable(path)


@dataclass(frozen=True)
class Delivery:
    """A result in all its forms; those that are not asked for are not made.

    Attributes
    ----------
    document : mapping
        For ``--json`` and ``--out FILE.json``.
    frame : callable
        Gives the table for ``--out FILE.csv`` and ``.parquet``.
    charts : callable
        Gives the charts for ``--plot``.
    show : callable
        Prints it to the terminal.
    """

    document: Mapping[str, object]
    frame: Callable[[], pd.DataFrame]
    charts: Callable[[], Sequence[Drawable]]
    show: Callable[[Console], None]


def deliver(delivery: Delivery, result: ResultOptions) -> None:
    """Write and print a result in the forms that are asked for."""
    if result.out:
        _write_table(result.out, delivery)
    if result.plot:
        from statecast.pictures import draw

        charts = delivery.charts()
        write_whole(result.plot, lambda new: draw(new, charts))

    def show(out: Console) -> None:
        delivery.show(out)
        for what, path in (("Table", result.out), ("Picture", result.plot)):
            if path:
                out.print(f"{what} written to {path}.")

    say(delivery.document, show, result)


def say(document: Mapping[str, object], show: Callable[[Console], None], result: ResultOptions) -> None:
    """Print a document, or show it to a reader, or neither."""
    if result.json:
        print(_to_json(document))
    elif not result.quiet:
        from statecast.cli._tables import console

        show(console())


def _write_table(path: Path, delivery: Delivery) -> None:
    writers: dict[str, Callable[[Path], object]] = {
        ".csv": lambda new: delivery.frame().to_csv(new, index=False),
        ".parquet": lambda new: delivery.frame().to_parquet(new, index=False),
        ".json": lambda new: new.write_text(_to_json(delivery.document) + "\n", encoding="utf-8"),
    }
    write_whole(path, writers[path.suffix.lower()])


def _to_json(document: Mapping[str, object]) -> str:
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
