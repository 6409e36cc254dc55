"""Parameters of one network, from and to Keras and PyTorch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.network._exchange import (
    KERAS,
    PYTORCH,
    Weights,
    check,
    keras_from_pytorch,
    pytorch_from_keras,
    weights_of,
)
from statecast.network._pytorch import Model, in_order
from statecast.network._spec import Spec


@dataclass(frozen=True, eq=False)
class Layer:
    """Parameters of one LSTM layer; the columns hold the gates input, forget, cell, output.

    Attributes
    ----------
    kernel : [I, 4H]
        From the inputs, or the layer below, to the gates.
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
    head_kernel : [H, O], or [H + I, O] with a skip from the inputs
    head_bias : [O]
    """

    spec: Spec
    layers: tuple[Layer, ...]
    head_kernel: NDArray[np.floating]
    head_bias: NDArray[np.floating]

    @classmethod
    def from_keras(cls, weights: Weights, *, residual: bool = False) -> Parameters:
        """Take the arrays of a Keras model of one to four LSTM layers and one Dense layer.

        Parameters
        ----------
        weights : list of arrays, or the model
            What ``model.get_weights()`` gives: kernel, recurrent kernel and bias of each layer, then head kernel
            and head bias. A head kernel of H + I rows is that of a Dense layer over the last layer's output and the
            inputs, put together in this order. The dtype of the arrays is kept.
        residual : bool
            Whether every layer but the first adds its inputs to what it gives; the arrays do not tell.

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
        spec, arrays = check(weights_of(weights), KERAS, residual)
        for a in arrays:
            a.setflags(write=False)
        layers = tuple(Layer(*arrays[k : k + 3]) for k in range(0, 3 * spec.layers, 3))
        return cls(spec, layers, arrays[-2], arrays[-1])

    @classmethod
    def from_pytorch(cls, arrays: Model, *, residual: bool = False) -> Parameters:
        """Take the arrays of a PyTorch model of one to four LSTM layers and one Linear layer; PyTorch is not needed.

        Parameters
        ----------
        arrays : state_dict, module or list of arrays
            What ``model.state_dict()`` gives, or the model, for an ``nn.LSTM`` in one direction, without projection,
            or an ``nn.LSTMCell``, and an ``nn.Linear``. What they are called, and the order, does not matter:
            ``lstm.weight_ih_l0``, ``module.rnn.weight_ih_l0``; the only ``weight`` and ``bias`` beside are the
            head's. A bias that is not there is zero. What else the model does is not in its arrays: its ``forward``
            must give each row to the LSTM and what that gives to the head.

            Or the arrays in order, ``[*lstm.parameters(), *head.parameters()]``: weight_ih [4H, I], weight_hh
            [4H, H], bias_ih [4H] and bias_hh [4H] of each layer, then the head's weight and bias.

            A head of H + I columns is that over the last layer's output and the inputs, put together in this order.
            The two biases of a layer are added up. The dtype of the arrays is kept.
        residual : bool
            Whether every layer but the first adds its inputs to what it gives; the arrays do not tell.

        Raises
        ------
        ParameterError
            If the names, number, shapes or dtypes of the arrays are not those of such a model, or a value is not
            finite.

        Examples
        --------
        >>> import statecast.network as network
        >>> parameters = network.initialise(network.Spec(inputs=1, units=4), seed=1)
        >>> again = network.Parameters.from_pytorch(parameters.to_pytorch())
        >>> bool((again.to_flat() == parameters.to_flat()).all())
        True

        By name:

        >>> names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
        >>> names = [*(f"lstm.{name}" for name in names), "fc.weight", "fc.bias"]
        >>> state_dict = dict(zip(names, parameters.to_pytorch(), strict=True))
        >>> again = network.Parameters.from_pytorch(state_dict)
        >>> bool((again.to_flat() == parameters.to_flat()).all())
        True
        """
        _, checked = check(in_order(arrays), PYTORCH, residual)
        return cls.from_keras(keras_from_pytorch(checked), residual=residual)

    @classmethod
    def from_flat(cls, spec: Spec, flat: NDArray[np.floating]) -> Parameters:
        """Cut one flat array [P], the arrays of ``to_keras`` one after another, into its parts."""
        ends = np.cumsum([int(np.prod(shape)) for shape in spec.shapes])[:-1]
        parts = np.split(flat, ends)
        shaped = [part.reshape(shape) for part, shape in zip(parts, spec.shapes, strict=True)]
        return cls.from_keras(shaped, residual=spec.residual)

    def to_keras(self) -> list[NDArray[np.floating]]:
        """Return the arrays in the order of Keras' ``get_weights()`` and ``set_weights()``."""
        layers = [a for layer in self.layers for a in (layer.kernel, layer.recurrent_kernel, layer.bias)]
        return [*layers, self.head_kernel, self.head_bias]

    def to_pytorch(self) -> list[NDArray[np.floating]]:
        """Return new arrays in the order of ``[*lstm.parameters(), *head.parameters()]`` of PyTorch.

        PyTorch has two biases a layer, whose sum alone counts: all of it is in bias_ih, and bias_hh is zero.

        Examples
        --------
        >>> import statecast.network as network
        >>> parameters = network.initialise(network.Spec(inputs=1, units=4), seed=1)
        >>> [array.shape for array in parameters.to_pytorch()]
        [(16, 1), (16, 4), (16,), (16,), (1, 4), (1,)]
        """
        return pytorch_from_keras(self.to_keras())

    def to_flat(self) -> NDArray[np.floating]:
        """Return all parameters as one flat array [P], in the order of ``to_keras``."""
        return np.concatenate([a.ravel() for a in self.to_keras()])

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """The dtype of all arrays."""
        return self.head_bias.dtype
