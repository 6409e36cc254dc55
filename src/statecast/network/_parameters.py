"""Parameters of one network, and their exchange with Keras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.errors import ParameterError
from statecast.network._spec import Spec


@dataclass(frozen=True, eq=False)
class Layer:
    """Parameters of one LSTM layer; the columns hold the gates input, forget, cell, output.

    Attributes
    ----------
    kernel : [I, 4H]
        From the inputs to the gates.
    recurrent_kernel : [H, 4H]
        From the hidden state to the gates.
    bias : [4H]
    """

    kernel: NDArray[np.floating]
    recurrent_kernel: NDArray[np.floating]
    bias: NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Parameters:
    """All parameters of one network, read-only, of one dtype: float32, or float64 for checks.

    Attributes
    ----------
    spec : Spec
    layers : tuple of Layer
    head_kernel : [H, O]
    head_bias : [O]
    """

    spec: Spec
    layers: tuple[Layer, ...]
    head_kernel: NDArray[np.floating]
    head_bias: NDArray[np.floating]

    @classmethod
    def from_keras(cls, weights: Sequence[NDArray[np.floating]]) -> Parameters:
        """Take the arrays of a Keras model of one LSTM layer and one Dense layer.

        Parameters
        ----------
        weights : list of arrays
            What ``model.get_weights()`` gives: kernel, recurrent kernel, bias, head kernel, head bias.
            Their dtype is kept.

        Raises
        ------
        ParameterError
            If the number, shapes or dtypes of the arrays are not those of such a model, or a value is not
            finite.

        Examples
        --------
        >>> import statecast.network as network
        >>> parameters = network.initialise(network.Spec(inputs=1, units=4), seed=1)
        >>> again = network.Parameters.from_keras(parameters.to_keras())
        >>> again.spec == parameters.spec
        True
        """
        arrays = [np.array(w) for w in weights]
        shapes = [a.shape for a in arrays]
        if len(arrays) != 5 or arrays[0].ndim != 2 or arrays[3].ndim != 2:
            raise ParameterError(
                "expected 5 arrays: kernel [I, 4H], recurrent kernel [H, 4H], bias [4H], head kernel [H, O] and "
                f"head bias [O], got {len(arrays)} of shapes {shapes}."
            )
        spec = Spec(inputs=shapes[0][0], units=shapes[3][0], outputs=shapes[3][1])
        if tuple(shapes) != spec.shapes:
            raise ParameterError(f"expected arrays of shapes {list(spec.shapes)}, got {shapes}.")
        dtypes = {a.dtype.name for a in arrays}
        if len(dtypes) != 1 or not dtypes <= {"float32", "float64"}:
            raise ParameterError(f"expected arrays that are all float32 or all float64, got {sorted(dtypes)}.")
        if not all(np.isfinite(a).all() for a in arrays):
            raise ParameterError("expected finite parameters, got NaN or infinity among them.")
        for a in arrays:
            a.setflags(write=False)
        return cls(spec, (Layer(*arrays[:3]),), arrays[3], arrays[4])

    @classmethod
    def from_flat(cls, spec: Spec, flat: NDArray[np.floating]) -> Parameters:
        """Cut one flat array [P], the arrays of ``to_keras`` one after another, into its parts."""
        ends = np.cumsum([int(np.prod(shape)) for shape in spec.shapes])[:-1]
        parts = np.split(flat, ends)
        return cls.from_keras([part.reshape(shape) for part, shape in zip(parts, spec.shapes, strict=True)])

    def to_keras(self) -> list[NDArray[np.floating]]:
        """Return the arrays in the order of Keras' ``get_weights()`` and ``set_weights()``."""
        (layer,) = self.layers
        return [layer.kernel, layer.recurrent_kernel, layer.bias, self.head_kernel, self.head_bias]

    def to_flat(self) -> NDArray[np.floating]:
        """Return all parameters as one flat array [P], in the order of ``to_keras``."""
        return np.concatenate([a.ravel() for a in self.to_keras()])

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """The dtype of all arrays."""
        return self.head_bias.dtype
