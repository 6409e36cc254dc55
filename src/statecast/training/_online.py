"""Stateful training in time order, with truncated backpropagation: one call of the core for all epochs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from statecast.checks import MAX_THREADS, positive, whole_number
from statecast.errors import ParameterError, TrainingError
from statecast.network import Feed, Networks, Parameters, build_info, matrix
from statecast.network._core import core
from statecast.series import Progress
from statecast.training._trained import Trained


@dataclass(frozen=True)
class Online:
    """How to train online.

    Parameters
    ----------
    epochs : int
        Passes over the data, 1 to 10 000 000.
    bptt : int
        Rows of a chunk: one update a chunk; gradients stop at its start, the state carries on.
    learning_rate : float
        Of Adam, above 0 and at most 10.

    Raises
    ------
    ParameterError
        If a value is out of its range.
    """

    epochs: int
    bptt: int = 1
    learning_rate: float = 1e-3

    def __post_init__(self) -> None:
        whole_number("epochs", self.epochs, 1, 10_000_000)
        whole_number("bptt", self.bptt, 1, 10_000_000)
        positive("learning_rate", self.learning_rate, 10)


def train_online(
    parameters: Parameters,
    X: ArrayLike,
    y: ArrayLike,
    *,
    epochs: int,
    bptt: int = 1,
    learning_rate: float = 1e-3,
    progress: Progress | None = None,
) -> Trained:
    """Train one network on one sequence, statefully: in time order, the state reset after each epoch.

    Squared error, truncated backpropagation through time (Williams and Peng, 1990, "An efficient gradient-based
    algorithm for on-line training of recurrent network trajectories") over chunks of ``bptt`` rows that do not
    overlap, one update of Adam a chunk (Kingma and Ba, 2015, "Adam: a method for stochastic optimization"; epsilon
    as Keras has it). A shorter last chunk is kept with its own mean. Adam's moments run on over the epochs.

    Parameters
    ----------
    parameters : Parameters
        Where to start from; left as they are. Their dtype is that of the arithmetic.
    X : [T, I]
        A row a step; with one input a vector [T] will do.
    y : [T, O]
        With one output a vector [T] will do.
    epochs, bptt, learning_rate
        As in ``Online``.
    progress : callable, optional
        Gets the epochs done and all epochs, about ten times a second.

    Returns
    -------
    Trained
        With ``.parameters`` and ``.losses``.

    Raises
    ------
    ParameterError
        If a shape does not fit, a value is not finite or out of its range, or there is no row.
    TrainingError
        If the loss of an epoch is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> import statecast.network as network
    >>> from statecast.training import train_online
    >>> x = np.sin(np.arange(30))
    >>> start = network.initialise(network.Spec(inputs=1, units=4), seed=1)
    >>> trained = train_online(start, x[:-1], x[1:], epochs=200)
    >>> bool(trained.losses[-1] < trained.losses[0] / 10)
    True
    """
    how = Online(epochs, bptt, learning_rate)
    spec, dtype = parameters.spec, parameters.dtype
    rows = matrix("X", X, spec.inputs, dtype)
    feed = Feed(rows, np.array([0, len(rows)]), np.zeros(1, np.int64))
    losses = np.empty((1, how.epochs))
    networks = _train(Networks.stack([parameters]), feed, matrix("y", y, spec.outputs, dtype), how, losses, 1, progress)
    return Trained(networks.parameters(0), losses[0], build_info().instruction_set)


def train_networks(
    networks: Networks,
    feed: Feed,
    y: NDArray[np.floating],
    how: Online,
    *,
    threads: int = 1,
    progress: Progress | None = None,
) -> Networks:
    """Train many independent networks, each on its sequence, spread over threads.

    The numbers of a network do not depend on the others, nor on the number of threads. Memory does not grow with
    the number of epochs.

    Parameters
    ----------
    networks : Networks
        Where to start from; left as they are.
    feed : Feed
        The rows that each network sees.
    y : [R, O]
        The target of each row.
    how : Online
    threads : int
        1 to 1024.
    progress : callable, optional
        As in ``train_online``.

    Returns
    -------
    Networks
        The trained ones.

    Raises
    ------
    ParameterError, TrainingError
        As in ``train_online``.
    """
    spec, dtype = networks.spec, networks.weights.dtype
    X = matrix("X", feed.X, spec.inputs, dtype)
    losses = np.empty((len(networks), 1))
    checked = Feed(X, feed.offsets, feed.of_network)
    return _train(networks, checked, matrix("y", y, spec.outputs, dtype), how, losses, threads, progress)


def _train(
    networks: Networks,
    feed: Feed,
    y: NDArray[np.floating],
    how: Online,
    losses: NDArray[np.float64],
    threads: int,
    progress: Progress | None,
) -> Networks:
    """Train; losses [N, epochs], or [N, 1] for the last epoch alone, are written into."""
    if len(feed.X) != len(y):
        raise ParameterError(f"y: expected as many rows as X, {len(feed.X)}, got {len(y)}.")
    if len(y) == 0:
        raise ParameterError("X: expected at least 1 row, got 0.")
    whole_number("threads", threads, 1, MAX_THREADS)
    weights = networks.weights.copy()
    total = how.epochs * len(networks)
    network, epoch = core.train_online(
        networks.spec.sizes,
        weights,
        feed.X,
        y,
        feed.offsets,
        feed.of_network,
        how.epochs,
        how.bptt,
        how.learning_rate,
        losses,
        threads,
        None if progress is None else lambda done: progress(done, total),
    )
    if network >= 0:
        raise TrainingError(
            f"expected a finite loss, got NaN or infinity in epoch {epoch + 1} of network {network}. "
            f"Lower the learning rate (it is {how.learning_rate:g}), or look for extreme values in the data."
        )
    return Networks(networks.spec, weights)
