"""Tables in text: encoding, delimiter, header and rows of CSV and its relatives."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

import numpy as np

from statecast.errors import DataError, FileError
from statecast.series._table import Table, check_header, checked

_DELIMITERS = {
    ";": "semicolon-separated",
    "\t": "tab-separated",
    "|": "bar-separated",
    ",": "comma-separated",
}
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a"))
_SAMPLE = 65_536
_BATCH = 10_000


def read_text(data: bytes, source: str) -> Table:
    """Read the table in a text file.

    Parameters
    ----------
    data : bytes
        The file, uncompressed.
    source : str
        What the user calls it.

    Returns
    -------
    Table
        Columns of str cells. Blank rows are left out, but counted.
    """
    text, notes = _decode(data, source)
    delimiter = _find_delimiter(text[:_SAMPLE])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        number, header = next(((n, row) for n, row in enumerate(reader, start=1) if not _is_blank(row)), (0, []))
        if not header:
            raise DataError(f"{source} is empty. It should hold a header such as Month,Sales and rows below it.")
        check_header(source, header, number)
        numbers, columns = _body(reader, len(header), number, source)
    except csv.Error as error:
        raise DataError(
            f"{source}, line {reader.line_num}: the text cannot be cut into cells ({error}). "
            "Look for a quotation mark that is not closed."
        ) from None
    while len(header) > 1 and not header[-1].strip() and not any(columns[-1]):  # lines end with a delimiter
        header, columns = header[:-1], columns[:-1]
    table = Table(source, tuple(header), tuple(columns), np.array(numbers), _DELIMITERS[delimiter], notes)
    return checked(table)


def _body(reader: Iterator[list[str]], width: int, number: int, source: str) -> tuple[list[int], list[list[str]]]:
    """Collect the columns below row `number`, and the numbers of the rows; blank rows are left out.

    Batches keep it quick: a million rows at once would keep the garbage collector busy.
    """
    numbers: list[int] = []
    columns: list[list[str]] = [[] for _ in range(width)]
    while rows := list(islice(reader, _BATCH)):
        counted = range(number + 1, number + 1 + len(rows))
        number += len(rows)
        if set(map(len, rows)) == {width} and all(row[0] for row in rows):
            numbers.extend(counted)
        else:
            kept = [(n, row) for n, row in zip(counted, rows, strict=True) if not _is_blank(row)]
            numbers.extend(n for n, _ in kept)
            rows = [_level(row, width, n, source) for n, row in kept]
        for column, cells in zip(columns, zip(*rows, strict=True), strict=False):
            column.extend(cells)
    return numbers, columns


def _is_blank(row: list[str]) -> bool:
    return not any(map(str.strip, row))


def _decode(data: bytes, source: str) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError:
                raise _not_text(source) from None
    if b"\0" in data or len(data[:_SAMPLE].translate(None, _CONTROLS)) < len(data[:_SAMPLE]):
        raise _not_text(source)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), ("The text is not UTF-8 and was read as Windows-1252.",)
    except UnicodeDecodeError:
        raise _not_text(source) from None


def _not_text(source: str) -> FileError:
    return FileError(
        f"{source} is not a table that can be read: it is neither text nor Parquet nor Excel, plain or "
        "compressed. Save it as CSV, Parquet or .xlsx."
    )


def _find_delimiter(text: str) -> str:
    """Choose the delimiter that cuts most of the first rows into as many cells as the header."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        if not widths or widths[0] < 2:
            return 0.0, 0
        return sum(width == widths[0] for width in widths) / len(widths), widths[0]

    best = max(_DELIMITERS, key=score)
    return best if score(best)[1] else ","


def _level(row: list[str], width: int, number: int, source: str) -> list[str]:
    """See to it that a row has as many cells as the header; only blanks may be too many."""
    if len(row) == width:
        return row
    while len(row) > width and not row[-1].strip():
        row.pop()
    if len(row) != width:
        raise DataError(
            f"{source}, row {number}: {len(row)} cells where the header has {width}, {', '.join(row)[:80]}. "
            "Correct the row; text or numbers that hold the delimiter need quotation marks."
        )
    return row
