"""Tables in Excel workbooks (.xlsx), through openpyxl."""

from __future__ import annotations

import io
import warnings
from typing import Any, TypeAlias

import numpy as np

from statecast.errors import DataError, FileError
from statecast.series._table import Table, check_header, checked, listed

Worksheet: TypeAlias = Any  # openpyxl's, in the form that only reads


def read_workbook(data: bytes, source: str, sheet: str | None) -> Table:
    """Read the table on a sheet of a workbook: the one named, or the only one that holds data."""
    try:
        import openpyxl
    except ImportError:
        raise FileError(f"Reading {source} takes the package openpyxl: pip install openpyxl.") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not touch the data
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = {page.title: _rows(page) for page in book.worksheets if sheet in (None, page.title)}
        except Exception as error:  # openpyxl lets errors of zipfile, XML and its own through
            raise FileError(f"{source} is not an Excel workbook that can be read ({error}). Save it again.") from None
        titles = [page.title for page in book.worksheets]
    if sheet is not None and sheet not in sheets:
        raise DataError(f"{source} has no sheet {sheet!r}. Its sheets are {listed(titles)}.")
    filled = {title: rows for title, rows in sheets.items() if rows}
    if not filled:
        raise DataError(f"{source} has no data on its sheets {listed(sheets)}.")
    if len(filled) > 1:
        raise DataError(f"{source} has data on several sheets, {listed(filled)}. Choose one with --sheet.")
    ((title, rows),) = filled.items()
    return _table(source, title, rows)


def _rows(page: Worksheet) -> list[tuple[int, tuple[Any, ...]]]:
    """Return the rows that hold anything, with their numbers."""
    page.reset_dimensions()  # some programs write wrong ones, and rows would be lost
    rows = enumerate(page.iter_rows(values_only=True), start=1)
    return [(number, row) for number, row in rows if any(cell not in (None, "") for cell in row)]


def _table(source: str, title: str, rows: list[tuple[int, tuple[Any, ...]]]) -> Table:
    width = max(len(row) for _, row in rows)
    cells = [row + (None,) * (width - len(row)) for _, row in rows]
    columns = [column for column in zip(*cells, strict=True) if any(cell not in (None, "") for cell in column)]
    header = ["" if column[0] is None else str(column[0]) for column in columns]
    check_header(source, header, rows[0][0])
    numbers = np.array([number for number, _ in rows[1:]])
    body = tuple(column[1:] for column in columns)
    return checked(Table(source, tuple(header), body, numbers, f"Excel, sheet {title!r}"))
