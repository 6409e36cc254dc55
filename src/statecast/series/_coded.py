"""Covariates as numbers: numbers stay one column, a category becomes a column of 0 and 1 for each of its values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.series._categories import as_before
from statecast.series._cells import BadCellError, is_missing, shown
from statecast.series._convert import mark_of, read_values
from statecast.series._format import Format
from statecast.series._numbers import is_number
from statecast.series._table import Table

MOST_VALUES = 50
BLANK = frozenset({"", "nan", "nat", "<na>", "null"})  # of a category, "none" may well be a value
_SAMPLE = 200


def is_of(coded: str, column: str) -> bool:
    """Say whether a coded column is of this column of a table."""
    return coded == column or coded.startswith(f"{column}=")


@dataclass(frozen=True, eq=False)
class Coded:
    """Columns of numbers with their names.

    Attributes
    ----------
    names : tuple of str, C
        The column's own name, or "name=value" for a value of a category.
    values : float64 [N, C]
        NaN where the cell is blank.
    format : Format
        How the cells were written: decimal marks, and the values of categories.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    format: Format = field(default_factory=Format)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Coded:
        """Return some of the rows."""
        return replace(self, values=self.values[rows])


def read_coded(
    table: Table,
    columns: tuple[str, ...],
    names: tuple[str, ...] | None = None,
    known: Format | None = None,
    decimal: str | None = None,
) -> Coded:
    """Read columns of a table as numbers.

    Parameters
    ----------
    table : Table
    columns : tuple of str
        Names of the columns.
    names : tuple of str, optional
        Of the coded columns, where they were decided before. Else a category has a column for each of its values, in
        the order of the alphabet; where there are exactly two, the more frequent one is left out, as its column would
        say the same again.
    known : Format, optional
        How the rows before were written, where these follow others.
    decimal : str, optional
        The decimal mark of numbers in text, for those that leave it in doubt.

    Raises
    ------
    DataError
        If a cell cannot be read, a column is blank, a category has more than 50 values, or one that the rows before do
        not have.
    """
    parts = [_read(table, column, names, known or Format(), decimal) for column in columns]
    found = tuple(name for part in parts for name in part.names)
    if twice := [name for name, count in Counter(found).items() if count > 1]:
        raise DataError(f"Two covariates of {table.source} would be called {twice[0]!r}. Rename one of the columns.")
    values = np.concatenate([np.empty((len(table.rows), 0)), *(part.values for part in parts)], axis=1)
    written = Format().joined(part.format for part in parts)
    return Coded(found, values, written)


def _read(table: Table, column: str, names: tuple[str, ...] | None, before: Format, decimal: str | None) -> Coded:
    cells = table.cells(column)
    known = None if names is None else _values_in(names, column)
    if known == [] or (known is None and not table.is_category(column) and is_numeric(cells)):
        numbers = read_values(table, column, hint=decimal, known=before.mark_of(column)).values
        return Coded((column,), numbers[:, np.newaxis], Format(marks=mark_of(table, column, numbers)))
    if cells.dtype.kind == "M":
        raise table.error(column, BadCellError(0, f"{shown(cells[0])} is a date. A covariate is numbers or text."))
    text = np.array([str(cell).strip() for cell in cells.tolist()], dtype=object)
    blank = np.array([cell.casefold() in BLANK for cell in text], dtype=bool)
    counts = Counter(text[~blank].tolist())
    all_values = before.values_of(column)
    if all_values:
        try:
            text = as_before(column, cells, text, blank, all_values)
        except BadCellError as error:
            raise table.error(column, error) from None
    if known is None:
        known = _values_in(name_values(table, column, counts), column)
    values = np.stack([text == value for value in known], axis=1).astype(np.float64)
    values[blank] = np.nan
    coded = tuple(f"{column}={value}" for value in known)
    return Coded(coded, values, Format(categories=((column, all_values or tuple(sorted(counts))),)))


def _values_in(names: tuple[str, ...], column: str) -> list[str]:
    """Return the values of a category that have columns; none if the column is one of numbers."""
    if column in names:
        return []
    return [name.removeprefix(f"{column}=") for name in names if name.startswith(f"{column}=")]


def name_values(table: Table, column: str, counts: Counter[str]) -> tuple[str, ...]:
    """Return the names of the columns of a category, by how often it has each value in all rows.

    Raises
    ------
    DataError
        If there are none but blanks, or too many.
    """
    values = sorted(value for value in counts if value.casefold() not in BLANK)
    if not values:
        raise table.error(column, BadCellError(0, "the column is blank. Fill it in, or leave the covariate out."))
    if len(values) > MOST_VALUES:
        raise DataError(
            f"Column {column!r} of {table.source} holds text with {len(values):,} different values, and a category can "
            f"have {MOST_VALUES}. Give it as numbers, put values together, or leave the covariate out."
        )
    if len(values) == 2:
        del values[int(counts[values[0]] < counts[values[1]])]  # of equals, "no" goes and "yes" stays
    return tuple(f"{column}={value}" for value in values)


def is_numeric(cells: np.ndarray) -> bool:
    """Say whether most cells are numbers: a word among them is then an error to point at."""
    if cells.dtype != object:
        return cells.dtype.kind in "iuf"
    sample = list(islice((cell for cell in cells if not is_missing(cell)), _SAMPLE))
    return sum(map(is_number, sample)) * 2 >= len(sample) > 0
