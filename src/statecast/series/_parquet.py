"""Parquet files, one after another, as one table: whole, or row group by row group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError, FileError, InputError
from statecast.series._table import Table, checked

Arrow: TypeAlias = Any  # a table, schema or file of pyarrow

FIRST_ROW = 2
"""Number of the first row: as if a header were row 1, like in other files."""

_HEAD = 200
_BATCH = 1_000_000
_NO_KEY = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class File:
    """A Parquet file.

    Attributes
    ----------
    name : str
        As the user knows it.
    data : Path or bytes
    keys : dict of str to str or None
        What the names of its folders say, such as year=2020.
    """

    name: str
    data: Path | bytes
    keys: dict[str, str | None]

    @classmethod
    def below(cls, folder: Path, path: Path) -> File:
        """Return the file at a path below a folder."""
        pairs = [part.partition("=") for part in path.relative_to(folder).parent.parts]
        return cls(str(path), path, {key: _key(value) for key, equals, value in pairs if key and equals})

    def open(self, categories: Sequence[str] = ()) -> Arrow:
        """Open it to be read; text in these columns comes as categories, which is quicker."""
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError:
            raise FileError(f"Reading {self.name} takes the package pyarrow: pip install pyarrow.") from None
        source = pa.BufferReader(self.data) if isinstance(self.data, bytes) else self.data
        with _readable(self.name):
            return pq.ParquetFile(source, read_dictionary=list(categories), pre_buffer=False)  # or all is kept


@dataclass(frozen=True)
class Group:
    """Rows of a file that are read together.

    Attributes
    ----------
    file : int
        Number of the file.
    number : int
        Of the row group in it.
    start, rows : int
        Rows of all files before it, and its own.
    """

    file: int
    number: int
    start: int
    rows: int


@dataclass(frozen=True, eq=False)
class _Layout:
    """What files hold.

    Attributes
    ----------
    schema : Arrow schema
        The columns of all files and their types, those that folders give last.
    groups : tuple of Group
    keys : tuple of str
        The columns that folders give.
    own : tuple of frozenset of str
        Names of the columns that each file has itself.
    """

    schema: Arrow
    groups: tuple[Group, ...]
    keys: tuple[str, ...]
    own: tuple[frozenset[str], ...]


@dataclass(frozen=True, eq=False)
class ParquetFiles:
    """Files of the same columns, taken as one table in the order in which they are given.

    Attributes
    ----------
    source : str
        What the user calls them.
    files : tuple of File
    """

    source: str
    files: tuple[File, ...]
    _seen: dict[int, list[dict[str, tuple[Any, Any]]]] = field(default_factory=dict)

    @cached_property
    def _layout(self) -> _Layout:
        import pyarrow as pa

        schemas, groups, start = [], [], 0
        keys = tuple(dict.fromkeys(key for file in self.files for key in file.keys))
        for f, file in enumerate(self.files):
            opened = file.open()
            names = opened.schema_arrow.names
            if len(set(names)) < len(names):
                raise DataError(f"{file.name} has two columns of one name. Give every column its own name.")
            schemas.append(opened.schema_arrow.remove_metadata())
            for g in range(opened.metadata.num_row_groups):
                rows = opened.metadata.row_group(g).num_rows
                groups.append(Group(f, g, start, rows))
                start += rows
        try:
            schema = pa.unify_schemas(schemas, promote_options="permissive")
        except pa.ArrowException as error:
            raise DataError(
                f"The Parquet files in {self.source} do not have the same columns ({error}). Give a folder of like "
                "files."
            ) from None
        keys = tuple(key for key in keys if key not in schema.names)
        for key in keys:
            schema = schema.append(pa.field(key, pa.string()))
        return _Layout(schema, tuple(groups), keys, tuple(frozenset(one.names) for one in schemas))

    @property
    def schema(self) -> Arrow:
        """The columns and their types, those that folders give last."""
        return self._layout.schema

    @property
    def groups(self) -> tuple[Group, ...]:
        """All row groups in order."""
        return self._layout.groups

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(group.rows for group in self.groups)

    @cached_property
    def head(self) -> Table:
        """The first rows, enough to see what the columns hold."""
        first = next((batch for _, batch in self.batches(self.schema.names, stop=_HEAD)), self.schema.empty_table())
        rows = np.arange(FIRST_ROW, FIRST_ROW + len(first))
        table = _to_table(self.source, first, self.schema.names, rows)
        manner = "Parquet" if len(self.files) == 1 else f"{len(self.files)} Parquet files"
        return checked(replace(table, manner=manner, aside=frozenset(self._layout.keys)))

    def table(self, names: Sequence[str], category: str | None = None) -> Table:
        """Read columns whole.

        Parameters
        ----------
        names : sequence of str
            As `head` has them.
        category : str, optional
            A column whose text comes as categories.
        """
        return self.to_table([batch for _, batch in self.batches(self.own(names), self.own([category]))], names)

    def own(self, names: Sequence[str | None]) -> list[str]:
        """Return the names that columns have in the files, by those that the head has."""
        given = dict(zip(self.head.names, self.schema.names, strict=True))
        return [given[name] for name in names if name is not None]

    def to_table(self, batches: Sequence[Arrow], names: Sequence[str], rows: NDArray[np.int64] | None = None) -> Table:
        """Make a table of batches that were read; `rows` are their numbers, all rows unless given."""
        import pyarrow as pa

        whole = pa.concat_tables(batches) if batches else self.schema.empty_table().select(self.own(names))
        rows = np.arange(FIRST_ROW, FIRST_ROW + len(whole)) if rows is None else rows
        table = _to_table(self.source, whole, tuple(names), rows)
        return replace(table, manner=self.head.manner, notes=self.head.notes, aside=self.head.aside)

    def batches(
        self, names: Sequence[str], categories: Sequence[str] = (), start: int = 0, stop: int | None = None
    ) -> Iterator[tuple[int, Arrow]]:
        """Yield rows from `start` to `stop` as Arrow tables of at most a million rows, each with its first row."""
        stop = self.rows if stop is None else stop
        for f, file in enumerate(self.files):
            groups = [g for g in self.groups if g.file == f and g.start < stop and g.start + g.rows > start]
            if not groups:
                continue
            own, at = self._layout.own[f], groups[0].start
            opened = file.open([name for name in self.text(categories) if name in own])
            columns = [name for name in names if name in own]
            with _readable(file.name):
                size = min(_BATCH, stop - at)
                for batch in opened.iter_batches(size, [group.number for group in groups], columns, use_threads=False):
                    low, high = max(start - at, 0), min(stop - at, batch.num_rows)
                    if high > low:
                        yield at + low, self.conform(batch, file, names, categories).slice(low, high - low)
                    at += batch.num_rows

    def may_hold(self, group: Group, name: str, wanted: Arrow) -> bool:
        """Say whether a row group may have one of some values in a column, an Arrow array, by its statistics."""
        import pyarrow.compute as pc

        ends = self.ends(group, name)
        if ends is None:
            return True
        return bool(pc.any(pc.and_(pc.greater_equal(wanted, ends[0]), pc.less_equal(wanted, ends[1]))).as_py())

    def ends(self, group: Group, name: str) -> tuple[Any, Any] | None:
        """Return the least and the greatest value of a column in a row group, if its statistics tell."""
        return self._statistics(group.file)[group.number].get(name)

    def _statistics(self, file: int) -> list[dict[str, tuple[Any, Any]]]:
        """Return the least and the greatest values of the columns in the row groups of a file."""
        if self._seen.get(file) is None:
            metadata = self.files[file].open().metadata
            self._seen.clear()  # of one file at a time
            self._seen[file] = [_ends(metadata.row_group(g)) for g in range(metadata.num_row_groups)]
        return self._seen[file]

    def text(self, names: Sequence[str]) -> list[str]:
        """Return those of the names that are plain text."""
        from pyarrow import types

        kinds = {name: self.schema.field(name).type for name in names}
        return [name for name, kind in kinds.items() if types.is_string(kind) or types.is_large_string(kind)]

    def conform(self, batch: Arrow, file: File, names: Sequence[str], categories: Sequence[str]) -> Arrow:
        """Return a batch with all columns of all files, those of its folders among them."""
        import pyarrow as pa

        table, schema = pa.Table.from_batches([batch]), pa.schema([self.schema.field(name) for name in names])
        for name in self.text(categories):
            schema = schema.set(names.index(name), pa.field(name, pa.dictionary(pa.int32(), pa.string())))
        for name in names:
            if name in self._layout.keys:
                cells = pa.repeat(pa.scalar(file.keys.get(name), pa.string()), len(table))
                cells = cells.dictionary_encode() if name in categories else cells
                table = table.append_column(name, cells)
        if table.column_names != list(names) and set(table.column_names) == {*names}:
            table = table.select(names)
        if table.schema.equals(schema):
            return table
        return pa.concat_tables([schema.empty_table(), table], promote_options="permissive")


def _key(value: str) -> str | None:
    return None if value == _NO_KEY else unquote(value)


def _ends(group: Arrow) -> dict[str, tuple[Any, Any]]:
    columns = [group.column(c) for c in range(group.num_columns)]
    return {
        column.path_in_schema: (column.statistics.min, column.statistics.max)
        for column in columns
        if column.statistics is not None and column.statistics.has_min_max
    }


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Turn what pyarrow raises about a file into a FileError."""
    import pyarrow as pa

    try:
        yield
    except InputError:
        raise
    except FileNotFoundError:
        raise FileError(f"{name} cannot be read: there is no such file. Check the path.") from None
    except (pa.ArrowException, OSError, ValueError) as error:
        raise FileError(f"{name} is not a Parquet file that can be read ({error}).") from None


def _to_table(source: str, table: Arrow, names: Sequence[str], rows: NDArray[np.int64]) -> Table:
    import narwhals as nw

    columns = tuple(nw.from_native(column, series_only=True) for column in table.columns)
    return Table(source, tuple(names), columns, rows)
