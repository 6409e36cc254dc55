"""Table: named columns as a file or frame holds them, before anyone knows which is which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import numpy as np

from statecast.errors import DataError
from statecast.series._cells import BadCellError, is_missing, to_array, zone_offsets
from statecast.series._dates import date_format
from statecast.series._numbers import is_number

FRAME = "the frame"
ARRAY = "the array"
STDIN = "<standard input>"
_SAMPLE = 200


@dataclass(frozen=True)
class Table:
    """Named columns of cells.

    Attributes
    ----------
    source : str
        Where it comes from, as the user called it.
    names : tuple of str
        Names of the columns.
    columns : tuple
        The raw columns: arrays, lists of cells, or Narwhals series.
    rows : int64 array
        Number of each row as the user sees it: a file's header is row 1, frames and arrays count from 0.
    manner : str
        How it is written, such as "comma-separated" or "Parquet".
    notes : tuple of str
        What there is to say about it, a sentence each.
    aside : frozenset of str
        Columns that are no target unless named: the header cell is blank, or they are names of folders.
    """

    source: str
    names: tuple[str, ...]
    columns: tuple[Any, ...]
    rows: np.ndarray
    manner: str = ""
    notes: tuple[str, ...] = ()
    aside: frozenset[str] = frozenset()

    def cells(self, name: str) -> np.ndarray:
        """Return a column as an array of numbers, time stamps or text."""
        return self._array(name, len(self.rows))

    def sample(self, name: str) -> np.ndarray:
        """Return the first cells of a column, enough to see what it holds."""
        return self._array(name, _SAMPLE)

    def zone_offsets(self, name: str) -> np.ndarray | None:
        """Return how far a column of time stamps is ahead of UTC; None where it has no time zone."""
        return zone_offsets(self.columns[self.names.index(name)])

    def zone(self, name: str | None) -> str | None:
        """Return the time zone that a frame declares for a column of time stamps; None without, or a mere offset."""
        if name is None:
            return None
        zone = getattr(getattr(self.columns[self.names.index(name)], "dtype", None), "time_zone", None)
        return zone if zone is not None and "/" in zone else None

    def is_category(self, name: str) -> bool:
        """Say whether a frame declares a column as a category, whatever its values are."""
        dtype = getattr(self.columns[self.names.index(name)], "dtype", None)
        return type(dtype).__name__ in ("Categorical", "Enum")  # Narwhals' names

    def _array(self, name: str, length: int) -> np.ndarray:
        raw = self.columns[self.names.index(name)]
        return to_array(raw[:length] if length < len(self.rows) else raw)

    def place(self, name: str, index: int, series: str | None = None) -> str:
        """Return the beginning of a message about a cell."""
        return place(self.source, name, self.rows[index], series)

    def error(self, name: str, error: BadCellError) -> DataError:
        """Return the error about a cell."""
        return DataError(self.place(name, error.index) + error.reason)

    def require(self, name: str, role: str) -> str:
        """Return the name if there is such a column."""
        if name in self.names:
            return name
        folded = {known.casefold(): known for known in self.names}
        close = get_close_matches(name.casefold(), folded, n=1)
        hint = f" Did you mean {folded[close[0]]!r}?" if close else ""
        raise DataError(
            f"{self.source} has no column {name!r} for {option(self.source, role)}.{hint} "
            f"Its columns are {listed(self.names)}."
        )


def checked(table: Table) -> Table:
    """Check the header of a file or frame, and name the columns that have no name."""
    source, names = table.source, [name.strip() for name in table.names]
    if len(names) < 2:
        cure = (
            "Add a column of time stamps, or give the values alone as an array."
            if source == FRAME
            else "Separate the columns with commas, semicolons or tabs, below a header such as Month,Sales."
        )
        raise DataError(
            f"{source} has {f'one column, {names[0]!r}' if names else 'no columns'}, where a time column and "
            f"a target column are needed. {cure}"
        )
    if len(table.rows) == 0:
        raise DataError(f"{source} has a header but no rows below it: {listed(names)}. Add the data.")
    unnamed = {index: f"column {index + 1}" for index, name in enumerate(names) if not name}
    names = [unnamed.get(index, name) for index, name in enumerate(names)]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise DataError(
            f"{source} has more than one column {twice[0]!r} in its header. Give every column its own name."
        )
    if not unnamed:
        return replace(table, names=tuple(names))
    note = f"The header has no name for {listed(unnamed.values())}."
    return replace(table, names=tuple(names), notes=(*table.notes, note), aside=table.aside | {*unnamed.values()})


def joined(tables: Sequence[Table], source: str) -> Table:
    """Return tables of text, one after another, as one; rows are counted on from one to the next.

    Raises
    ------
    DataError
        If they do not have the same columns, or are not written alike.
    """
    first = tables[0]
    for table in tables[1:]:
        if table.names != first.names:
            odd = next(
                (name for name in (*table.names, *first.names) if (name in table.names) != (name in first.names)), ""
            )
            raise DataError(
                f"The files in {source} do not have the same columns: {table.source} and {first.source} differ in "
                f"{f'column {odd!r}' if odd else 'their order'}. Give a folder of like files."
            )
        if table.manner != first.manner:
            raise DataError(
                f"The files in {source} are not written alike: {first.source} is {first.manner}, {table.source} is "
                f"{table.manner}. Give a folder of like files."
            )
    before = np.cumsum([0, *(table.rows[-1] - 1 for table in tables)])
    return replace(
        first,
        source=source,
        columns=tuple(
            [cell for cells in columns for cell in cells] for columns in zip(*(t.columns for t in tables), strict=True)
        ),
        rows=np.concatenate([table.rows + count for table, count in zip(tables, before, strict=False)]),
        manner=first.manner if len(tables) == 1 else f"{first.manner}, {len(tables)} files",
        notes=tuple(dict.fromkeys(note for table in tables for note in table.notes)),
    )


def check_header(source: str, header: Sequence[str], row: int) -> None:
    """Refuse a first row that is data: numbers and dates in place of names."""
    cells = [cell for cell in header if not is_missing(cell)]
    dates = [bool(date_format(cell)) for cell in cells]
    numbers = [is_number(cell) for cell in cells]
    all_data = bool(cells) and all(map(max, dates, numbers))
    if all_data or (any(dates) and any(numbers)):
        raise DataError(
            f"{source} has no header: row {row} holds data, {', '.join(header)[:80]}. "
            "Add a first row with the names of the columns, such as Month,Sales."
        )


def place(source: str, column: str, row: int, series: str | None = None) -> str:
    """Return the beginning of a message: where something is wrong, as the user sees it."""
    return f"{source}, {'' if series is None else f'series {series!r}, '}column {column!r}, row {row}: "


def option(source: str, role: str) -> str:
    """Return what to write for a role: a keyword beside a frame or array, an option beside a file."""
    return f"{role.replace('-', '_')}=" if source in (FRAME, ARRAY) else f"--{role}"


def counted(count: int, what: str) -> str:
    """Write a number of things."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def listed(names: Iterable[str], limit: int = 20) -> str:
    """Write names one after another, in quotes."""
    quoted = [repr(name) for name in names]
    more = f" and {len(quoted) - limit} more" if len(quoted) > limit else ""
    return ", ".join(quoted[:limit]) + more
