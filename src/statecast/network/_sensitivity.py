"""Sensitivity: how the last outputs of a network change with every one of its inputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.errors import ParameterError
from statecast.network._parameters import Parameters

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """The outputs after the last row, [N, O], and their derivatives by all inputs, [N, O, T, I]."""

    outputs: Array
    slopes: Array


def sensitivity(parameters: Parameters, X: Array) -> Sensitivity:
    """Differentiate the outputs after the last row of sequences by their inputs, from a state of zero.

    Backpropagation through time in NumPy and float64, all outputs and sequences at once. Networks of one layer only.

    Parameters
    ----------
    parameters : Parameters
    X : [N, T, I]

    Raises
    ------
    ParameterError
        If the network has more than one layer.

    Examples
    --------
    >>> import numpy as np
    >>> import statecast.network as network
    >>> parameters = network.initialise(network.Spec(inputs=1, units=4), seed=1)
    >>> network.sensitivity(parameters, np.zeros((1, 5, 1))).slopes.shape
    (1, 1, 5, 1)
    """
    spec = parameters.spec
    if spec.layers != 1:
        raise ParameterError(f"layers: expected a network of 1 layer, got {spec.layers}.")
    layer, units = parameters.layers[0], spec.units
    W, R, b = (np.asarray(a, np.float64) for a in (layer.kernel, layer.recurrent_kernel, layer.bias))
    V, v = np.asarray(parameters.head_kernel, np.float64), np.asarray(parameters.head_bias, np.float64)
    count, steps, _ = X.shape
    h = c = np.zeros((count, units))
    tape = []
    for t in range(steps):
        i, f, g, o = _gates(X[:, t] @ W + h @ R + b)
        before, c = c, f * c + i * g
        h = o * np.tanh(c)
        tape.append((i, f, g, o, before, np.tanh(c)))
    outputs = h @ V[:units] + v
    slopes = np.empty((count, spec.outputs, steps, spec.inputs))
    dh = np.broadcast_to(V[:units].T, (count, spec.outputs, units))
    dc = np.zeros((count, spec.outputs, units))
    for t in reversed(range(steps)):
        i, f, g, o, before, tanh_c = (a[:, np.newaxis] for a in tape[t])
        dc = dc + dh * o * (1 - tanh_c**2)
        da = np.concatenate(
            [dc * g * i * (1 - i), dc * before * f * (1 - f), dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)], axis=2
        )
        slopes[:, :, t] = da @ W.T
        dh, dc = da @ R.T, dc * f
    if spec.skip:
        outputs = outputs + X[:, -1] @ V[units:]
        slopes[:, :, -1] += V[units:].T
    return Sensitivity(outputs, slopes)


def _gates(a: Array) -> tuple[Array, Array, Array, Array]:
    """Return input gate, forget gate, candidate and output gate."""
    i, f, g, o = np.split(a, 4, axis=1)
    return _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)


def _sigmoid(a: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * a))
