"""Writing results: tables, documents, pictures and reports, each whole or not at all."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from statecast.errors import FileError, ParameterError
from statecast.storage import check_writable, write_whole

if TYPE_CHECKING:
    import pandas as pd
    import typer
    from matplotlib.figure import Figure
    from rich.console import Console

    from statecast.cli._options import ResultOptions
    from statecast.report import Report

TABLES = (".csv", ".parquet", ".json")
PICTURES = (".png", ".svg", ".pdf")
REPORTS = (".html", ".htm")


def check_forms(result: ResultOptions) -> None:
    """Refuse two forms of what is printed."""
    if result.json and result.quiet:
        raise ParameterError("--json and --quiet: expected one of them, got both.")


def check_results(result: ResultOptions, report: Path | None = None) -> None:
    """Refuse endings and folders that cannot be written to, before any work is done."""
    check_forms(result)
    for option, path, endings in (
        ("--out", result.out, TABLES),
        ("--plot", result.plot, PICTURES),
        ("--report", report, REPORTS),
    ):
        if path is None:
            continue
        if path.suffix.lower() not in endings:
            raise FileError(f"{option} {path}: expected a name that ends in {', '.join(endings)}.")
        check_writable(path)


def typed(context: typer.Context) -> str:
    """Return the command line, without the address of a cluster, which may hold a password."""
    words = list(context.obj)
    for place, word in enumerate(words):
        if word.startswith("--address="):
            words[place] = "--address=..."
        elif word == "--address" and place + 1 < len(words):
            words[place + 1] = "..."
    return shlex.join(["statecast", *words])


@dataclass(frozen=True)
class Delivery:
    """A result in all its forms; those that are not asked for are not made.

    Attributes
    ----------
    document : mapping
        For ``--json`` and ``--out FILE.json``.
    frame : callable
        Gives the table for ``--out FILE.csv`` and ``.parquet``.
    figure : callable
        Draws the picture for ``--plot``; None where there is none.
    show : callable
        Prints it to the terminal.
    report : callable
        Gives what ``--report`` writes, where there is that option.
    """

    document: Mapping[str, object]
    frame: Callable[[], pd.DataFrame]
    figure: Callable[[], Figure] | None
    show: Callable[[Console], None]
    report: Callable[[], Report] | None = None


def deliver(delivery: Delivery, result: ResultOptions, report: Path | None = None) -> None:
    """Write and print a result in the forms that are asked for."""
    if result.out:
        _write_table(result.out, delivery)
    if result.plot and delivery.figure:
        figure = delivery.figure()
        write_whole(result.plot, lambda new: figure.savefig(new, dpi="figure"))
    if report and delivery.report:
        delivery.report().write(report)

    def show(out: Console) -> None:
        delivery.show(out)
        for what, path in (("Table", result.out), ("Picture", result.plot), ("Report", report)):
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
