"""Spec: the sizes of a network."""

from __future__ import annotations

from dataclasses import dataclass

from statecast.checks import whole_number


@dataclass(frozen=True)
class Spec:
    """Sizes of an LSTM with a linear head.

    Parameters
    ----------
    inputs : int
        Numbers that go in at a step, 1 to 100 000.
    units : int
        Hidden units, 1 to 512.
    layers : int
        LSTM layers; 1 for now.
    outputs : int
        Numbers that come out at a step, 1 to 100 000.

    Raises
    ------
    ParameterError
        If a size is no whole number in its range.

    Examples
    --------
    >>> from statecast.network import Spec
    >>> Spec(inputs=1, units=4).parameter_count
    101
    """

    inputs: int
    units: int
    layers: int = 1
    outputs: int = 1

    def __post_init__(self) -> None:
        whole_number("inputs", self.inputs, 1, 100_000)
        whole_number("units", self.units, 1, 512)
        whole_number("layers", self.layers, 1, 1)
        whole_number("outputs", self.outputs, 1, 100_000)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Shapes of the parameters in Keras' ``get_weights()`` order."""
        columns = 4 * self.units
        layer = ((self.inputs, columns), (self.units, columns), (columns,))
        return (*layer, (self.units, self.outputs), (self.outputs,))

    @property
    def parameter_count(self) -> int:
        """Number of trainable parameters."""
        return (self.inputs + self.units + 1) * 4 * self.units + (self.units + 1) * self.outputs

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Inputs, units and outputs, as the core takes them."""
        return self.inputs, self.units, self.outputs
