"""Stateful training in time order, with truncated backpropagation: one call of the core for all epochs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from statecast.checks import MAX_THREADS, instance, whole_number
from statecast.errors import ParameterError, TrainingError
from statecast.network import Feed, Networks, Parameters, build_info, matrix
from statecast.network._core import core
from statecast.series import Progress
from statecast.training._adam import Adam, Schedule
from statecast.training._data import Targets
from statecast.training._loss import Loss
from statecast.training._trained import Trained, TrainedNetworks


@dataclass(frozen=True)
class Online:
    """How to train online.

    Parameters
    ----------
    epochs : int
        Passes over the data, 1 to 10 000 000.
    bptt : int
        Rows of a chunk: one update a chunk; gradients stop at its start, the state carries on.
    learning_rate : float or Schedule
        Of Adam; a number above 0 and at most 10 is constant.
    loss : Loss
    optimiser : Adam
    held_out : int
        The last rows of a sequence that are not trained on. After each epoch the network goes on over them from the
        state that it has; the parameters of the epoch with the smallest loss on them are given back.
    patience : int, optional
        Stop after so many epochs without a smaller loss on the held-out rows.

    Raises
    ------
    ParameterError
        If a value is out of its range.
    """

    epochs: int
    bptt: int = 1
    learning_rate: float | Schedule = 1e-3
    loss: Loss = field(default_factory=Loss)
    optimiser: Adam = field(default_factory=Adam)
    held_out: int = 0
    patience: int | None = None

    def __post_init__(self) -> None:
        whole_number("epochs", self.epochs, 1, 10_000_000)
        whole_number("bptt", self.bptt, 1, 10_000_000)
        Schedule.of(self.learning_rate)
        instance("loss", self.loss, Loss)
        instance("optimiser", self.optimiser, Adam)
        whole_number("held_out", self.held_out, 0, 10_000_000)
        if self.patience is not None:
            whole_number("patience", self.patience, 1, 10_000_000)
            if self.held_out == 0:
                raise ParameterError("patience: expected rows in held_out to go with it, got none.")


def train_online(
    parameters: Parameters,
    X: ArrayLike,
    y: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    epochs: int,
    bptt: int = 1,
    learning_rate: float | Schedule = 1e-3,
    loss: Loss | None = None,
    optimiser: Adam | None = None,
    held_out: int = 0,
    patience: int | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Train one network on one sequence, statefully: in time order, the state reset after each epoch.

    Truncated backpropagation through time (Williams and Peng, 1990, "An efficient gradient-based
    algorithm for on-line training of recurrent network trajectories") over chunks of ``bptt`` rows that do not
    overlap, one update of Adam a chunk. A shorter last chunk is kept with its own mean. Adam's moments run on over the
    epochs.

    Parameters
    ----------
    parameters : Parameters
        Where to start from; left as they are. Their dtype is that of the arithmetic.
    X : [T, I]
        A row a step; with one input a vector [T] will do.
    y : [T, Y]
        The targets: as many as the network's outputs, divided by those that the loss takes for each. With one target
        a vector [T] will do.
    weights : [T, Y], optional
        Of each observation in the loss; 0 for one that is missing.
    epochs, bptt, learning_rate, held_out, patience
        As in ``Online``.
    loss : Loss, optional
        Squared error if None.
    optimiser : Adam, optional
        Adam as Keras has it if None.
    progress : callable, optional
        Gets the epochs done and all epochs, about ten times a second.

    Returns
    -------
    Trained

    Raises
    ------
    ParameterError
        If a shape does not fit, a value is not finite or out of its range, or there is no row.
    TrainingError
        If the loss or the gradient is not finite: it names the epoch, and its ``parameters`` are those of the last
        epoch before (with held-out rows, of the best one).

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
    how = Online(
        epochs,
        bptt,
        learning_rate,
        Loss() if loss is None else loss,
        Adam() if optimiser is None else optimiser,
        held_out,
        patience,
    )
    rows = matrix("X", X, parameters.spec.inputs, parameters.dtype)
    feed = Feed(rows, np.array([0, len(rows)]), np.zeros(1, np.int64))
    try:
        where = _Where(epochs, 1, progress)
        run = _train(Networks.stack([parameters]), feed, y, weights, how, np.array([how.held_out]), where)
    except TrainingError as error:
        if isinstance(error.parameters, Networks):
            error.parameters = error.parameters.parameters(0)
        raise
    done = slice(int(run.epochs[0]))
    return Trained(
        parameters=run.networks.parameters(0),
        losses=run.losses[0, done],
        instruction_set=build_info().instruction_set,
        validation_losses=run.held_out_losses[0, done] if held_out else np.zeros(0),
        best_epoch=int(run.best_epochs[0]) if held_out else None,
    )


def train_networks(
    networks: Networks,
    feed: Feed,
    y: ArrayLike,
    how: Online,
    *,
    weights: ArrayLike | None = None,
    held_out: NDArray[np.int64] | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> TrainedNetworks:
    """Train many independent networks, each on its sequence, spread over threads.

    The numbers of a network do not depend on the others, nor on the number of threads. Memory does not grow with
    the number of epochs.

    Parameters
    ----------
    networks : Networks
        Where to start from; left as they are.
    feed : Feed
        The rows that each network sees.
    y : [R, Y]
        The targets of each row.
    how : Online
    weights : [R, Y], optional
        Of each observation in the loss; 0 for one that is missing.
    held_out : int64 [S], optional
        The last rows of each sequence that are not trained on, where they are not ``how.held_out`` for all.
    threads : int
        1 to 1024.
    progress : callable, optional
        As in ``train_online``.

    Returns
    -------
    TrainedNetworks

    Raises
    ------
    ParameterError
        As in ``train_online``.
    TrainingError
        As in ``train_online``; it names the first such network, and its ``parameters`` are all ``Networks``.
    """
    last_rows = np.full(len(feed.offsets) - 1, how.held_out) if held_out is None else held_out
    run = _train(networks, feed, y, weights, how, last_rows, _Where(1, threads, progress))
    return TrainedNetworks(run.networks, run.epochs, run.losses[:, 0], run.best_epochs)


@dataclass(frozen=True, eq=False)
class _Where:
    """For how many epochs losses are kept, and how it is run."""

    losses: int
    threads: int
    progress: Progress | None


@dataclass(frozen=True, eq=False)
class _Run:
    """What the core gives back; losses [N, 1 or epochs]."""

    networks: Networks
    losses: NDArray[np.float64]
    held_out_losses: NDArray[np.float64]
    epochs: NDArray[np.int64]
    best_epochs: NDArray[np.int64]


def _train(
    networks: Networks,
    feed: Feed,
    y: ArrayLike,
    weights: ArrayLike | None,
    how: Online,
    held_out: NDArray[np.int64],
    where: _Where,
) -> _Run:
    spec, count = networks.spec, len(networks)
    X = matrix("X", feed.X, spec.inputs, networks.weights.dtype)
    targets = Targets.check(spec, how.loss, X, y, weights)
    _check_parts(feed, targets, held_out)
    whole_number("threads", where.threads, 1, MAX_THREADS)
    flat, outcomes = networks.weights.copy(), np.empty((count, 3), np.int64)
    losses, held_out_losses = (np.full((count, where.losses), np.nan) for _ in range(2))
    progress, total = where.progress, how.epochs * count
    core.train_online(
        spec.sizes,
        flat,
        X,
        targets.y,
        targets.weights,
        feed.offsets,
        feed.of_network,
        held_out if held_out.any() else None,
        (how.epochs, how.bptt, how.patience or 0),
        Schedule.of(how.learning_rate).parts,
        how.loss.parts,
        how.optimiser.parts,
        losses,
        held_out_losses,
        outcomes,
        where.threads,
        None if progress is None else lambda done: progress(done, total),
    )
    epochs, best, diverged = outcomes.T
    result = Networks(spec, flat)
    if (diverged >= 0).any():
        network = int(np.flatnonzero(diverged >= 0)[0])
        raise TrainingError(
            f"expected a finite loss and gradient, got NaN or infinity in epoch {diverged[network] + 1} of network "
            f"{network}. Lower the learning rate (it is {Schedule.of(how.learning_rate).learning_rate:g}), clip the "
            "gradient, or look for extreme values in the data.",
            parameters=result,
        )
    return _Run(result, losses, held_out_losses, epochs, best)


def _check_parts(feed: Feed, targets: Targets, held_out: NDArray[np.int64]) -> None:
    """Refuse to hold out, [S], whole sequences, and parts of them in which no observation counts."""
    lengths = np.diff(feed.offsets)
    if held_out.any() and (short := lengths <= held_out).any():
        s = int(np.flatnonzero(short)[0])
        raise ParameterError(
            f"held_out: expected fewer rows than every sequence has, at most {lengths[s] - 1}, got {held_out[s]}."
        )
    if targets.weights is not None:
        counts = np.concatenate([[0], np.cumsum((targets.weights > 0).sum(axis=1))])
        starts, middles, ends = feed.offsets[:-1], feed.offsets[1:] - held_out, feed.offsets[1:]
        learnt, rest = counts[middles] - counts[starts], counts[ends] - counts[middles]
        if not learnt.all() or not rest[held_out > 0].all():
            raise ParameterError("weights: expected at least 1 observation that counts in each part, got none.")
