"""Data: many sequences of unequal length side by side, checked once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from statecast.errors import ParameterError
from statecast.network import Parameters
from statecast.training._loss import Loss


@dataclass(frozen=True, eq=False)
class Data:
    """Sequences as the core takes them; what no one looks at is zero.

    Attributes
    ----------
    X : [N, T, I]
    y : [N, T, Y]
    present : uint8 [N, T], or None where all steps are there
    weights : [N, T, Y], or None where all are one
    """

    X: NDArray[np.floating]
    y: NDArray[np.floating]
    present: NDArray[np.uint8] | None
    weights: NDArray[np.floating] | None

    @classmethod
    def check(
        cls,
        parameters: Parameters,
        loss: Loss,
        X: ArrayLike,
        y: ArrayLike,
        mask: ArrayLike | None = None,
        weights: ArrayLike | None = None,
    ) -> Data:
        """Bring arrays to the shapes and dtype of a network and a loss.

        Raises
        ------
        ParameterError
            If a shape does not fit, a mask is not 0 or 1, a weight is negative, or a number that counts is not
            finite.
        """
        spec, dtype = parameters.spec, parameters.dtype
        if spec.outputs % loss.outputs_per_target:
            raise ParameterError(
                f"outputs: expected a multiple of the {loss.outputs_per_target} that {loss.kind} takes for a target, "
                f"got {spec.outputs}."
            )
        inputs = _cube("X", X, spec.inputs)
        count, steps, _ = inputs.shape
        if count == 0 or steps == 0:
            raise ParameterError(f"X: expected at least 1 sequence of 1 step, got shape {inputs.shape}.")
        shape = (count, steps, spec.outputs // loss.outputs_per_target)
        there = np.ones((count, steps), bool) if mask is None else _mask(mask, count, steps)
        weight = None if weights is None else _weights(weights, shape, dtype)
        counts = np.broadcast_to(there[:, :, np.newaxis], shape) if weight is None else there[:, :, None] & (weight > 0)
        if not counts.any():
            raise ParameterError("mask, weights: expected at least 1 observation that counts, got none.")
        targets = _cube("y", y, shape[2])
        if targets.shape != shape:
            raise ParameterError(f"y: expected shape {shape}, got {targets.shape}.")
        if loss.kind == "negative_binomial" and (targets[counts] < 0).any():
            raise ParameterError(f"y: expected counts from 0 on for {loss.kind}, got {targets[counts].min()}.")
        return cls(
            _finite("X", inputs, np.broadcast_to(there[:, :, np.newaxis], inputs.shape), dtype),
            _finite("y", targets, counts, dtype),
            None if mask is None else np.ascontiguousarray(there, np.uint8),
            weight,
        )


def _cube(name: str, values: ArrayLike, columns: int) -> NDArray[np.float64]:
    """Return values as [N, T, columns]; [N, T] is one column."""
    try:
        given = np.asarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise ParameterError(f"{name}: expected numbers, got {type(values).__name__} ({error}).") from error
    wide = given[:, :, np.newaxis] if given.ndim == 2 else given
    if wide.ndim != 3 or wide.shape[2] != columns:
        raise ParameterError(f"{name}: expected an array [N, T, {columns}], got shape {given.shape}.")
    return wide


def _mask(mask: ArrayLike, count: int, steps: int) -> NDArray[np.bool_]:
    try:
        given = np.asarray(mask, np.float64)
    except (TypeError, ValueError) as error:
        raise ParameterError(f"mask: expected zeros and ones, got {type(mask).__name__} ({error}).") from error
    if given.shape != (count, steps):
        raise ParameterError(f"mask: expected shape {(count, steps)}, got {given.shape}.")
    if other := set(np.unique(given)) - {0.0, 1.0}:
        raise ParameterError(f"mask: expected zeros and ones, got {other.pop()}.")
    return given.astype(bool)


def _weights(weights: ArrayLike, shape: tuple[int, int, int], dtype: np.dtype[np.floating]) -> NDArray[np.floating]:
    given = _cube("weights", weights, shape[2])
    if given.shape != shape:
        raise ParameterError(f"weights: expected shape {shape}, got {given.shape}.")
    with np.errstate(over="ignore"):
        result = np.ascontiguousarray(given, dtype)
    if not (np.isfinite(result) & (result >= 0)).all():
        wrong = given[~(np.isfinite(result) & (result >= 0))][0]
        raise ParameterError(f"weights: expected finite numbers from 0 on in {dtype}, got {wrong}.")
    return result


def _finite(
    name: str, values: NDArray[np.float64], counts: NDArray[np.bool_], dtype: np.dtype[np.floating]
) -> NDArray[np.floating]:
    """Return values in dtype, zero where they do not count."""
    with np.errstate(over="ignore"):
        result = np.ascontiguousarray(np.where(counts, values, 0), dtype)
    if not np.isfinite(result).all():
        n, t, k = (int(i) for i in np.argwhere(~np.isfinite(result))[0])
        raise ParameterError(
            f"{name}: expected finite numbers in {dtype}, got {values[n, t, k]} in sequence {n}, step {t}, column {k}. "
            "Mask steps that are missing, or give observations that are the weight 0."
        )
    return result
