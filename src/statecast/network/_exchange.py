"""The arrays of a network as Keras and PyTorch keep them, checked and changed from one to the other.

Both have the gates in the order input, forget, cell, output. Keras' matrices are [from, to], as ours; PyTorch's are
[to, from], and it adds two biases in each layer.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from statecast.errors import ParameterError
from statecast.network._spec import Spec

Arrays = list[NDArray[np.floating]]


class KerasModel(Protocol):
    """What a model of Keras has, of all that counts here."""

    def get_weights(self) -> Arrays:
        """Return all arrays in order."""


Weights: TypeAlias = "Sequence[NDArray[np.floating]] | KerasModel"


@dataclass(frozen=True)
class Order:
    """Which arrays a library has for each layer and for the head, and in which shapes.

    Attributes
    ----------
    described : str
        The same in words, for messages.
    of_layer : int
        The number of arrays of a layer: two matrices, the others are biases.
    turned : bool
        Whether its matrices are [to, from].
    """

    described: str
    of_layer: int
    turned: bool

    def shapes(self, spec: Spec) -> list[tuple[int, ...]]:
        """Return the shapes of all arrays of a network."""
        shapes = [
            shape
            for k in range(0, 3 * spec.layers, 3)
            for shape in (*spec.shapes[k : k + 2], *[spec.shapes[k + 2]] * (self.of_layer - 2))
        ]
        return [shape[::-1] if self.turned else shape for shape in (*shapes, *spec.shapes[-2:])]


KERAS = Order(
    "kernel [I, 4H], recurrent kernel [H, 4H] and bias [4H] for each of 1 to 4 layers, then head kernel [H, O] "
    "or [H + I, O] and head bias [O]",
    of_layer=3,
    turned=False,
)
PYTORCH = Order(
    "weight_ih [4H, I], weight_hh [4H, H], bias_ih [4H] and bias_hh [4H] for each of 1 to 4 layers, then head weight "
    "[O, H] or [O, H + I] and head bias [O]",
    of_layer=4,
    turned=True,
)


def weights_of(model: Weights) -> Iterable[ArrayLike]:
    """Return the arrays of a Keras model, or the arrays as they are.

    Raises
    ------
    ParameterError
        If it is a path, or arrays by name.
    """
    if isinstance(model, str | os.PathLike):
        raise ParameterError(
            f"expected what model.get_weights() gives, got the path {os.fspath(model)}: load it with "
            "keras.models.load_model(path) and give the model."
        )
    if isinstance(model, Mapping):
        raise ParameterError(
            f"expected a list of arrays, as model.get_weights() gives it, got a mapping of {len(model)} names: give "
            "the arrays in its order; a state_dict of PyTorch is for from_pytorch."
        )
    get_weights = getattr(model, "get_weights", None)
    return get_weights() if callable(get_weights) else model  # type: ignore[return-value]


def check(arrays: Iterable[ArrayLike], order: Order, residual: bool) -> tuple[Spec, Arrays]:
    """Return the spec of a network and copies of its arrays.

    Raises
    ------
    ParameterError
        If the number, shapes or dtypes of the arrays are not those of a network in this order, or a value is not
        finite.
    """
    try:
        copies = [np.asarray(_plain(a)).copy() for a in arrays]
    except (TypeError, ValueError, RuntimeError) as error:  # PyTorch's tensors of a dtype that NumPy lacks refuse
        raise ParameterError(f"expected arrays of numbers ({error}).") from error
    spec = _spec_of([a.shape for a in copies], order, residual)
    dtypes = {a.dtype.name for a in copies}
    if len(dtypes) != 1 or not dtypes <= {"float32", "float64"}:
        raise ParameterError(
            f"expected arrays that are all float32 or all float64, got {sorted(dtypes)}: convert them."
        )
    if not all(np.isfinite(a).all() for a in copies):
        raise ParameterError("expected finite parameters, got NaN or infinity among them.")
    return spec, copies


def _plain(array: ArrayLike) -> ArrayLike:
    """Return an array as it is, a tensor of PyTorch without its gradient and in main memory."""
    detach = getattr(array, "detach", None)
    return detach().cpu() if callable(detach) else array


def keras_from_pytorch(arrays: Arrays) -> Arrays:
    """Turn the matrices and add up the two biases of each layer."""
    *layers, head_weight, head_bias = arrays
    result = []
    for k in range(0, len(layers), 4):
        weight_ih, weight_hh, bias_ih, bias_hh = layers[k : k + 4]
        with np.errstate(over="ignore"):  # an infinite sum is refused with the other values
            result += [weight_ih.T, weight_hh.T, bias_ih + bias_hh]
    return [*result, head_weight.T, head_bias]


def pytorch_from_keras(arrays: Arrays) -> Arrays:
    """Turn the matrices and put a zero bias_hh in each layer; all arrays are new."""
    *layers, head_kernel, head_bias = arrays
    result = []
    for k in range(0, len(layers), 3):
        kernel, recurrent_kernel, bias = layers[k : k + 3]
        result += [kernel.T.copy(), recurrent_kernel.T.copy(), bias.copy(), np.zeros_like(bias)]
    return [*result, head_kernel.T.copy(), head_bias.copy()]


def _spec_of(shapes: list[tuple[int, ...]], order: Order, residual: bool) -> Spec:
    """Return the spec whose parameters have these shapes."""
    layers, rest = divmod(len(shapes) - 2, order.of_layer)
    if rest or not 1 <= layers <= 4 or any(len(shapes[k]) != 2 for k in (0, 1, -2)):
        raise ParameterError(f"expected {order.described}; got {len(shapes)} arrays of shapes {shapes}.")
    (inputs, _), (units, _), (seen, outputs) = (shapes[k][::-1] if order.turned else shapes[k] for k in (0, 1, -2))
    spec = Spec(inputs, units, layers, outputs, residual=residual, skip=seen == units + inputs)
    if shapes != order.shapes(spec):
        raise ParameterError(f"expected {order.described}, so shapes {order.shapes(spec)}; got {shapes}.")
    return spec
