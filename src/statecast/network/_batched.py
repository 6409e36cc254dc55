"""One network over many sequences at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from statecast.checks import MAX_THREADS, whole_number
from statecast.errors import ParameterError
from statecast.network._arrays import cube, finite, mask_of
from statecast.network._core import core
from statecast.network._parameters import Parameters
from statecast.network._state import State


def run_batched(
    parameters: Parameters,
    X: ArrayLike,
    mask: ArrayLike | None = None,
    state: State | None = None,
    *,
    threads: int = 1,
) -> tuple[NDArray[np.floating], State]:
    """Run one network over many sequences, each from its own state on.

    Parameters
    ----------
    parameters : Parameters
    X : [N, T, I]
        N sequences of at most T steps; with one input [N, T] will do.
    mask : [N, T], optional
        1 where a sequence has a step. Where it is 0, what stands in X does not matter and the state passes through.
    state : State, optional
        Before the first step, arrays [N, layers, H]; zero when None.
    threads : int
        The numbers do not depend on it: those of a sequence are the ones that ``run`` gives for it alone.

    Returns
    -------
    outputs : [N, T, O]
        NaN where a sequence has no step.
    state : State
        After the last step, [N, layers, H]; give it back to go on.

    Raises
    ------
    ParameterError
        If a shape does not fit, or a value that counts is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> import statecast.network as network
    >>> parameters = network.initialise(network.Spec(inputs=1, units=4), seed=1)
    >>> X = np.sin(np.arange(12)).reshape(3, 4)
    >>> outputs, state = network.run_batched(parameters, X)
    >>> outputs.shape, state.hidden.shape
    ((3, 4, 1), (3, 1, 4))
    >>> bool((outputs[2] == network.run(parameters, X[2])[0]).all())
    True
    """
    spec, dtype = parameters.spec, parameters.dtype
    given = cube("X", X, spec.inputs)
    count, steps, _ = given.shape
    whole_number("threads", threads, 1, MAX_THREADS)
    there = np.ones((count, steps), bool) if mask is None else mask_of(mask, count, steps)
    rows = finite("X", given, there[:, :, np.newaxis], dtype)
    before = State.zeros(spec, dtype, count) if state is None else state
    shape = (count, spec.layers, spec.units)
    for name, array in (("hidden", before.hidden), ("cell", before.cell)):
        if array.shape != shape or array.dtype != dtype:
            raise ParameterError(f"state.{name}: expected {dtype} of {shape}, got {array.dtype} of {array.shape}.")
    outputs = np.empty((count, steps, spec.outputs), dtype)
    if outputs.size == 0:
        return outputs, before
    hidden, cell = (np.array(a).reshape(count, -1) for a in (before.hidden, before.cell))
    present = None if mask is None else there.astype(np.uint8)
    core.run_batched(spec.sizes, parameters.to_flat(), rows, present, hidden, cell, outputs, threads)
    return outputs, State(hidden.reshape(shape), cell.reshape(shape))
