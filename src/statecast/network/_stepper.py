"""Stepper: one network that takes one observation at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from statecast.errors import ParameterError
from statecast.network._core import core
from statecast.network._lstm import check_state
from statecast.network._parameters import Parameters
from statecast.network._state import State


class Stepper:
    """A network that owns its state and its buffers, and takes one row at a time without allocating.

    Parameters
    ----------
    parameters : Parameters
    state : State, optional
        Where to start from, zero when None; left as it is.

    Raises
    ------
    ParameterError
        If the state does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> import statecast.network as network
    >>> parameters = network.initialise(network.Spec(inputs=1, units=4), seed=1)
    >>> x = np.linspace(-1, 1, 5, dtype=np.float32)
    >>> stepper = network.Stepper(parameters)
    >>> one_by_one = [stepper.step(x[t : t + 1]).copy() for t in range(5)]
    >>> bool((np.stack(one_by_one) == network.run(parameters, x)[0]).all())
    True
    """

    __slots__ = ("_core", "_outputs", "_parameters")

    def __init__(self, parameters: Parameters, state: State | None = None) -> None:
        before = State.zeros(parameters.spec, parameters.dtype) if state is None else state
        check_state(parameters, before)
        stepper = core.Stepper32 if parameters.dtype == np.float32 else core.Stepper64
        hidden, cell = (np.ascontiguousarray(a.ravel()) for a in (before.hidden, before.cell))
        self._parameters = parameters
        self._core = stepper(parameters.spec.sizes, parameters.to_flat(), hidden, cell)
        self._outputs = np.empty(parameters.spec.outputs, parameters.dtype)

    def step(self, x: ArrayLike) -> NDArray[np.floating]:
        """Take in one row and return the outputs.

        Parameters
        ----------
        x : [I]
            Quickest as a contiguous array of the parameters' dtype. It is not checked for NaN, which would stay in
            the state.

        Returns
        -------
        [O]
            Always the same array: the next step writes over it.

        Raises
        ------
        ParameterError
            If x is not I numbers.
        """
        try:
            self._core.step(x, self._outputs)  # type: ignore[arg-type]  # anything else is brought to an array below
        except (TypeError, ValueError):
            self._core.step(self._row(x), self._outputs)
        return self._outputs

    @property
    def state(self) -> State:
        """The state after the last row, a copy."""
        spec, dtype = self._parameters.spec, self._parameters.dtype
        hidden, cell = (np.empty(spec.layers * spec.units, dtype) for _ in range(2))
        self._core.state(hidden, cell)
        return State(hidden.reshape(spec.layers, -1), cell.reshape(spec.layers, -1))

    def _row(self, x: ArrayLike) -> NDArray[np.floating]:
        try:
            row = np.ascontiguousarray(x, self._parameters.dtype)
        except (TypeError, ValueError) as error:
            raise ParameterError(f"x: expected numbers, got {x!r}.") from error
        if row.shape != (self._parameters.spec.inputs,):
            raise ParameterError(f"x: expected {self._parameters.spec.inputs} numbers, got shape {np.shape(x)}.")
        return row
