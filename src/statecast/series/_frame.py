"""Tables in memory: data frames of any kind through Narwhals, series, arrays and lists."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from statecast.errors import DataError
from statecast.series._table import ARRAY, FRAME, Table, checked

if TYPE_CHECKING:
    import pandas as pd

Frame: TypeAlias = Any  # a data frame that Narwhals knows


def read_memory(data: Frame) -> Table:
    """Read a data frame, a series, a one-dimensional array, or a list of numbers."""
    if isinstance(data, (list, tuple, range, np.ndarray)):
        return _from_array(data)
    if _is_pandas(data):
        if hasattr(data, "to_frame") and _has_time(data.index):
            data = data.to_frame("y" if data.name is None else data.name)
        if hasattr(data, "columns"):
            return _from_frame(_index_as_column(data))
    import narwhals as nw

    try:
        native = nw.from_native(data, allow_series=True)
    except TypeError:
        kind = type(data).__name__
        raise DataError(f"Expected a path, a data frame, a series or an array, got {kind}.") from None
    if isinstance(native, nw.Series):
        return Table(ARRAY, (str(native.name or "y"),), (native,), np.arange(len(native)))
    return _from_frame(data)


def _from_frame(data: Frame) -> Table:
    import narwhals as nw

    try:
        frame = nw.from_native(data)
        if isinstance(frame, nw.LazyFrame):
            frame = frame.collect()
    except nw.exceptions.DuplicateError:
        raise DataError(f"{FRAME} has two columns of one name. Give every column its own name.") from None
    names = tuple(map(str, frame.columns))
    columns = tuple(frame.get_column(name) for name in frame.columns)
    return checked(Table(FRAME, names, columns, np.arange(len(frame))))


def _from_array(data: Sequence[object] | np.ndarray) -> Table:
    cells = data if isinstance(data, np.ndarray) else [np.nan if value is None else value for value in data]
    try:
        values = np.asarray(cells, dtype=np.float64)
    except (ValueError, TypeError):
        index, value = next((index, value) for index, value in enumerate(data) if not isinstance(value, Real))
        raise DataError(f"{ARRAY}, row {index}: expected a number, got {value!r}.") from None
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise DataError(
            f"Expected {ARRAY} to have one dimension, got {values.ndim}. Give one series, or a data frame of several."
        )
    return Table(ARRAY, ("y",), (values,), np.arange(len(values)))


def _is_pandas(data: object) -> bool:
    return type(data).__module__.partition(".")[0] == "pandas" and hasattr(data, "index")


def _has_time(index: object) -> bool:
    return type(index).__name__ in ("DatetimeIndex", "PeriodIndex")


def _index_as_column(frame: pd.DataFrame) -> pd.DataFrame:
    """Make columns of an index that says something: time stamps, several levels, or a name."""
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    named = [str(name) for name in frame.index.names if name is not None]
    if (named or _has_time(frame.index)) and not set(named) & set(frame.columns):
        frame = frame.reset_index(names=None if named else "time")
    return frame
