"""The options, in groups. They mean the same in every command; None means: found out, or the recipe's own."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from statecast.checks import choice
from statecast.errors import ParameterError

if TYPE_CHECKING:
    from statecast.distributed import Pieces
    from statecast.recipes import Described
    from statecast.series import Panel, Roles

    Chosen = Described

RECIPES = ("auto", "classic", "counts", "shared")
_KINDS = ("recipe", "counts")  # options that choose a recipe


def option(name: str, text: str, panel: str, shown: str | None = None) -> object:
    return typer.Option(name, help=text, rich_help_panel=panel, show_default=shown if shown else False)


File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="CSV, TSV, Parquet or Excel file, plain or compressed; a folder of Parquet or CSV; - for standard input; "
        "in forecast, with --engine and a folder as --out, an address of Parquet, such as s3://bucket/sales; "
        "in forecast and info, a model that --save has written.",
    ),
]
Level = Annotated[
    str | None,
    option(
        "--level", "Levels of the intervals, in percent; none for no intervals.", "Result", "80,95; none in a backtest"
    ),
]
Paths = Annotated[
    int | None, option("--paths", "Add so many sample paths to --out: sums of steps have honest intervals.", "Result")
]
ReportFile = Annotated[
    Path | None, option("--report", "Write a report to FILE.html: one file, which works offline.", "Result")
]
Save = Annotated[Path | None, option("--save", "Write the model to a file, which forecast and info take.", "Result")]
Resume = Annotated[
    bool,
    typer.Option("--resume", help="Go on with a run to --out that was stopped.", rich_help_panel="Running"),
]
_DATA, _RECIPE, TEST, _RESULT, RUNNING = "Data", "Recipe", "Test", "Result", "Running"


@dataclass(frozen=True)
class DataOptions:
    """Which columns, and what they hold."""

    time: Annotated[str | None, option("--time", "Time column.", _DATA, "found out")] = None
    target: Annotated[str | None, option("--target", "Column to forecast; a,b for several.", _DATA, "found out")] = None
    id: Annotated[str | None, option("--id", "Column that tells series apart.", _DATA)] = None
    freq: Annotated[
        str | None, option("--freq", "Frequency, such as monthly, MS, W-SUN, 30min.", _DATA, "found out")
    ] = None
    season: Annotated[
        str | None, option("--season", "Steps in a season, 1 for none; 24,168 for several.", _DATA, "by frequency")
    ] = None
    sheet: Annotated[str | None, option("--sheet", "Sheet of an Excel workbook.", _DATA)] = None

    past: Annotated[str | None, option("--past", "Covariates known up to now: a,b.", _DATA)] = None
    known: Annotated[str | None, option("--known", "Covariates known into the future.", _DATA)] = None
    static: Annotated[str | None, option("--static", "Covariates that are constant for a series.", _DATA)] = None
    future: Annotated[
        str | None, option("--future", "File with the known covariates of the steps ahead.", _DATA, "rows of FILE")
    ] = None
    holidays: Annotated[
        str | None, option("--holidays", "Country whose holidays are known, such as DE or AU-VIC.", _DATA)
    ] = None
    calendar: Annotated[
        bool, typer.Option("--calendar", help="Terms of the calendar are known.", rich_help_panel=_DATA)
    ] = False

    wide: Annotated[
        bool, typer.Option("--wide", help="Every column of numbers is a series.", rich_help_panel=_DATA)
    ] = False
    time_zone: Annotated[
        str | None, option("--time-zone", "Of stamps that say none, such as Europe/Berlin.", _DATA)
    ] = None
    every: Annotated[str | None, option("--every", "Bring rows to periods: month, week, day, hour, 30min.", _DATA)] = (
        None
    )
    aggregate: Annotated[
        str | None, option("--aggregate", "Put rows of a period together: sum, mean or last.", _DATA, "sum")
    ] = None
    gaps: Annotated[
        str, option("--gaps", "Fill what is missing: linear, season, last, zero; or refuse.", _DATA, "linear")
    ] = "linear"
    decimal: Annotated[
        str | None, option("--decimal", "Decimal mark of numbers, a point or a comma.", _DATA, "found out")
    ] = None

    @property
    def roles(self) -> Roles:
        """As the reader takes them."""
        from statecast.series import Roles

        return Roles(
            target=self.target,
            time=self.time,
            id=self.id,
            freq=self.freq,
            season=_seasons(self.season),
            sheet=self.sheet,
            past=self.past,
            known=self.known,
            static=self.static,
            holidays=self.holidays,
            calendar=self.calendar,
            wide=self.wide,
            time_zone=self.time_zone,
            every=self.every,
            aggregate=self.aggregate,
            gaps=self.gaps,
            decimal=self.decimal,
        )

    def read(self, file: str) -> Panel:
        """Read the panel in a file, and what is known of the steps after it."""
        from statecast.series import to_panel

        return self.extend(to_panel(file, self.roles))

    def pieces(self, file: str) -> Pieces:
        """Look at the series in a file, to be read piece by piece; all at once where a file tells of the future."""
        from statecast.distributed import Pieces

        return Pieces(file, self.roles) if self.future is None else Pieces(self.read(file))

    def extend(self, panel: Panel) -> Panel:
        """Return a panel that knows what the file of the future tells, if there is one."""
        from statecast.series import with_future

        return panel if self.future is None else with_future(panel, self.future)


def _seasons(text: str | None) -> tuple[int, ...] | None:
    """Return the numbers in "24,168"."""
    try:
        return None if text is None else tuple(map(int, text.split(",")))
    except ValueError:
        raise ParameterError(f"--season must be a whole number, or several such as 24,168, got {text!r}.") from None


@dataclass(frozen=True)
class RecipeOptions:
    """The recipe and its numbers."""

    recipe: Annotated[
        str | None,
        option("--recipe", "How to forecast: auto, classic, counts, shared, or a recipe file.", _RECIPE, "auto"),
    ] = None
    counts: Annotated[bool, option("--counts", "Whole numbers from zero on: as --recipe counts.", _RECIPE)] = False
    horizon: Annotated[int | None, option("--horizon", "Steps ahead.", _RECIPE, "a season, or 6; 1 in a backtest")] = (
        None
    )
    units: Annotated[
        int | None, option("--units", "Units of the LSTM.", _RECIPE, "6, 16 or 32 by length, classic 4, shared 24")
    ] = None
    epochs: Annotated[
        int | None,
        option(
            "--epochs",
            "Passes over the training rows.",
            _RECIPE,
            "50, 30 or 20 by length, classic 3000, shared found out",
        ),
    ] = None
    layers: Annotated[int | None, option("--layers", "Shared: LSTM layers.", _RECIPE, "1")] = None
    lags: Annotated[
        int | None,
        option("--lags", "Classic, shared: values that go in at a step.", _RECIPE, "1, shared a season and one"),
    ] = None
    difference: Annotated[
        int | None, option("--difference", "Classic: lag of the difference; 0 for none.", _RECIPE, "1")
    ] = None
    fill: Annotated[
        str | None, option("--fill", "Classic: rows whose lags are unknown: zero or drop.", _RECIPE, "zero")
    ] = None
    bptt: Annotated[
        int | None, option("--bptt", "Classic: rows of a chunk of truncated backpropagation.", _RECIPE, "1")
    ] = None
    learning_rate: Annotated[
        float | None,
        option("--learning-rate", "Of Adam.", _RECIPE, "0.02, from 300 rows on 0.01, classic 0.001, shared 0.015"),
    ] = None
    trust: Annotated[
        float | None,
        option(
            "--trust",
            "Auto, counts, shared: share of the network in the forecast, 0 to 1.",
            _RECIPE,
            "0.5, 0.75 or 1 by length; shared found out",
        ),
    ] = None
    members: Annotated[
        int | None,
        option("--members", "Networks of an ensemble, averaged; their spread is shown.", _RECIPE, "5, classic 1"),
    ] = None
    seed: Annotated[int | None, option("--seed", "Of the first member; the next has one more.", _RECIPE, "1")] = None

    def build(self) -> Chosen:
        """Return the recipe; what is given beside a recipe file goes before what the file says.

        Raises
        ------
        FileError, DataError
            If the recipe file cannot be read or is wrong.
        ParameterError
            If its name is not known, a number is out of its range, or an option is of another recipe.
        """
        name = self.recipe or ("counts" if self.counts else "auto")
        if self.counts and name != "counts":
            raise ParameterError(f"--counts is the recipe counts: expected no other with --recipe, got {name}.")
        base = named(name)
        known = {field.name for field in fields(base)}
        given = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in _KINDS}
        given = {name: value for name, value in given.items() if value is not None}
        if other := sorted(given.keys() - known):
            unknown = "--" + other[0].replace("_", "-")
            raise ParameterError(f"{unknown} is no option of the recipe {base.name}. Choose another with --recipe.")
        return replace(base, **given)


def named(recipe: str) -> Chosen:
    """Return the recipe of this name, or that in the file of this name."""
    from statecast.recipes import KINDS, load_recipe

    if recipe in RECIPES:
        return KINDS[recipe]()
    if not (recipe.endswith(".json") or "/" in recipe or os.sep in recipe or Path(recipe).is_file()):
        choice("--recipe", recipe, (*RECIPES, "FILE.json"))
    return load_recipe(recipe)


@dataclass(frozen=True)
class ResultOptions:
    """Where the result goes."""

    out: Annotated[Path | None, option("--out", "Write the forecasts to FILE.csv, .parquet or .json.", _RESULT)] = None
    plot: Annotated[Path | None, option("--plot", "Draw them to FILE.png, .svg or .pdf.", _RESULT)] = None
    json: Annotated[bool, option("--json", "Print one JSON document and nothing else.", _RESULT)] = False
    quiet: Annotated[bool, option("--quiet", "Print nothing but errors.", _RESULT)] = False

    @property
    def is_table(self) -> bool:
        """Whether the forecasts go to a table."""
        return self.out is not None and self.out.suffix.lower() != ".json"


@dataclass(frozen=True)
class RunningOptions:
    """On what it runs."""

    threads: Annotated[
        int | None, option("--threads", "Networks are trained on so many; changes no number.", RUNNING, "all cores")
    ] = None

    @property
    def count(self) -> int:
        """The number of threads."""
        from statecast.checks import MAX_THREADS, cores, whole_number

        return cores() if self.threads is None else whole_number("--threads", self.threads, 1, MAX_THREADS)


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
