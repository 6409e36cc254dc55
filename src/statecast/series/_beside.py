"""Beside the target: the covariates of records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from statecast.series._cells import BadCellError
from statecast.series._coded import Coded, is_of, read_coded
from statecast.series._covariates import Covariates
from statecast.series._format import Format
from statecast.series._panel import Columns
from statecast.series._table import Table, option


@dataclass(frozen=True)
class Beside:
    """What stands beside the target in records: covariates, NaN where a cell is blank.

    Attributes
    ----------
    past, known : Coded
        A row a row of the records.
    static : Coded
        A row a series.
    """

    past: Coded
    known: Coded
    static: Coded

    @property
    def parts(self) -> tuple[Coded, ...]:
        """All of them."""
        return self.past, self.known, self.static


def read_beside(
    table: Table,
    columns: Columns,
    like: Covariates | None,
    row: slice | np.ndarray,
    offsets: np.ndarray,
    known: Format | None = None,
) -> Beside:
    """Read the covariates of records.

    Parameters
    ----------
    table : Table
    columns : Columns
        Which columns they are.
    like : Covariates or None
        Those read before, whose columns these are to have.
    row : int64 [N], or a slice
        The table's row of each row of the records.
    offsets : int64 [S + 1]
        Where each series starts in the records.
    known : Format, optional
        How the rows before were written, where these follow others.

    Raises
    ------
    DataError
        If a cell cannot be read, or a static covariate varies within a series.
    """
    past = read_coded(table, columns.past, like.past if like else None, known, columns.decimal)
    ahead = read_coded(table, columns.known, like.known if like else None, known, columns.decimal)
    static = read_coded(table, columns.static, like.static if like else None, known, columns.decimal).take(row)
    rows = np.arange(len(table.rows))[row] if columns.static else np.zeros(0, np.int64)
    return Beside(past.take(row), ahead.take(row), _constant(table, columns.static, static, rows, offsets))


def _constant(table: Table, names: Sequence[str], coded: Coded, row: np.ndarray, offsets: np.ndarray) -> Coded:
    """Return the static covariates of every series; a blank cell says nothing.

    Raises
    ------
    DataError
        If one varies within a series, or is blank throughout.
    """
    first = np.empty((len(offsets) - 1, len(coded.names)), dtype=np.int64)
    for c, name in enumerate(coded.names):
        column = next(column for column in names if is_of(name, column))
        blank = np.isnan(coded.values[:, c])
        index = np.where(blank, len(row), np.arange(len(row)))
        first[:, c] = np.minimum.reduceat(index, offsets[:-1])
        if (missing := first[:, c] == len(row)).any():
            start = offsets.item(int(np.argmax(missing)))
            raise table.error(column, BadCellError(row.item(start), "the static covariate is blank. Add it."))
        of_series = np.repeat(first[:, c], np.diff(offsets))
        if (differs := ~blank & (coded.values[:, c] != coded.values[of_series, c])).any():
            other = int(np.argmax(differs))
            cell, first_row = table.cells(column)[row[other]], table.rows[row[of_series[other]]]
            roles = f"{option(table.source, 'past')} or {option(table.source, 'known')}"
            reason = (
                f"{cell} is another value than in row {first_row} of the same series, and a static covariate does not "
                f"change. Name it for {roles}."
            )
            raise table.error(column, BadCellError(row.item(other), reason))
    return replace(coded, values=coded.values[first, np.arange(len(coded.names))])
