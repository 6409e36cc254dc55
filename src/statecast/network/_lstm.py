"""One network over one sequence: run it, or differentiate its loss."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from statecast.errors import ParameterError
from statecast.network._arrays import matrix
from statecast.network._core import core
from statecast.network._networks import Feed, Networks, run_networks
from statecast.network._parameters import Parameters
from statecast.network._state import State


def run(parameters: Parameters, X: ArrayLike, state: State | None = None) -> tuple[NDArray[np.floating], State]:
    """Run a network over a sequence, from a given state on.

    Parameters
    ----------
    parameters : Parameters
    X : [T, I]
        A row a step; with one input a vector [T] will do.
    state : State, optional
        State before the first row, zero when None.

    Returns
    -------
    outputs : [T, O]
    state : State
        After the last row; give it back to go on.

    Raises
    ------
    ParameterError
        If a shape does not fit, or a value is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> import statecast.network as network
    >>> parameters = network.initialise(network.Spec(inputs=1, units=4), seed=1)
    >>> x = np.linspace(-1, 1, 10)
    >>> whole, _ = network.run(parameters, x)
    >>> first, state = network.run(parameters, x[:6])
    >>> second, _ = network.run(parameters, x[6:], state)
    >>> bool((np.concatenate([first, second]) == whole).all())
    True
    """
    spec = parameters.spec
    rows = matrix("X", X, spec.inputs, parameters.dtype)
    before = State.zeros(spec, parameters.dtype) if state is None else state
    check_state(parameters, before)
    if len(rows) == 0:
        return np.empty((0, spec.outputs), parameters.dtype), before
    feed = Feed(rows, np.array([0, len(rows)]), np.zeros(1, np.int64))
    outputs, after = run_networks(Networks.stack([parameters]), feed, before)
    return outputs, State(after.hidden[0], after.cell[0])


def gradient(
    parameters: Parameters, X: ArrayLike, y: ArrayLike, state: State | None = None
) -> tuple[float, Parameters]:
    """Return the loss of one chunk and its gradient, by backpropagation through time.

    Parameters
    ----------
    parameters : Parameters
    X : [T, I]
    y : [T, O]
        With one output a vector [T] will do.
    state : State, optional
        State before the chunk, a constant to the gradient; zero when None.

    Returns
    -------
    loss : float
        Mean squared error over rows and outputs.
    gradient : Parameters
        The derivative of the loss by every parameter, in the shape of the parameters.

    Raises
    ------
    ParameterError
        If a shape does not fit, a value is not finite, or there is no row.

    Examples
    --------
    >>> import statecast.network as network
    >>> parameters = network.initialise(network.Spec(inputs=1, units=4), seed=1)
    >>> loss, slope = network.gradient(parameters, [0.1, 0.2], [0.2, 0.3])
    >>> slope.head_kernel.shape
    (4, 1)
    """
    spec = parameters.spec
    rows = matrix("X", X, spec.inputs, parameters.dtype)
    targets = matrix("y", y, spec.outputs, parameters.dtype)
    before = State.zeros(spec, parameters.dtype) if state is None else state
    check_state(parameters, before)
    flat = np.empty(spec.parameter_count, parameters.dtype)
    hidden, cell = (np.ascontiguousarray(a.ravel()) for a in (before.hidden, before.cell))
    loss = core.gradient(spec.sizes, parameters.to_flat(), rows, targets, hidden, cell, flat)
    return float(loss), Parameters.from_flat(spec, flat)


def check_state(parameters: Parameters, state: State) -> None:
    """Raise ParameterError unless the state is one of this network."""
    shape = (parameters.spec.layers, parameters.spec.units)
    for name, array in (("hidden", state.hidden), ("cell", state.cell)):
        if array.shape != shape or array.dtype != parameters.dtype:
            raise ParameterError(
                f"state.{name}: expected {parameters.dtype} of shape {shape}, got {array.dtype} of {array.shape}."
            )
