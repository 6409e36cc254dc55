"""Trained: what training gives back."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from statecast.network import Networks, Parameters


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


@dataclass(frozen=True, eq=False)
class TrainedNetworks:
    """Many networks after training.

    Attributes
    ----------
    networks : Networks
        The last ones; with held-out rows those of each network's best epoch.
    epochs : int64 [N]
        That each network was trained for.
    losses : float64 [N]
        Of the last of them.
    best_epochs : int64 [N]
        The epoch of the smallest loss on the held-out rows, counted from 0; -1 where no rows were held out.
    """

    networks: Networks
    epochs: NDArray[np.int64]
    losses: NDArray[np.float64]
    best_epochs: NDArray[np.int64]
