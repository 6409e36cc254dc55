"""Sensitivity: how the last outputs of a network change with every one of its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.network._parameters import Layer, Parameters

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """The outputs after the last row, [N, O], and their derivatives by all inputs, [N, O, T, I]."""

    outputs: Array
    slopes: Array


def sensitivity(parameters: Parameters, X: Array) -> Sensitivity:
    """Differentiate the outputs after the last row of sequences by their inputs, from a state of zero.

    Backpropagation through time in NumPy and float64, all outputs and sequences at once.

    Parameters
    ----------
    parameters : Parameters
    X : [N, T, I]

    Examples
    --------
    >>> import numpy as np
    >>> import statecast.network as network
    >>> parameters = network.initialise(network.Spec(inputs=1, units=4), seed=1)
    >>> network.sensitivity(parameters, np.zeros((1, 5, 1))).slopes.shape
    (1, 1, 5, 1)
    """
    spec, units = parameters.spec, parameters.spec.units
    V, v = np.asarray(parameters.head_kernel, np.float64), np.asarray(parameters.head_bias, np.float64)
    rows, runs = np.asarray(X, np.float64), []
    for number, layer in enumerate(parameters.layers):
        runs.append(_Run.over(layer, rows))
        rows = runs[-1].hidden + rows if spec.residual and number else runs[-1].hidden
    outputs = rows[:, -1] @ V[:units] + v
    slopes = np.zeros((len(X), spec.outputs, X.shape[1], units))  # by what the head sees of the top layer
    slopes[:, :, -1] = V[:units].T
    for number in reversed(range(spec.layers)):
        below = runs[number].back(slopes)
        slopes = below + slopes if spec.residual and number else below
    if spec.skip:
        outputs = outputs + X[:, -1] @ V[units:]
        slopes[:, :, -1] += V[units:].T
    return Sensitivity(outputs, slopes)


@dataclass(frozen=True, eq=False)
class _Run:
    """A layer's run over sequences: its kernels, hidden states [N, T, H], and what going backward needs of each step.

    That is input gate, forget gate, candidate, output gate, the cell before, and the tanh of the cell after, [N, H].
    """

    kernel: Array
    recurrent_kernel: Array
    hidden: Array
    tape: Sequence[tuple[Array, ...]]

    @classmethod
    def over(cls, layer: Layer, X: Array) -> _Run:
        """Run over sequences [N, T, I] from a state of zero."""
        W, R, b = (np.asarray(a, np.float64) for a in (layer.kernel, layer.recurrent_kernel, layer.bias))
        h = c = np.zeros((len(X), len(R)))
        hidden, tape = np.empty((*X.shape[:2], len(R))), []
        for t in range(X.shape[1]):
            i, f, g, o = _gates(X[:, t] @ W + h @ R + b)
            before, c = c, f * c + i * g
            hidden[:, t] = h = o * np.tanh(c)
            tape.append((i, f, g, o, before, np.tanh(c)))
        return cls(W, R, hidden, tape)

    def back(self, by_hidden: Array) -> Array:
        """Return slopes by the inputs, [N, O, T, I], from those by the hidden states, [N, O, T, H]."""
        count, outputs, steps, units = by_hidden.shape
        slopes = np.empty((count, outputs, steps, len(self.kernel)))
        dh = dc = np.zeros((count, outputs, units))
        for t in reversed(range(steps)):
            i, f, g, o, before, tanh_c = (a[:, np.newaxis] for a in self.tape[t])
            dh = dh + by_hidden[:, :, t]
            dc = dc + dh * o * (1 - tanh_c**2)
            da = np.concatenate(
                [dc * g * i * (1 - i), dc * before * f * (1 - f), dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)],
                axis=2,
            )
            slopes[:, :, t] = da @ self.kernel.T
            dh, dc = da @ self.recurrent_kernel.T, dc * f
        return slopes


def _gates(a: Array) -> tuple[Array, Array, Array, Array]:
    """Return input gate, forget gate, candidate and output gate."""
    i, f, g, o = np.split(a, 4, axis=1)
    return _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)


def _sigmoid(a: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * a))
