"""Dropout: what training leaves out."""

from __future__ import annotations

from dataclasses import dataclass

from statecast.checks import number
from statecast.errors import ParameterError


@dataclass(frozen=True)
class Dropout:
    """Variational dropout: numbers that are left out for a whole sequence, drawn anew for each epoch.

    What is kept is divided by its share, so that the mean stays (Gal and Ghahramani, 2016, "A theoretically grounded
    application of dropout in recurrent neural networks").

    Parameters
    ----------
    inputs : float
        Share of the inputs that is left out, from 0 to below 1; also where the head sees them.
    layers : float
        Of what a layer gives to the next one, or to the head. What passes around a residual layer is kept.
    recurrent : float
        Of what a layer sees of its own state of the step before.

    Raises
    ------
    ParameterError
        If a share is out of its range.
    """

    inputs: float = 0.0
    layers: float = 0.0
    recurrent: float = 0.0

    def __post_init__(self) -> None:
        for name, share in (("inputs", self.inputs), ("layers", self.layers), ("recurrent", self.recurrent)):
            if not 0 <= number(name, share) < 1:
                raise ParameterError(f"{name} must be at least 0 and below 1, got {share!r}.")

    @property
    def parts(self) -> tuple[float, float, float]:
        """As the core takes it."""
        return self.inputs, self.layers, self.recurrent
