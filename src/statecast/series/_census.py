"""What takes a pass over Parquet files: which series they hold, which values a category has, how time is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.series._cells import BadCellError, to_array
from statecast.series._coded import BLANK, MOST_VALUES, is_numeric, name_values
from statecast.series._convert import STEPS, whole_times
from statecast.series._covariates import Covariates
from statecast.series._format import Format
from statecast.series._ids import number_ids
from statecast.series._panel import Columns
from statecast.series._parquet import FIRST_ROW, Arrow, ParquetFiles
from statecast.series._table import place

_PILE = 1_000_000  # names that are held before they are put together


@dataclass
class Census:
    """Counts the names in a column that comes in batches.

    Memory is that of the names, each once, and of a million more at most.

    Attributes
    ----------
    runs : int
        How often another name follows; as many as there are names, if the rows of each lie together.
    """

    runs: int = 0
    _names: list[Any] = field(default_factory=list)
    _counts: list[NDArray[np.int64]] = field(default_factory=list)
    _last: object = None
    _known: int = 0

    def add(self, cells: Arrow) -> None:
        """Take in the next batch of the column, not empty.

        Raises
        ------
        BadCellError
            At the first cell without a name.
        """
        import narwhals as nw

        codes, names = number_ids(nw.from_native(cells, series_only=True))
        self.runs += int((codes[1:] != codes[:-1]).sum()) + (names[0].as_py() != self._last)
        self._last = names[int(codes[-1])].as_py()
        self._names.append(names)
        self._counts.append(np.bincount(codes, minlength=len(names)))
        if sum(map(len, self._names)) > max(_PILE, 2 * self._known):
            self._put_together()

    def result(self) -> tuple[Any, NDArray[np.int64]]:
        """Return the names in the order in which they came first, an Arrow array, and how many rows each has."""
        self._put_together()
        return self._names[0], self._counts[0]

    def _put_together(self) -> None:
        import pyarrow as pa

        whole = pa.chunked_array(self._names).combine_chunks().dictionary_encode()
        counts = np.zeros(len(whole.dictionary), np.int64)
        np.add.at(counts, whole.indices.to_numpy(), np.concatenate(self._counts))
        self._names, self._counts, self._known = [whole.dictionary], [counts], len(counts)


def are_plain(files: ParquetFiles, columns: Columns) -> bool:
    """Say whether time and target are numbers or dates, and names are text or whole numbers: no cell needs others."""
    from pyarrow import types

    time, target, unique_id = (
        files.schema.field(name).type for name in files.own([columns.time, columns.target, columns.id])
    )
    name = unique_id.value_type if types.is_dictionary(unique_id) else unique_id
    return bool(
        (types.is_timestamp(time) or types.is_date(time) or types.is_integer(time))
        and (types.is_floating(target) or types.is_integer(target) or types.is_decimal(target))
        and (types.is_string(name) or types.is_large_string(name) or types.is_integer(name))
    )


def count_series(files: ParquetFiles, name: str) -> Census:
    """Take the census of the column of ids.

    Raises
    ------
    DataError
        At the first row without a name.
    """
    census, own = Census(), files.own([name])
    for start, batch in files.batches(own, own):
        try:
            census.add(batch.column(0))
        except BadCellError as error:
            raise DataError(place(files.source, name, FIRST_ROW + start + error.index) + error.reason) from None
    return census


def time_label(files: ParquetFiles, name: str) -> str:
    """Return how whole numbers are read as time, as that depends on all of them; "" if there are dates.

    Raises
    ------
    DataError
        If one is an impossible date.
    """
    import pyarrow as pa
    from pyarrow import types

    own = files.own([name])
    if not types.is_integer(files.schema.field(own[0]).type):
        return ""
    ends = [files.ends(group, own[0]) for group in files.groups if group.rows]
    if all(end is not None and whole_times(np.array([end[1]])).label == STEPS for end in ends):
        return STEPS
    distinct = pa.chunked_array([], files.schema.field(own[0]).type)
    for _, batch in files.batches(own):
        distinct = pa.chunked_array([pa.chunked_array([*distinct.chunks, *batch.column(0).chunks]).unique()])
    try:
        return whole_times(distinct.drop_null().to_numpy().astype(np.int64)).label
    except BadCellError as error:
        raise DataError(f"{files.source}, column {name!r}: {error.reason}") from None


def coding(files: ParquetFiles, columns: Columns) -> tuple[Covariates, Format]:
    """Return covariates without rows, and the values of categories, which are looked for in all rows.

    Raises
    ------
    DataError
        If a category has too many values.
    """
    nothing, names = np.empty((0, 0)), (*columns.past, *columns.known, *columns.static)
    counts = {name: found for name in names if (found := _counts(files, name)) is not None}
    past, known, static = (
        tuple(
            coded
            for name in role
            for coded in (name_values(files.head, name, counts[name]) if name in counts else (name,))
        )
        for role in (columns.past, columns.known, columns.static)
    )
    like = Covariates(past, known, static, nothing, nothing, np.zeros(1, np.int64), nothing)
    values = (
        (name, tuple(sorted(value for value in found if value.casefold() not in BLANK)))
        for name, found in counts.items()
    )
    return like, Format(categories=tuple(values))


def _counts(files: ParquetFiles, name: str) -> Counter[str] | None:
    """Return how often a category has each value; None of a column of numbers."""
    import narwhals as nw
    import pyarrow as pa

    if not files.head.is_category(name) and is_numeric(files.head.cells(name)):
        return None
    counts: Counter[str] = Counter()
    for _, batch in files.batches(files.own([name])):
        found = batch.column(0).combine_chunks().value_counts()
        cells = to_array(nw.from_native(pa.chunked_array([found.field(0)]), series_only=True))
        for cell, count in zip(cells.tolist(), found.field(1).to_pylist(), strict=True):
            counts[str(cell).strip()] += count
        if len(counts) > MOST_VALUES + len(BLANK):
            break
    return counts


def cuts(counts: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return where each part begins, and the end: as many whole series as have `most` rows together, or one.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series._census import cuts
    >>> cuts(np.array([3, 3, 2, 9, 1]), 5).tolist()
    [0, 1, 3, 4, 5]
    """
    ends, found = np.cumsum(counts), [0]
    while found[-1] < len(counts):
        before = ends[found[-1] - 1] if found[-1] else 0
        found.append(max(found[-1] + 1, int(np.searchsorted(ends, before + most, side="right"))))
    return np.array(found)
