"""Networks: many independent networks of one spec, run in one call of the core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.checks import MAX_THREADS, whole_number
from statecast.errors import ParameterError
from statecast.network._core import core
from statecast.network._initialise import initialise
from statecast.network._parameters import Parameters
from statecast.network._spec import Spec
from statecast.network._state import State
from statecast.storage import storable


@storable
@dataclass(frozen=True, eq=False)
class Networks:
    """Many independent networks of one spec.

    Attributes
    ----------
    spec : Spec
    weights : [N, P]
        A row a network: its parameters as ``Parameters.to_flat`` gives them.
    """

    spec: Spec
    weights: NDArray[np.floating]

    @classmethod
    def stack(cls, parameters: Sequence[Parameters]) -> Networks:
        """Put networks of one spec and dtype side by side."""
        specs = {p.spec for p in parameters}
        if len(specs) != 1:
            raise ParameterError(f"expected networks of one spec, got {len(specs)} specs.")
        return cls(specs.pop(), np.stack([p.to_flat() for p in parameters]))

    @classmethod
    def initialise(cls, spec: Spec, seeds: Sequence[int]) -> Networks:
        """Draw a network for every seed; equal seeds are drawn once."""
        unique, drawn = np.unique(np.array(seeds, np.int64), return_inverse=True)
        return cls(spec, np.stack([initialise(spec, int(seed)).to_flat() for seed in unique])[drawn])

    def __len__(self) -> int:
        """Return the number of networks."""
        return len(self.weights)

    def parameters(self, n: int) -> Parameters:
        """Return the parameters of network n."""
        return Parameters.from_flat(self.spec, self.weights[n])


@dataclass(frozen=True, eq=False)
class Feed:
    """Which rows every network sees.

    Attributes
    ----------
    X : [R, I]
        The rows of all sequences, one sequence after another.
    offsets : int64 [S + 1]
        Where each sequence starts; the last entry is R.
    of_network : int64 [N]
        The sequence that each network sees.
    """

    X: NDArray[np.floating]
    offsets: NDArray[np.int64]
    of_network: NDArray[np.int64]

    @classmethod
    def one_row_each(cls, X: NDArray[np.floating]) -> Feed:
        """Row n for network n."""
        return cls(X, np.arange(len(X) + 1), np.arange(len(X)))

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where the outputs of each network start when they stand one network after another, [N + 1]."""
        if len(self.X) == len(self.offsets) - 1:  # a row each, as in a loop over observations, where time counts
            return np.arange(len(self.of_network) + 1)
        starts = np.zeros(len(self.of_network) + 1, np.int64)
        np.cumsum((self.offsets[1:] - self.offsets[:-1])[self.of_network], out=starts[1:])
        return starts


def run_networks(
    networks: Networks, feed: Feed, state: State | None = None, *, threads: int = 1
) -> tuple[NDArray[np.floating], State]:
    """Run every network over its sequence, from the given state on (zero when None).

    Returns
    -------
    outputs : [sum of lengths, O]
        The outputs of network 0, then those of network 1, and so on.
    state : State
        After the last row, with a leading axis for the network.
    """
    whole_number("threads", threads, 1, MAX_THREADS)
    spec, dtype = networks.spec, networks.weights.dtype
    before = State.zeros(spec, dtype, len(networks)) if state is None else state
    flat = len(networks), spec.layers * spec.units
    hidden, cell = np.array(before.hidden, dtype).reshape(flat), np.array(before.cell, dtype).reshape(flat)
    starts = feed.starts
    outputs = np.empty((int(starts[-1]), spec.outputs), dtype)
    core.run(
        spec.sizes,
        networks.weights,
        np.ascontiguousarray(feed.X, dtype),
        feed.offsets,
        feed.of_network,
        hidden,
        cell,
        starts[:-1],
        outputs,
        threads,
    )
    shape = (len(networks), spec.layers, spec.units)
    return outputs, State(hidden.reshape(shape), cell.reshape(shape))
