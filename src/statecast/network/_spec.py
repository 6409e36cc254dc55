"""Spec: the sizes of a network."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from statecast.checks import truth, whole_number
from statecast.storage import storable


@storable
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
        LSTM layers, 1 to 4, each of ``units`` units.
    outputs : int
        Numbers that come out at a step, 1 to 100 000.
    residual : bool
        Whether every layer but the first adds its inputs to what it gives.
    skip : bool
        Whether the head sees the inputs too, after what the last layer gives.

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
    residual: bool = False
    skip: bool = False

    def __post_init__(self) -> None:
        whole_number("inputs", self.inputs, 1, 100_000)
        whole_number("units", self.units, 1, 512)
        whole_number("layers", self.layers, 1, 4)
        whole_number("outputs", self.outputs, 1, 100_000)
        truth("residual", self.residual)
        truth("skip", self.skip)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Shapes of the parameters in Keras' ``get_weights()`` order."""
        columns = 4 * self.units
        layers = [
            shape
            for inputs in (self.inputs, *[self.units] * (self.layers - 1))
            for shape in ((inputs, columns), (self.units, columns), (columns,))
        ]
        return (*layers, (self.units + (self.inputs if self.skip else 0), self.outputs), (self.outputs,))

    @property
    def parameter_count(self) -> int:
        """Number of trainable parameters."""
        return sum(prod(shape) for shape in self.shapes)

    @property
    def sizes(self) -> tuple[int, int, int, int, bool, bool]:
        """Inputs, units, outputs, layers, residual and skip, as the core takes them."""
        return self.inputs, self.units, self.outputs, self.layers, self.residual, self.skip
