"""Names of series: a column of them as numbers, in the order in which they come."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from statecast.series._cells import BadCellError, to_array
from statecast.series._parquet import Arrow
from statecast.series._table import Table

if TYPE_CHECKING:
    import narwhals as nw

_BLANK = "the name of the series is missing. Add it."


def read_ids(table: Table, name: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Read the id column: the number of the series of each row, and the names of the series, by their first rows."""
    raw = table.columns[table.names.index(name)]
    try:
        numbers, names = number_ids(raw)
    except BadCellError as error:
        raise table.error(name, error) from None
    return numbers, tuple(map(str, names.to_pylist() if hasattr(names, "to_pylist") else names))


def number_ids(raw: object) -> tuple[NDArray[np.int64], Arrow]:
    """Give the names in a raw column numbers, in the order of their first rows.

    Parameters
    ----------
    raw : array, list of cells, or Narwhals series

    Returns
    -------
    int64 [N]
        The number of the name in each row.
    Arrow array, or list
        The names, each once.

    Raises
    ------
    BadCellError
        At the first row without a name.
    """
    arrow = _to_arrow(raw)
    if arrow is None:
        return _by_cell(to_array(raw))
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import types

    chunks = arrow if types.is_dictionary(arrow.type) else arrow.dictionary_encode()
    chunks = chunks.unify_dictionaries()
    if chunks.num_chunks == 0:
        return np.zeros(0, np.int64), []
    codes = np.concatenate([chunk.indices.cast(pa.int64()).fill_null(-1).to_numpy() for chunk in chunks.chunks])
    names = chunks.chunk(0).dictionary
    if types.is_string(names.type) or types.is_large_string(names.type):
        blank = pc.index(names, pa.scalar("", names.type)).as_py()
        codes = np.where(codes == blank, -1, codes) if blank >= 0 else codes
    if len(codes) and codes.min() < 0:
        raise BadCellError(int(np.argmin(codes)), _BLANK)
    if types.is_dictionary(arrow.type):  # its values may come in any order, and some of them not at all
        first = pa.array(codes).dictionary_encode()
        codes, names = first.indices.to_numpy(), names.take(first.dictionary)
    return np.asarray(codes, dtype=np.int64), names


def _to_arrow(raw: object) -> Arrow | None:
    """Return a column of text, categories or whole numbers as Arrow's; None if it is another."""
    if isinstance(raw, (np.ndarray, Sequence)):
        return None
    import narwhals as nw

    series = cast("nw.Series[Any]", raw)
    if not (series.dtype in (nw.String, nw.Categorical, nw.Enum) or series.dtype.is_integer()):
        return None
    import pyarrow as pa

    native = series.to_native()
    try:
        arrow = native if isinstance(native, pa.ChunkedArray) else series.to_arrow()
    except (pa.ArrowException, TypeError):  # objects of several kinds
        return None
    arrow = arrow if isinstance(arrow, pa.ChunkedArray) else pa.chunked_array([arrow])
    kind = arrow.type.value_type if pa.types.is_dictionary(arrow.type) else arrow.type
    known = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind)
    return arrow if known else None


def _by_cell(cells: np.ndarray) -> tuple[NDArray[np.int64], list[object]]:
    if cells.dtype.kind == "f" and (cells == np.floor(cells)).all():
        cells = cells.astype(np.int64)
    blank = cells == "" if cells.dtype == object else np.isnan(cells)
    if blank.any():
        raise BadCellError(int(np.argmax(blank)), _BLANK)
    seen: dict[object, int] = {}
    rows = np.fromiter(map(seen.setdefault, cells.tolist(), count()), np.int64, len(cells))
    return np.searchsorted(list(seen.values()), rows), list(seen)
