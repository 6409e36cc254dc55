"""Adam and the learning rates that it is given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.checks import choice, number, positive, whole_number
from statecast.errors import ParameterError
from statecast.network._core import core

EPSILON = {"keras": 1e-7, "pytorch": 1e-8}


@dataclass(frozen=True)
class Adam:
    """The optimiser (Kingma and Ba, 2015, "Adam: a method for stochastic optimization").

    Parameters
    ----------
    form : "keras" or "pytorch"
        Where epsilon stands: outside the correction of the moments, or inside.
    beta1, beta2 : float
        How much of the moments is kept from update to update, between 0 and 1.
    epsilon : float, optional
        1e-7 for Keras' form and 1e-8 for PyTorch's, as they have it, if None.
    weight_decay : float
        Decoupled, of all parameters: AdamW (Loshchilov and Hutter, 2019, "Decoupled weight decay regularization").
    clip : float, optional
        The gradient is shortened to at most this norm, over all parameters.

    Raises
    ------
    ParameterError
        If a value is out of its range.
    """

    form: str = "keras"
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float | None = None
    weight_decay: float = 0.0
    clip: float | None = None

    def __post_init__(self) -> None:
        choice("form", self.form, tuple(EPSILON))
        for name, beta in (("beta1", self.beta1), ("beta2", self.beta2)):
            if not 0 <= number(name, beta) < 1:
                raise ParameterError(f"{name} must be at least 0 and below 1, got {beta!r}.")
        if self.epsilon is not None:
            positive("epsilon", self.epsilon, 1)
        if number("weight_decay", self.weight_decay) < 0:
            raise ParameterError(f"weight_decay must be at least 0, got {self.weight_decay!r}.")
        if self.clip is not None:
            positive("clip", self.clip, 1e30)

    @property
    def parts(self) -> tuple[float, float, float, bool, float, float]:
        """As the core takes it."""
        epsilon = EPSILON[self.form] if self.epsilon is None else self.epsilon
        return self.beta1, self.beta2, epsilon, self.form == "pytorch", self.weight_decay, self.clip or 0.0


@dataclass(frozen=True)
class Schedule:
    """A learning rate for every update.

    Parameters
    ----------
    kind : "constant" or "cosine"
        After the warm-up: the same throughout, or falling along half a cosine to ``floor`` (Loshchilov and Hutter,
        2017, "SGDR: stochastic gradient descent with warm restarts").
    learning_rate : float
        The highest.
    warm_up : int
        Updates over which the rate rises in equal steps to the highest.
    floor : float
        The last rate of the cosine.

    Raises
    ------
    ParameterError
        If a value is out of its range.

    Examples
    --------
    >>> Schedule("constant", 0.1, warm_up=2).rates(4).tolist()
    [0.05, 0.1, 0.1, 0.1]
    >>> [float(round(rate, 3)) for rate in Schedule("cosine", 0.1).rates(3)]
    [0.1, 0.05, 0.0]
    """

    kind: str = "constant"
    learning_rate: float = 1e-3
    warm_up: int = 0
    floor: float = 0.0

    def __post_init__(self) -> None:
        choice("kind", self.kind, ("constant", "cosine"))
        positive("learning_rate", self.learning_rate, 10)
        whole_number("warm_up", self.warm_up, 0, 10**9)
        if not 0 <= number("floor", self.floor) <= self.learning_rate:
            raise ParameterError(f"floor must be from 0 to the learning rate, got {self.floor!r}.")

    @classmethod
    def of(cls, learning_rate: float | Schedule) -> Schedule:
        """Return a schedule as it is, and a number as a constant one."""
        return learning_rate if isinstance(learning_rate, cls) else cls("constant", learning_rate)  # type: ignore[arg-type]

    def rates(self, updates: int) -> NDArray[np.float64]:
        """Return the learning rates of all updates, [updates]."""
        rates = np.empty(updates)
        core.rates(self.parts, rates)
        return rates

    @property
    def parts(self) -> tuple[float, bool, int, float]:
        """As the core takes it."""
        return self.learning_rate, self.kind == "cosine", self.warm_up, self.floor
