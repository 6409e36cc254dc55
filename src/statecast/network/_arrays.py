"""Arrays that users give, brought to shape and dtype, or refused with what was expected and what came."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from statecast.errors import ParameterError


def numbers(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return values as an array, or say that they are no numbers."""
    try:
        return np.asarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise ParameterError(f"{name}: expected numbers, got {type(values).__name__} ({error}).") from error


def matrix(name: str, values: ArrayLike, columns: int, dtype: np.dtype[np.floating]) -> NDArray[np.floating]:
    """Return values as a C-contiguous [T, columns] of dtype; a vector [T] is one column.

    Raises
    ------
    ParameterError
        If the shape is another, or a value is missing or infinite in this dtype.
    """
    given = numbers(name, values)
    wide = given[:, np.newaxis] if given.ndim == 1 else given
    if wide.ndim != 2 or wide.shape[1] != columns:
        raise ParameterError(f"{name}: expected an array [T, {columns}], got shape {given.shape}.")
    with np.errstate(over="ignore"):
        result = np.ascontiguousarray(wide, dtype)
    if not np.isfinite(result).all():
        row = int(np.flatnonzero(~np.isfinite(result).all(axis=1))[0])
        raise ParameterError(f"{name}: expected finite numbers in {dtype}, got {wide[row].tolist()} in row {row}.")
    return result


def cube(name: str, values: ArrayLike, columns: int) -> NDArray[np.float64]:
    """Return values as [N, T, columns]; [N, T] is one column."""
    given = numbers(name, values)
    wide = given[:, :, np.newaxis] if given.ndim == 2 else given
    if wide.ndim != 3 or wide.shape[2] != columns:
        raise ParameterError(f"{name}: expected an array [N, T, {columns}], got shape {given.shape}.")
    return wide


def mask_of(mask: ArrayLike, count: int, steps: int) -> NDArray[np.bool_]:
    """Return which steps are there, [N, T]."""
    given = numbers("mask", mask)
    if given.shape != (count, steps):
        raise ParameterError(f"mask: expected shape {(count, steps)}, got {given.shape}.")
    if other := set(np.unique(given)) - {0.0, 1.0}:
        raise ParameterError(f"mask: expected zeros and ones, got {other.pop()}.")
    return given.astype(bool)


def finite(
    name: str, values: NDArray[np.float64], counts: NDArray[np.bool_], dtype: np.dtype[np.floating]
) -> NDArray[np.floating]:
    """Return values [N, T, columns] in dtype, zero where they do not count."""
    with np.errstate(over="ignore"):
        result = np.ascontiguousarray(np.where(counts, values, 0), dtype)
    if not np.isfinite(result).all():
        n, t, k = (int(i) for i in np.argwhere(~np.isfinite(result))[0])
        raise ParameterError(
            f"{name}: expected finite numbers in {dtype}, got {values[n, t, k]} in sequence {n}, step {t}, column {k}. "
            "Mask steps that are missing, or give observations that are the weight 0."
        )
    return result
