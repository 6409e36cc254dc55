"""Batched training: one network on many sequences, in mini-batches."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from statecast.checks import MAX_THREADS, instance, whole_number
from statecast.errors import ParameterError, TrainingError
from statecast.network import Parameters, build_info
from statecast.network._core import core
from statecast.series import Progress
from statecast.training._adam import Adam, Schedule
from statecast.training._data import Data
from statecast.training._dropout import Dropout
from statecast.training._loss import Loss
from statecast.training._trained import Trained

_How = tuple[
    int,
    int,
    tuple[str, list[float], float],
    tuple[float, float, float, bool, float, float],
    tuple[float, float, float],
    int,
]
"""Batch, window, then loss, optimiser and dropout in parts, and the seed."""
HeldOut = (
    tuple[ArrayLike, ArrayLike]
    | tuple[ArrayLike, ArrayLike, ArrayLike | None]
    | tuple[ArrayLike, ArrayLike, ArrayLike | None, ArrayLike | None]
)
"""X and y, then mask and weights where there are such."""


def train_batched(
    parameters: Parameters,
    X: ArrayLike,
    y: ArrayLike,
    mask: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
    epochs: int,
    batch: int = 32,
    bptt: int | None = None,
    loss: Loss | None = None,
    optimiser: Adam | None = None,
    learning_rate: float | Schedule = 1e-3,
    dropout: Dropout | None = None,
    seed: int = 0,
    validation: HeldOut | None = None,
    patience: int | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> Trained:
    """Train one network on many sequences, starting from given parameters: fine-tuning is the same call.

    The state is zero at the start of each sequence. Backpropagation goes through whole sequences, or through
    windows of ``bptt`` steps, one update a window, the state carried on and gradients stopped at its start.

    Parameters
    ----------
    parameters : Parameters
        Where to start from; left as they are. Their dtype is that of the arithmetic.
    X : [N, T, I]
        N sequences of at most T steps; with one input [N, T] will do.
    y : [N, T, Y]
        The targets: as many as the network's outputs, divided by those that the loss takes for each.
    mask : [N, T], optional
        1 where a sequence has a step. Where it is 0, what stands in X and y does not matter: the state passes
        through unchanged and nothing is learnt.
    weights : [N, T, Y], optional
        Of each observation in the loss; 0 for one that is missing.
    epochs : int
        Passes over all sequences, 1 to 10 000 000.
    batch : int
        Sequences of a mini-batch; their order is drawn anew for each epoch.
    bptt : int, optional
        Steps of a window; whole sequences if None.
    loss : Loss, optional
        Squared error if None.
    optimiser : Adam, optional
        Adam as Keras has it if None.
    learning_rate : float or Schedule
    dropout : Dropout, optional
        None if None. The held-out part is seen without.
    seed : int
        Of the order: epoch e has ``default_rng([seed, e]).permutation(N)``; and of dropout.
    validation : (X, y), (X, y, mask) or (X, y, mask, weights), optional
        A held-out part. The parameters of the epoch with the smallest loss on it are given back.
    patience : int, optional
        Stop after so many epochs without a smaller loss on the held-out part.
    threads : int
        The numbers do not depend on it.
    progress : callable, optional
        Gets the epochs done and all epochs, after each epoch.

    Returns
    -------
    Trained

    Raises
    ------
    ParameterError
        If a shape does not fit, or a value is not finite or out of its range.
    TrainingError
        If the loss or the gradient is not finite: it names the epoch, and its ``parameters`` are the last finite ones.

    Examples
    --------
    >>> import numpy as np
    >>> import statecast.network as network
    >>> from statecast.training import train_batched
    >>> x = np.sin(np.arange(40) / 3 + np.arange(8)[:, np.newaxis])
    >>> start = network.initialise(network.Spec(inputs=1, units=8, layers=2), seed=1)
    >>> trained = train_batched(start, x[:, :-1], x[:, 1:], epochs=60, batch=4, learning_rate=0.01)
    >>> bool(trained.losses[-1] < trained.losses[0] / 10)
    True
    """
    loss = instance("loss", Loss() if loss is None else loss, Loss)
    optimiser = instance("optimiser", Adam() if optimiser is None else optimiser, Adam)
    dropout = instance("dropout", Dropout() if dropout is None else dropout, Dropout)
    data = Data.check(parameters, loss, X, y, mask, weights)
    held_out = _held_out(parameters, loss, validation, patience)
    count, steps = data.X.shape[:2]
    whole_number("epochs", epochs, 1, 10_000_000)
    whole_number("batch", batch, 1, 10_000_000)
    whole_number("seed", seed, 0, 2**62)
    whole_number("threads", threads, 1, MAX_THREADS)
    window = steps if bptt is None else min(whole_number("bptt", bptt, 1, 10_000_000), steps)
    updates = -(-count // batch) * -(-steps // window)
    rates = Schedule.of(learning_rate).rates(epochs * updates).reshape(epochs, updates)
    how = (batch, window, loss.parts, optimiser.parts, dropout.parts, seed)
    trainer = _Trainer(parameters, data, how, threads)
    losses: list[float] = []
    watch = _Watch(parameters)
    for epoch in range(epochs):
        losses.append(trainer.epoch(np.random.default_rng([seed, epoch]).permutation(count), rates[epoch], epoch))
        if held_out is not None:
            now = trainer.parameters
            watch.see(now, _loss(now, held_out, loss, threads), epoch)
        if progress is not None:
            progress(epoch + 1, epochs)
        if patience is not None and epoch - watch.best_epoch >= patience:
            break
    return Trained(
        parameters=trainer.parameters if held_out is None else watch.best,
        losses=np.array(losses),
        instruction_set=build_info().instruction_set,
        validation_losses=np.array(watch.losses),
        best_epoch=None if held_out is None else watch.best_epoch,
    )


def batched_loss(
    parameters: Parameters,
    X: ArrayLike,
    y: ArrayLike,
    mask: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
    loss: Loss | None = None,
    threads: int = 1,
) -> float:
    """Return the loss of a network on many sequences; the arguments are those of ``train_batched``.

    Examples
    --------
    >>> import statecast.network as network
    >>> start = network.initialise(network.Spec(inputs=1, units=4), seed=1)
    >>> batched_loss(start, [[0.1, 0.2]], [[0.0, 0.0]]) > 0
    True
    """
    how = instance("loss", Loss() if loss is None else loss, Loss)
    return _loss(parameters, Data.check(parameters, how, X, y, mask, weights), how, threads)


def batched_gradient(
    parameters: Parameters,
    X: ArrayLike,
    y: ArrayLike,
    mask: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
    loss: Loss | None = None,
    threads: int = 1,
) -> tuple[float, Parameters]:
    """Return the loss on many sequences and its gradient; the arguments are those of ``train_batched``.

    Examples
    --------
    >>> import statecast.network as network
    >>> start = network.initialise(network.Spec(inputs=1, units=4), seed=1)
    >>> value, slope = batched_gradient(start, [[0.1, 0.2]], [[0.0, 0.0]])
    >>> slope.head_bias.shape
    (1,)
    """
    how = instance("loss", Loss() if loss is None else loss, Loss)
    data = Data.check(parameters, how, X, y, mask, weights)
    flat = np.empty(parameters.spec.parameter_count, parameters.dtype)
    value = _loss(parameters, data, how, threads, flat)
    return value, Parameters.from_flat(parameters.spec, flat)


def _loss(
    parameters: Parameters, data: Data, loss: Loss, threads: int, gradient: NDArray[np.floating] | None = None
) -> float:
    whole_number("threads", threads, 1, MAX_THREADS)
    return core.batched_loss(
        parameters.spec.sizes,
        parameters.to_flat(),
        data.X,
        data.y,
        data.present,
        data.weights,
        loss.parts,
        gradient,
        threads,
    )


def _held_out(parameters: Parameters, loss: Loss, validation: HeldOut | None, patience: int | None) -> Data | None:
    if patience is not None:
        whole_number("patience", patience, 1, 10_000_000)
        if validation is None:
            raise ParameterError("patience: expected a held-out part in validation to go with it, got none.")
    if validation is None:
        return None
    if not 2 <= len(validation) <= 4:
        raise ParameterError(f"validation: expected X and y, then mask and weights, got {len(validation)} arrays.")
    return Data.check(parameters, loss, *validation)


class _Trainer:
    """A training under way in the core."""

    def __init__(self, start: Parameters, data: Data, how: _How, threads: int) -> None:
        make = core.BatchedTrainer32 if start.dtype == np.float32 else core.BatchedTrainer64
        self._core = make(start.spec.sizes, start.to_flat(), data.X, data.y, data.present, data.weights, *how)
        self._start = start
        self._threads = threads

    @property
    def parameters(self) -> Parameters:
        """As they are now."""
        flat = np.empty(self._start.spec.parameter_count, self._start.dtype)
        self._core.parameters(flat)
        return Parameters.from_flat(self._start.spec, flat)

    def epoch(self, order: NDArray[np.int64], rates: NDArray[np.float64], number: int) -> float:
        """Make one pass and return its loss."""
        loss, finite = self._core.epoch(order, rates, self._threads)
        if not finite:
            raise _diverged(number, self.parameters)
        return loss


class _Watch:
    """The losses on the held-out part, and the best parameters so far."""

    def __init__(self, start: Parameters) -> None:
        self.best, self.best_epoch = start, 0
        self.losses: list[float] = []

    def see(self, parameters: Parameters, loss: float, epoch: int) -> None:
        """Take in the loss after an epoch."""
        if not np.isfinite(loss):
            raise _diverged(epoch, parameters)
        if loss < min(self.losses, default=np.inf):
            self.best, self.best_epoch = parameters, epoch
        self.losses.append(loss)


def _diverged(epoch: int, parameters: Parameters) -> TrainingError:
    return TrainingError(
        f"expected a finite loss and gradient, got NaN or infinity in epoch {epoch + 1}. Lower the learning rate, clip "
        "the gradient, or look for extreme values in the data.",
        parameters=parameters,
    )
