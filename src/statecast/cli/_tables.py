"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from statecast.tables import are_numbers

MOST_ROWS = 48


def console() -> Console:
    """Return standard output; as wide as it takes off a terminal, so that nothing is cut in a pipe."""
    out = Console(highlight=False, emoji=False, markup=False)
    return out if out.is_terminal else Console(highlight=False, emoji=False, markup=False, width=160)


def table(title: str | None, columns: Mapping[str, Sequence[str]], wrapped: str | None = None) -> RenderableType:
    """Return a table of columns by their headings; columns of numbers stand on the right, one column may be wrapped."""
    result = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, cells in columns.items():
        justify: Literal["left", "right"] = "right" if are_numbers(cells) else "left"
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


def _width(columns: Mapping[str, Sequence[str]]) -> int:
    """Return how wide a table of columns is: each with two blanks beside it and one between."""
    return sum(max(map(len, (heading, *cells))) + 3 for heading, cells in columns.items()) - 1
