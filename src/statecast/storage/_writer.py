"""A table written part after part, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from statecast.errors import FileError, ParameterError
from statecast.storage._whole import as_file_error, begin, finish

Arrow: TypeAlias = Any  # a table, column or writer of pyarrow

TABLES = (".csv", ".parquet")
"""Endings of the files that tables are written to."""

_SPECIAL = ',"\r\n'


class TableWriter:
    """Writes a table that comes in parts, in the order in which they come, to .csv or .parquet.

    A context manager. The parts go to a file beside the path, which takes its place at the end, in one move: after an
    error, or when the program is killed, what stood there is as it was. Without a part nothing is written.

    Parameters
    ----------
    path : Path
        Ends in .csv or .parquet. Blank cells of a CSV file are missing values; dates without a time of day in the
        first part are written without it.

    Raises
    ------
    FileError
        If the file cannot be written.
    ParameterError
        If a part has other columns than the first one.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "next.csv"
    ...     with TableWriter(path) as writer:
    ...         writer.write({"unique_id": ["a", "b"], "mean": [1.5, 2.0]})
    ...         writer.write({"unique_id": ["c"], "mean": [0.25]})
    ...     print(path.read_text())
    unique_id,mean
    a,1.5
    b,2
    c,0.25
    <BLANKLINE>
    """

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in TABLES:
            raise FileError(f"{path}: expected a name that ends in {' or '.join(TABLES)}.")
        self._path = path
        self._new: Path | None = None
        self._file: Arrow = None

    def __enter__(self) -> Self:
        """Begin the file beside the path."""
        self._new = begin(self._path)
        return self

    def write(self, part: Mapping[str, object] | Arrow) -> None:
        """Append rows: an Arrow table, or arrays by the names of their columns."""
        import pyarrow as pa

        assert self._new is not None  # between enter and exit
        if isinstance(part, Mapping):
            part = pa.table({name: pa.array(cells, from_pandas=True) for name, cells in part.items()})
        with as_file_error(self._path):
            if self._file is None:
                kind = _Parquet if self._path.suffix.lower() == ".parquet" else _Text
                self._file = kind(self._new, part)
            self._file.write(_like(part, self._file.schema))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the file in its place, unless there was an error."""
        assert self._new is not None
        try:
            with as_file_error(self._path):
                if self._file is not None:
                    self._file.close()
            if error is None and self._file is not None:
                finish(self._new, self._path)
        finally:
            self._new.unlink(missing_ok=True)


def _like(table: Arrow, schema: Arrow) -> Arrow:
    """Return a table with the types of the first one."""
    import pyarrow as pa

    if table.schema.equals(schema):
        return table
    try:
        return table.cast(schema)
    except (ValueError, pa.ArrowException) as error:
        raise ParameterError(
            f"All parts of a table must have the same columns: expected {', '.join(schema.names)}, got "
            f"{', '.join(table.column_names)} ({error})."
        ) from None


class _Parquet:
    def __init__(self, path: Path, first: Arrow) -> None:
        import pyarrow.parquet as pq

        self.schema = first.schema.remove_metadata()
        self._writer = pq.ParquetWriter(path, self.schema)

    def write(self, table: Arrow) -> None:
        self._writer.write_table(table)

    def close(self) -> None:
        self._writer.close()


class _Text:
    def __init__(self, path: Path, first: Arrow) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc
        from pyarrow import types

        self.schema = first.schema.remove_metadata()
        self._file = path.open("wb")
        self._dates = {
            field.name
            for field in self.schema
            if types.is_timestamp(field.type)
            and field.type.tz is None
            and pc.all(_whole(first[field.name], pa.date32())).as_py()
        }
        self._file.write(f"{','.join(map(_quoted, self.schema.names))}\n".encode())

    def write(self, table: Arrow) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc
        from pyarrow import csv, types

        for at, field in enumerate(table.schema):
            cells = table.column(at)
            if types.is_floating(field.type):
                cells = pc.if_else(pc.is_nan(cells), pa.scalar(None, field.type), cells)
            elif types.is_timestamp(field.type) and field.type.tz is not None:
                cells = _with_offset(cells)
            elif types.is_timestamp(field.type):
                for kind in (*([pa.date32()] if field.name in self._dates else []), pa.timestamp("s")):
                    if pc.all(_whole(cells, kind)).as_py():
                        cells = cells.cast(kind)
                        break
            table = table.set_column(at, field.name, cells)
        text = [cells for cells in table.columns if types.is_string(cells.type) or types.is_large_string(cells.type)]
        special = any(pc.any(pc.match_substring_regex(cells, f"[{_SPECIAL}]")).as_py() for cells in text)
        style = "needed" if special else "none"  # "needed" is all text
        csv.write_csv(table, self._file, csv.WriteOptions(include_header=False, quoting_style=style))

    def close(self) -> None:
        self._file.close()


def _with_offset(cells: Arrow) -> Arrow:
    """Return time stamps of a zone as text, local time and its distance from UTC: 2024-10-27 02:00:00+02:00."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = cells.cast(pa.timestamp("s", tz=cells.type.tz), safe=False)
    text = pc.strftime(whole, "%Y-%m-%d %H:%M:%S%z")  # +0200
    return pc.replace_substring_regex(text, r"(\d\d)(\d\d)$", r"\1:\2")


def _whole(cells: Arrow, kind: Arrow) -> Arrow:
    """Say which time stamps lose nothing as another kind."""
    import pyarrow.compute as pc

    return pc.equal(cells, cells.cast(kind, safe=False).cast(cells.type))


def _quoted(name: str) -> str:
    special = any(mark in name for mark in _SPECIAL)
    return '"' + name.replace('"', '""') + '"' if special else name
