"""What networks are trained on, checked once: sequences side by side, or rows with their targets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from statecast.errors import ParameterError
from statecast.network import Parameters, Spec, matrix
from statecast.network._arrays import cube, finite, mask_of, numbers
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
        targets_of_step = _targets_of(spec, loss)
        inputs = cube("X", X, spec.inputs)
        count, steps, _ = inputs.shape
        if count == 0 or steps == 0:
            raise ParameterError(f"X: expected at least 1 sequence of 1 step, got shape {inputs.shape}.")
        shape = (count, steps, targets_of_step)
        there = np.ones((count, steps), bool) if mask is None else mask_of(mask, count, steps)
        weight = None if weights is None else _weights(cube("weights", weights, shape[2]), shape, dtype)
        counts = np.broadcast_to(there[:, :, np.newaxis], shape) if weight is None else there[:, :, None] & (weight > 0)
        if not counts.any():
            raise ParameterError("mask, weights: expected at least 1 observation that counts, got none.")
        targets = cube("y", y, shape[2])
        if targets.shape != shape:
            raise ParameterError(f"y: expected shape {shape}, got {targets.shape}.")
        _check_counts(loss, targets[counts])
        return cls(
            finite("X", inputs, there[:, :, np.newaxis], dtype),
            finite("y", targets, counts, dtype),
            None if mask is None else np.ascontiguousarray(there, np.uint8),
            weight,
        )


@dataclass(frozen=True, eq=False)
class Targets:
    """What rows are to give; what has no weight is zero.

    Attributes
    ----------
    y : [R, Y]
    weights : [R, Y], or None where all are one
    """

    y: NDArray[np.floating]
    weights: NDArray[np.floating] | None

    @classmethod
    def check(
        cls, spec: Spec, loss: Loss, rows: NDArray[np.floating], y: ArrayLike, weights: ArrayLike | None
    ) -> Targets:
        """Bring targets to the rows of a network's inputs [R, I], and to their dtype.

        Raises
        ------
        ParameterError
            If a shape does not fit, there is no row, a weight is negative, or a number that counts is not finite.
        """
        shape = (len(rows), _targets_of(spec, loss))
        given = numbers("y", y)
        wide = given[:, np.newaxis] if given.ndim == 1 else given
        if wide.ndim == 2 and len(wide) != len(rows):
            raise ParameterError(f"y: expected as many rows as X, {len(rows)}, got {len(wide)}.")
        if len(rows) == 0:
            raise ParameterError("X: expected at least 1 row, got 0.")
        weight = None
        if weights is not None:
            of_rows = numbers("weights", weights)
            weight = _weights(of_rows[:, np.newaxis] if of_rows.ndim == 1 else of_rows, shape, rows.dtype)
            wide = np.where(weight > 0, wide, 0) if wide.shape == shape else wide
        _check_counts(loss, wide)
        return cls(matrix("y", wide, shape[1], rows.dtype), weight)


def _targets_of(spec: Spec, loss: Loss) -> int:
    """Return how many targets the outputs of a network are for, Y."""
    if spec.outputs % loss.outputs_per_target:
        raise ParameterError(
            f"outputs: expected a multiple of the {loss.outputs_per_target} that {loss.kind} takes for a target, "
            f"got {spec.outputs}."
        )
    return spec.outputs // loss.outputs_per_target


def _check_counts(loss: Loss, targets: NDArray[np.float64]) -> None:
    if loss.kind == "negative_binomial" and (targets < 0).any():
        raise ParameterError(f"y: expected counts from 0 on for {loss.kind}, got {targets.min()}.")


def _weights(given: NDArray[np.float64], shape: tuple[int, ...], dtype: np.dtype[np.floating]) -> NDArray[np.floating]:
    if given.shape != shape:
        raise ParameterError(f"weights: expected shape {shape}, got {given.shape}.")
    with np.errstate(over="ignore"):
        result = np.ascontiguousarray(given, dtype)
    if not (np.isfinite(result) & (result >= 0)).all():
        wrong = given[~(np.isfinite(result) & (result >= 0))][0]
        raise ParameterError(f"weights: expected finite numbers from 0 on in {dtype}, got {wrong}.")
    return result
