"""Cells of a column: what a table holds before roles are known, brought to one of three kinds of array.

Numbers are int64, float64 or bool, time stamps datetime64[us], and all else is text, an object array of str.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    import narwhals as nw

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "nat", "<na>", "null", "none", "-", "--", "\N{EN DASH}", ".", "?"})


class BadCellError(Exception):
    """A cell that cannot be read; caught where file and column are known.

    Attributes
    ----------
    index : int
        Position of the cell in its column.
    reason : str
        The rest of the message: the value, what is wrong with it, and the cure.
    """

    def __init__(self, index: int | np.integer, reason: str) -> None:
        super().__init__(reason)
        self.index = int(index)
        self.reason = reason


def is_missing(cell: str) -> bool:
    """Say whether a cell stands for "no value"."""
    return cell.strip().casefold() in MISSING


def is_whole(cell: str) -> bool:
    """Say whether a cell is a whole number, and nothing else."""
    return cell.strip().removeprefix("-").isdecimal() and len(cell) < 20 and abs(int(cell)) < 2**63


def shown(cell: object) -> str:
    """Return a cell as a message shows it: in quotes, and not at length."""
    text = str(cell)
    return repr(text if len(text) <= 40 else text[:37] + "...")


def to_array(raw: object) -> np.ndarray:
    """Bring a raw column, or a slice of one, to an array of numbers, time stamps or text.

    Parameters
    ----------
    raw : array, list of cells, or Narwhals series
        The column as its reader left it.

    Returns
    -------
    array
        int64, float64, bool, datetime64[us] as the clock of its time zone shows it, or object array of str where ""
        is a blank.
    """
    if isinstance(raw, np.ndarray):
        return raw
    if isinstance(raw, Sequence):
        return _from_cells(raw)
    return _from_series(cast("nw.Series[Any]", raw))


def _from_cells(cells: Sequence[Any]) -> np.ndarray:
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return _text(cells)
    kinds.discard(type(None))
    if kinds and kinds <= {int}:
        whole = None not in cells and max(map(abs, cells)) < 2**63
        return np.array(cells, dtype=np.int64 if whole else np.float64)
    if kinds <= {int, float, Decimal}:
        return np.array(cells, dtype=np.float64)  # None becomes NaN
    if all(issubclass(kind, date) for kind in kinds):
        plain = [cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell for cell in cells]
        return np.array(plain, dtype="datetime64[us]")  # None becomes NaT
    return _text(["" if cell is None else str(cell) for cell in cells])


def _from_series(series: nw.Series[Any]) -> np.ndarray:
    import narwhals as nw

    kind = series.dtype
    if kind.is_integer() and series.null_count() == 0:
        return np.asarray(series.to_numpy()).astype(np.int64, copy=False)
    if kind.is_numeric():
        return np.asarray(series.cast(nw.Float64).to_numpy(), dtype=np.float64)
    if kind == nw.Boolean and series.null_count() == 0:
        return np.asarray(series.to_numpy(), dtype=bool)
    if isinstance(kind, nw.Datetime) and kind.time_zone is not None:
        series = series.dt.replace_time_zone(None)
    if kind in (nw.Datetime, nw.Date):
        return np.asarray(series.to_numpy()).astype("datetime64[us]", copy=False)
    if kind in (nw.String, nw.Categorical, nw.Enum):
        return np.asarray(series.cast(nw.String).fill_null("").to_numpy(), dtype=object)
    return _from_cells(series.to_list())


def zone_offsets(raw: object) -> np.ndarray | None:
    """Return how far the time stamps of a raw column are ahead of UTC, timedelta64[us]; None without a time zone.

    Raises
    ------
    BadCellError
        If some have a time zone and others have none.
    """
    if isinstance(raw, np.ndarray):
        return None
    if not isinstance(raw, Sequence):
        series = cast("nw.Series[Any]", raw)
        zone = getattr(series.dtype, "time_zone", None)
        if zone is not None:
            utc = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
            return np.asarray(to_array(series) - to_array(utc))
        if series.dtype.is_numeric() or series.dtype.is_temporal():
            return None
        raw = series.to_list()
    stamps = [cell if isinstance(cell, datetime) else None for cell in raw]
    offsets = [None if stamp is None else stamp.utcoffset() for stamp in stamps]
    if not any(offset is not None for offset in offsets):
        return None
    without = np.array([stamp is not None and stamp.tzinfo is None for stamp in stamps])
    if without.any():
        raise BadCellError(*mixed_zones(stamps, without))
    return np.array(offsets, dtype="timedelta64[us]")


def mixed_zones(cells: Sequence[object], without: np.ndarray) -> tuple[int, str]:
    """Return place and reason of the first stamp that differs from the first one in having a time zone."""
    index = int(np.argmax(without if not without[0] else ~without))
    has, others = ("no time zone", "others have one") if without[index] else ("a time zone", "others have none")
    return index, f"{shown(cells[index])} has {has}, and {others}. Write all in one way."


def _text(cells: Sequence[str]) -> np.ndarray:
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column
