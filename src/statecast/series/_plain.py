"""Plain numbers as new observations: they follow the last ones, and have no time stamps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError


def is_plain(rows: object) -> bool:
    """Whether rows are bare numbers, without time stamps."""
    return isinstance(rows, (list, tuple, np.ndarray))


def from_numbers(rows: object, series: int) -> NDArray[np.float64]:
    """Return bare numbers as the next observations of so many series, [S, k]; raises DataError if they are none."""
    try:
        values = np.atleast_1d(np.asarray(rows, np.float64))
    except (TypeError, ValueError) as error:
        raise DataError(f"expected numbers as new observations, got {rows!r}.") from error
    if series == 1:
        values = values.reshape(1, -1) if values.ndim == 1 else values
    elif values.ndim == 1:
        values = values[:, np.newaxis]
    if values.ndim != 2 or len(values) != series or values.shape[1] == 0:
        raise DataError(f"expected new observations of {series} series, a row a series, got shape {values.shape}.")
    if not np.isfinite(values).all():
        raise DataError(f"expected finite observations, got {rows!r}.")
    return values
