"""Tables for the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from itertools import islice
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from statecast.series import Backtest, Forecast, Recipe

MOST_ROWS = 48


def console() -> Console:
    """Return standard output; as wide as it takes off a terminal, so that nothing is cut in a pipe."""
    out = Console(highlight=False, emoji=False, markup=False)
    return out if out.is_terminal else Console(highlight=False, emoji=False, markup=False, width=160)


def table(title: str | None, columns: Mapping[str, Sequence[str]], wrapped: str | None = None) -> RenderableType:
    """Return a table of columns by their headings; columns of numbers stand on the right, one column may be wrapped."""
    result = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, cells in columns.items():
        justify: Literal["left", "right"] = "right" if _are_numbers(cells) else "left"
        result.add_column(heading, justify=justify, no_wrap=heading != wrapped)
    for row in zip(*columns.values(), strict=True):
        result.add_row(*row)
    return Group(Text(title, style="bold"), result) if title else result  # a title of its own would be cut to its width


def shortened(title: str, columns: Mapping[str, Sequence[str]], width: int, of: int | None = None) -> RenderableType:
    """Return a table of the first rows, without the widest intervals where it is wider than that, and say so.

    Where the columns are themselves the first rows alone, there are ``of`` rows.
    """
    shown = dict(columns)
    while _width(shown) > width and next(reversed(shown)).startswith("hi-"):
        shown.popitem()
        shown.popitem()
    count = len(next(iter(columns.values()))) if of is None else of
    notes = []
    if count > MOST_ROWS:
        notes.append(f"The first {MOST_ROWS} of {count:,} rows; --out FILE writes them all.")
    if len(shown) < len(columns):
        notes.append("Not all intervals fit in the terminal; --out FILE writes them all.")
    first = table(title, {heading: cells[:MOST_ROWS] for heading, cells in shown.items()})
    return Group(first, *notes, "") if notes else first


def forecast_table(title: str, ahead: Forecast, time: str | None, width: int, of: int | None = None) -> RenderableType:
    """Return the table of a forecast, whose time column has this name; it may be the first of so many rows."""
    from statecast.cli._documents import forecast_rows

    rows = forecast_rows(ahead)
    columns = {
        **({"series": [str(row["unique_id"]) for row in rows]} if len(ahead.ids) > 1 else {}),
        time or "step": moments(str(row["ds"]) for row in rows),
        **alike({"forecast": ahead.mean, **ahead.bounds}),
    }
    return shortened(title, columns, width, of)


def _width(columns: Mapping[str, Sequence[str]]) -> int:
    """Return how wide a table of columns is: each with two blanks beside it and one between."""
    return sum(max(map(len, (heading, *cells))) + 3 for heading, cells in columns.items()) - 1


def _are_numbers(cells: Sequence[str]) -> bool:
    return all((cell[:1] + cell[-1:]).strip("-.").isdigit() or cell in ("-", "", "nan") for cell in cells) and not any(
        ":" in cell or cell.count("-") > 1 for cell in cells
    )


def scores_table(result: Backtest, recipe: str, combination: bool = False) -> RenderableType:
    """Errors of the recipe and of every baseline, and its skill over each; those of the combination if asked for."""
    from statecast.metrics import Scores, skill

    others = {name.replace("_", " "): scores for name, scores in result.baselines.items()}
    if combination:
        others = {"combination": result.combination.scores} | others
    named = {f"LSTM ({recipe})": result.scores} | others
    columns = [figures([getattr(scores, f.name) for scores in named.values()]) for f in fields(Scores)]
    skills = ["", *(f"{skill(result.scores.rmse, scores.rmse):.2f}" for scores in others.values())]
    steps = result.y.shape[1] * result.horizon
    many = f" a series, mean of {len(result.ids):,} series" if len(result.ids) > 1 else ""
    headings = dict(zip(("RMSE", "MAE", "sMAPE %", "MASE"), columns, strict=True))
    return table(f"Errors over {steps:,} forecasts{many}", {"": list(named), **headings, "skill over it": skills})


def figure(value: float) -> str:
    """Return a number with about four significant digits."""
    return figures([value])[0]


def figures(values: Iterable[float]) -> list[str]:
    """Return numbers of one column with equal decimals: about four significant digits of the largest, none if whole."""
    values = list(values)
    finite = [abs(v) for v in values if math.isfinite(v)]
    largest = max(finite, default=0.0)
    if largest >= 1e15 or 0 < largest < 1e-4:
        return [f"{v:.4g}" if math.isfinite(v) else "-" for v in values]
    whole_digits = len(f"{largest:.0f}") if largest >= 1 else 0 if largest == 0 else math.floor(math.log10(largest)) + 1
    decimals = max(0, 4 - whole_digits) if any(v % 1 for v in finite) else 0
    return [f"{v:,.{decimals}f}" if math.isfinite(v) else "-" for v in values]


def said(recipe: Recipe) -> str:
    """Return what makes a forecast, as it stands in a sentence."""
    from statecast.evaluation import spoken
    from statecast.recipes import KINDS, Combination

    if isinstance(recipe, Combination):
        *first, last = map(said, recipe.recipes)
        average = "average" if recipe.weights == "equal" else "weighted average"
        return f"the {average} of {', '.join(first)} and {last}"
    return "the network" if isinstance(recipe, tuple(KINDS.values())) else spoken(recipe.name)


def coverage_line(result: Backtest) -> str:
    """Say how many observations were within the intervals, beside what these promise."""
    seen = [f"{share:.0f} % where {level:g} % are promised" for level, share in result.coverage.items()]
    return f"Observations within the intervals: {', '.join(seen)}."


def moments(stamps: Iterable[str]) -> list[str]:
    """Return time stamps of one column alike: midnight is 00:00 among hours; seconds only where there are any.

    Examples
    --------
    >>> moments(["2024-01-31 23:00:00", "2024-02-01"]), moments(["2024-02-01"])
    (['2024-01-31 23:00', '2024-02-01 00:00'], ['2024-02-01'])
    """
    cells = list(stamps)
    if not any(":" in cell for cell in cells):
        return cells
    whole = [cell if ":" in cell else f"{cell} 00:00:00" for cell in cells]
    return [cell.removesuffix(":00") for cell in whole] if all(cell.endswith(":00") for cell in whole) else whole


def alike(columns: Mapping[str, NDArray[np.float64]]) -> dict[str, list[str]]:
    """Return columns of numbers of one kind, with equal decimals."""
    cells = iter(figures(float(value) for column in columns.values() for value in column.ravel()))
    return {heading: list(islice(cells, column.size)) for heading, column in columns.items()}


def members_line(result: Backtest) -> str:
    """Say how the members of an ensemble differ, so that nobody is fooled by a lucky seed."""
    if len(result.member_scores) < 2:
        return "This is one seed, which may be lucky or unlucky: --members 30 shows the spread."
    from statecast.evaluation import Spread

    spread = Spread.of([member.scores for member in result.member_scores])
    best = min(scores.rmse for scores in result.baselines.values())
    better = sum(member.scores.rmse < best for member in result.member_scores)
    mean, sd, low, high, average = figures([spread.mean, spread.sd, spread.best, spread.worst, result.scores.rmse])
    return (
        f"One member alone has RMSE {mean} on average over {len(result.member_scores)} seeds, "
        f"sd {sd}, best {low}, worst {high}; "
        f"{better} of them have less than the best baseline. Their average forecast has {average}."
    )
