"""State: the memory of a network after the last observation seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.network._spec import Spec
from statecast.storage import storable


@storable
@dataclass(frozen=True, eq=False)
class State:
    """Hidden and cell state of one network, or of many with a leading axis for the network.

    Attributes
    ----------
    hidden : [..., layers, H]
    cell : [..., layers, H]
    """

    hidden: NDArray[np.floating]
    cell: NDArray[np.floating]

    @classmethod
    def zeros(
        cls, spec: Spec, dtype: np.dtype[np.floating] | type[np.floating] = np.float32, networks: int | None = None
    ) -> State:
        """Return the state before any observation, of one network or of as many as are named."""
        many = () if networks is None else (networks,)
        shape = (*many, spec.layers, spec.units)
        return cls(np.zeros(shape, dtype), np.zeros(shape, dtype))
