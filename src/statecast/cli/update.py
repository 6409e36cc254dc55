"""statecast update: carry a saved model over new rows, and say which of them are unusual."""

from __future__ import annotations

import warnings
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from statecast.cli._options import File, ResultOptions, option

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from statecast.intervals import Scored
    from statecast.series import Fitted, Forecast

MOST_SHOWN = 12  # rows that are all shown; of more, only the unusual ones

Model = Annotated[str, typer.Argument(metavar="MODEL", help="A model file, as fitted.save or --save writes it.")]


@dataclass(frozen=True, eq=False)
class Updated:
    """A model that has taken new rows in.

    Attributes
    ----------
    fitted : Fitted
        After them; as it was where nothing was new.
    scored : Scored or None
        The rows; None where nothing was new.
    passed : int
        Rows that were seen already, with the same value or another.
    ahead : Forecast or None
        What comes next.
    refused : str
        Why there is no forecast.
    changed : bool
        Whether the model is another than before: where nothing was taken in, more rows may wait.
    """

    fitted: Fitted
    scored: Scored | None
    passed: int
    ahead: Forecast | None
    refused: str
    changed: bool

    @property
    def waiting(self) -> int:
        """How many rows wait until their period is over."""
        return 0 if self.fitted.origin.partial is None else len(self.fitted.origin.partial)

    @property
    def revised(self) -> int:
        """How many rows were seen before with another value."""
        found = self.fitted.watch.track.revisions if self.changed else None
        return 0 if found is None else len(found)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Every row beside its forecast."""
        from statecast.tables import stamp

        if self.scored is None:
            return []
        table = self.scored.to_frame()
        stamps = [stamp(time, self.scored.time_zone) for time in self.scored.times.ravel()]
        return [dict(zip(table.columns, row, strict=True)) for row in table.assign(ds=stamps).itertuples(False)]

    @property
    def observed(self) -> int:
        """How many rows there were; steps without one are not among them."""
        return sum(row["y"] == row["y"] for row in self.rows)

    @property
    def unusual(self) -> int:
        """How many are outside of their interval."""
        return sum(row["unusual"] for row in self.rows)

    def table(self) -> pd.DataFrame:
        """Return the table of the forecast."""
        assert self.ahead is not None  # a table of none is refused
        return self.ahead.to_frame()


def update(
    model: Model,
    file: File,
    save: Annotated[Path | None, option("--save", "Write the updated model there.", "Result", "MODEL")] = None,
    level: Annotated[
        str, option("--level", "Rows outside of this interval, in percent, are unusual.", "Result", "99")
    ] = "99",
    missing: Annotated[
        str, option("--missing", "Steps without a row: error; or forecast, which takes it in.", "Data", "error")
    ] = "error",
    revisions: Annotated[
        str, option("--revisions", "Rows seen before with another value: report; or refuse.", "Data", "report")
    ] = "report",
    horizon: Annotated[int | None, option("--horizon", "Steps ahead.", "Result", "as fitted")] = None,
    out: Annotated[Path | None, option("--out", "Write the forecast to FILE.csv, .parquet or .json.", "Result")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.", rich_help_panel="Result")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.", rich_help_panel="Result")] = False,
) -> None:
    """Take the new rows of FILE into MODEL, which is replaced; nothing is trained.

    Rows that MODEL has seen are passed over; those with another value now are told, and taken in where it can be.
    """
    from statecast.checks import choice
    from statecast.cli._options import levels_of
    from statecast.cli._results import Delivery, check_results, deliver
    from statecast.errors import ParameterError
    from statecast.recipes import load
    from statecast.series import MISSING, REVISIONS
    from statecast.storage import check_writable

    result = ResultOptions(out=out, json=json, quiet=quiet)
    check_results(result)
    levels = levels_of(level, "99")
    if len(levels) != 1:
        raise ParameterError(f"--level: expected one, such as 99, got {level!r}.")
    choice("--missing", missing, MISSING)
    choice("--revisions", revisions, REVISIONS)
    check_writable(target := save or Path(model))
    done = _take_in(load(model), file, levels[0], (missing, revisions), horizon)
    if done.ahead is None and out is not None:
        raise ParameterError(f"--out {out}: there is no forecast to write. {done.refused}")
    if written := done.changed or save is not None:
        done.fitted.save(target)
    end = f"Model written to {target}." if written else f"{target} is as it was."
    document = _document(done, target)
    deliver(Delivery(document, done.table, None, lambda console: _show(console, done, file, end)), result)


def _take_in(fitted: Fitted, file: str, level: float, rules: tuple[str, str], horizon: int | None) -> Updated:
    """Update with the rules for missing and revised rows, and forecast."""
    from statecast.errors import DataError, NothingNewError, RevisionWarning

    scored, passed, ahead, refused, before = None, 0, None, "", fitted
    missing, revisions = rules
    with suppress(NothingNewError), warnings.catch_warnings():
        warnings.simplefilter("ignore", RevisionWarning)  # the result names them
        fitted = fitted.update(file, missing=missing, revisions=revisions)
        passed = fitted.watch.track.passed
        scored = fitted.watch.rows(level) if fitted.watch.track.latest else None
    try:
        ahead = fitted.forecast(horizon, level)
    except DataError as error:  # known columns are not known so far ahead
        refused = f"The forecast is left out: {error}"
    return Updated(fitted, scored, passed, ahead, refused, changed=fitted is not before)


def _document(done: Updated, target: Path) -> dict[str, object]:
    from importlib.metadata import version

    from statecast.cli._documents import forecast_rows
    from statecast.cli._revisions import revisions_document
    from statecast.intervals import UNTRACKED

    track = done.fitted.watch.track if done.changed else UNTRACKED
    origin, rows = done.fitted.origin, done.rows
    return {
        "version": version("statecast"),
        "command": "update",
        "model": str(target),
        "frequency": origin.frequency.alias,
        "series": len(origin.ids),
        "taken": done.observed,
        "missing": len(rows) - done.observed,
        "passed": done.passed - done.revised,
        "revisions": revisions_document(track, origin),
        "waiting": done.waiting,
        "unusual": done.unusual,
        "rows": rows,
        "forecast": [] if done.ahead is None else forecast_rows(done.ahead),
    }


def _show(out: Console, done: Updated, file: str, end: str) -> None:
    from statecast.cli._tables import shortened
    from statecast.tables import forecast_table, stamp

    origin = done.fitted.origin
    if done.scored is None:
        what = "makes a whole period" if done.changed and done.waiting else "is new"
        out.print(f"Nothing in {file} {what}: the last observation is of {stamp(origin.last.max(), origin.time_zone)}.")
        out.print(*_seen(done), sep="\n", end="\n" if _seen(done) else "")
        out.print(*_waiting(done), sep="\n", end="\n" if done.waiting else "")
    else:
        for line in _sentences(done, file):
            out.print(line)
        if columns := _row_columns(done):
            title = "Rows taken in" if len(done.rows) <= MOST_SHOWN else "Unusual rows"
            out.print(shortened(title, columns, out.width))
    if done.ahead is None:
        out.print(done.refused)
    else:
        out.print(shortened(*forecast_table(done.ahead, origin.columns, many=len(origin.ids) > 1), out.width))
    out.print(end)


def _sentences(done: Updated, file: str) -> list[str]:
    """Say what was taken in, passed over, missing and unusual."""
    assert done.scored is not None
    series, rows = len(done.scored.ids), len(done.rows)
    of = f" of {series:,} series" if series > 1 else ""
    said = [f"Took {_count(done.observed, 'row')}{of} in from {file}, after forecasting each."]
    said += _seen(done)
    if missing := rows - done.observed:
        said.append(f"{_count(missing, 'step')} without a row: forecast instead, and not watched.")
    if done.unusual:
        said.append(f"{_count(done.unusual, 'row')} outside of the {done.scored.level:g} % interval: unusual.")
    else:
        said.append(f"None is outside of its {done.scored.level:g} % interval.")
    return said + _waiting(done)


def _seen(done: Updated) -> list[str]:
    """Say which rows had been seen, and which of them have another value."""
    from statecast.cli._revisions import revisions_lines

    if not done.changed:
        return []
    equal = done.passed - done.revised
    said = [f"{_count(equal, 'row')} of it had been seen: passed over."] if equal else []
    return said + revisions_lines(done.fitted.watch.track, done.fitted.origin)


def _waiting(done: Updated) -> list[str]:
    """Say which rows wait for those that complete their period."""
    from statecast.tables import stamp

    partial = done.fitted.origin.partial
    if partial is None or not done.waiting:
        return []
    zone = done.fitted.origin.time_zone
    first, last = stamp(partial.times.min(), zone), stamp(partial.seen[0], zone)
    verb = "waits" if done.waiting == 1 else "wait"
    return [f"{_count(done.waiting, 'row')} from {first} to {last} {verb} for the rest of the period."]


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _row_columns(done: Updated) -> dict[str, list[str]]:
    """Return the rows as columns of text: all if they are few, else the unusual ones."""
    import numpy as np

    from statecast.tables import alike, moments

    rows = [row for row in done.rows if len(done.rows) <= MOST_SHOWN or row["unusual"]]
    if not rows:
        return {}
    named = {"y": "observed", "mean": "forecast"}
    numbers = [name for name in rows[0] if name not in ("unique_id", "ds", "score", "unusual")]
    series = {"series": [str(row["unique_id"]) for row in rows]} if len(done.fitted.origin.ids) > 1 else {}
    return {
        **series,
        done.fitted.origin.columns.time or "step": moments(str(row["ds"]) for row in rows),
        **alike({named.get(name, name): np.array([row[name] for row in rows]) for name in numbers}),
        "score": [f"{row['score']:.2f}" if row["y"] == row["y"] else "-" for row in rows],
        **({"": ["unusual" if row["unusual"] else "" for row in rows]} if done.unusual else {}),
    }
