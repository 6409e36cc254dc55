"""The options, in groups. They mean the same in every command; None means: found out, or the recipe's own."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from statecast.checks import choice
from statecast.errors import ParameterError

if TYPE_CHECKING:
    from statecast.recipes import Auto, Classic, Counts
    from statecast.series import Roles

    Chosen = Auto | Classic | Counts

RECIPES = ("auto", "classic", "counts")


def _option(name: str, text: str, panel: str, shown: str | None = None) -> object:
    return typer.Option(name, help=text, rich_help_panel=panel, show_default=shown if shown else False)


File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="CSV, TSV, Parquet or Excel file, plain or compressed; a folder of Parquet files; - for standard input.",
    ),
]
Level = Annotated[
    str | None,
    _option(
        "--level", "Levels of the intervals, in percent; none for no intervals.", "Result", "80,95; none in a backtest"
    ),
]
Paths = Annotated[
    int | None, _option("--paths", "Add so many sample paths to --out: sums of steps have honest intervals.", "Result")
]
Test = Annotated[int | None, _option("--test", "Rows held out at the end of every series.", "Test", "one season, or 6")]

_DATA, _RECIPE, _RESULT, _RUNNING = "Data", "Recipe", "Result", "Running"


@dataclass(frozen=True)
class DataOptions:
    """Which columns, and what they hold."""

    time: Annotated[str | None, _option("--time", "Time column.", _DATA, "found out")] = None
    target: Annotated[str | None, _option("--target", "Column to forecast.", _DATA, "found out")] = None
    id: Annotated[str | None, _option("--id", "Column that tells series apart.", _DATA)] = None
    freq: Annotated[
        str | None, _option("--freq", "Frequency, such as monthly, MS, W-SUN, 30min.", _DATA, "found out")
    ] = None
    season: Annotated[int | None, _option("--season", "Steps in a season; 1 for none.", _DATA, "by frequency")] = None
    sheet: Annotated[str | None, _option("--sheet", "Sheet of an Excel workbook.", _DATA)] = None

    @property
    def roles(self) -> Roles:
        """As the reader takes them."""
        from statecast.series import Roles

        return Roles(self.target, self.time, self.id, self.freq, self.season, self.sheet)


@dataclass(frozen=True)
class RecipeOptions:
    """The recipe and its numbers."""

    recipe: Annotated[str | None, _option("--recipe", "How to forecast: auto, classic or counts.", _RECIPE, "auto")] = (
        None
    )
    counts: Annotated[bool, _option("--counts", "Whole numbers from zero on: as --recipe counts.", _RECIPE)] = False
    horizon: Annotated[int | None, _option("--horizon", "Steps ahead.", _RECIPE, "a season, or 6; 1 in a backtest")] = (
        None
    )
    units: Annotated[int | None, _option("--units", "Units of the LSTM.", _RECIPE, "6, classic 4")] = None
    epochs: Annotated[
        int | None, _option("--epochs", "Passes over the training rows.", _RECIPE, "50, classic 3000")
    ] = None
    lags: Annotated[int | None, _option("--lags", "Classic: earlier values that go in at a step.", _RECIPE, "1")] = None
    difference: Annotated[
        int | None, _option("--difference", "Classic: lag of the difference; 0 for none.", _RECIPE, "1")
    ] = None
    fill: Annotated[
        str | None, _option("--fill", "Classic: rows whose lags are unknown: zero or drop.", _RECIPE, "zero")
    ] = None
    bptt: Annotated[
        int | None, _option("--bptt", "Classic: rows of a chunk of truncated backpropagation.", _RECIPE, "1")
    ] = None
    learning_rate: Annotated[float | None, _option("--learning-rate", "Of Adam.", _RECIPE, "0.02, classic 0.001")] = (
        None
    )
    trust: Annotated[
        float | None, _option("--trust", "Auto, counts: share of the network in the forecast, 0 to 1.", _RECIPE, "0.5")
    ] = None
    members: Annotated[
        int | None,
        _option("--members", "Networks of an ensemble, averaged; their spread is shown.", _RECIPE, "5, classic 1"),
    ] = None
    seed: Annotated[int | None, _option("--seed", "Of the first member; the next has one more.", _RECIPE, "1")] = None

    def build(self) -> Chosen:
        """Return the recipe.

        Raises
        ------
        ParameterError
            If its name is not known, a number is out of its range, or an option is of another recipe.
        """
        name = choice("--recipe", self.recipe or ("counts" if self.counts else "auto"), RECIPES)
        if self.counts and name != "counts":
            raise ParameterError(f"--counts is the recipe counts: expected no other with --recipe, got {name}.")
        from statecast.recipes import Auto, Classic, Counts

        kinds: dict[str, type[Chosen]] = {"auto": Auto, "classic": Classic, "counts": Counts}
        known = {field.name for field in fields(kinds[name])}
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("recipe", "counts")}
        given = {name: value for name, value in given.items() if value is not None}
        if other := sorted(given.keys() - known):
            option = "--" + other[0].replace("_", "-")
            raise ParameterError(f"{option} is no option of the recipe {name}. Choose another with --recipe.")
        return kinds[name](**given)


@dataclass(frozen=True)
class ResultOptions:
    """Where the result goes."""

    out: Annotated[Path | None, _option("--out", "Write the forecasts to FILE.csv, .parquet or .json.", _RESULT)] = None
    plot: Annotated[Path | None, _option("--plot", "Draw them to FILE.png, .svg or .pdf.", _RESULT)] = None
    json: Annotated[bool, _option("--json", "Print one JSON document and nothing else.", _RESULT)] = False
    quiet: Annotated[bool, _option("--quiet", "Print nothing but errors.", _RESULT)] = False


@dataclass(frozen=True)
class RunningOptions:
    """On what it runs."""

    threads: Annotated[
        int | None, _option("--threads", "Networks are trained on so many; changes no number.", _RUNNING, "all cores")
    ] = None

    @property
    def count(self) -> int:
        """The number of threads."""
        import os

        from statecast.checks import MAX_THREADS, whole_number

        available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return available if self.threads is None else whole_number("--threads", self.threads, 1, MAX_THREADS)


def levels_of(level: str | None, default: str) -> tuple[float, ...]:
    """Return the levels of the intervals, those of the command where none are given.

    Raises
    ------
    ParameterError
        If one is no number from 1 to 99.9.
    """
    from statecast.intervals import in_percent

    given = default if level is None else level.strip()
    if given == "none":
        return ()
    try:
        return in_percent([float(one) for one in given.split(",")])
    except ValueError as error:
        raise ParameterError(
            f"--level: expected numbers from 1 to 99.9 with commas between, such as 80,95, or none, got {given!r}."
        ) from error
