"""Trained: what training gives back."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from statecast.network import Parameters


@dataclass(frozen=True, eq=False)
class Trained:
    """One network after training.

    Attributes
    ----------
    parameters : Parameters
        The last ones; with a held-out part those of the best epoch.
    losses : float64 [epochs run]
        For every epoch the mean over its updates of the loss before the update.
    instruction_set : str
        That the numbers come from: over thousands of updates the last bit grows.
    validation_losses : float64 [epochs run], or [0]
        Of the held-out part, after each epoch.
    best_epoch : int, optional
        The epoch of the smallest validation loss, counted from 0.
    """

    parameters: Parameters
    losses: NDArray[np.float64]
    instruction_set: str
    validation_losses: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    best_epoch: int | None = None
