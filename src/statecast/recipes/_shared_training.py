"""How a shared recipe learns: from rows of all series, after their held-out ends have said how much to believe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from statecast.network import Networks, Spec, run_batched
from statecast.recipes._anchor import by_step
from statecast.recipes._ensemble import Work, start
from statecast.recipes._shared_columns import Beside, Scales
from statecast.recipes._shared_model import Model, blocks
from statecast.recipes._standing import Standing
from statecast.series import Panel, Sequences
from statecast.training import Adam, Loss, Schedule, Trained, train_batched

Array = NDArray[np.float64]
Index = NDArray[np.int64]

BELIEVED = 0.6
"""Share of the networks in the forecast, as far as held-out ends do not say otherwise."""

_DOUBT = 0.1  # relative error that a trust 1 away from what is believed must save
_UPDATES = 1500  # of a training, that the epochs are to come to
_EPOCHS = (4, 100)
_JUDGES = 2  # networks that are trained without the ends
_FEWEST = 30  # rows that an end is judged by
_TARGET = 50.0  # mean changes from the line that a network is asked for at most
_OPTIMISER = Adam("pytorch", clip=1.0)


@dataclass(frozen=True)
class Network:
    """The sizes of the networks, and how they are trained.

    Attributes
    ----------
    units, layers : int
        Hidden units of each layer; the layers after the first add what they are given.
    lags : int
    horizon : int
    loss : Loss
    epochs : int or None
        Found out where None.
    batch : int
    learning_rate : float
    trust : float or None
        Found out where None.
    """

    units: int
    layers: int
    lags: int
    horizon: int
    loss: Loss
    epochs: int | None
    batch: int
    learning_rate: float
    trust: float | None


@dataclass(frozen=True, eq=False)
class Lessons:
    """Sequences to learn from: X [N, T, I], y [N, T, h], there [N, T], weights [N, T, h]; and ends held out, if any."""

    X: NDArray[np.float32]
    y: NDArray[np.float32]
    there: NDArray[np.bool_]
    weights: NDArray[np.float32]
    ends: Lessons | None = None


def learn(panel: Panel, network: Network, seeds: Sequence[int], work: Work) -> Model:
    """Learn from all series of a panel, in an order of its own: that of the ids."""
    panel = panel.select(np.argsort(np.array(panel.ids), kind="stable"))
    columns = Scales.fit(panel, network.horizon)
    epochs, trust = network.epochs, network.trust
    most = _most_epochs(len(panel), network.batch) if epochs is None else epochs
    judges = list(seeds[:_JUDGES])
    told = _Told(work, most * (len(seeds) + (len(judges) if epochs is None or trust is None else 0)))
    if epochs is None or trust is None:
        found = _judge(panel, network, columns, judges, most, told)
        epochs, trust = found[0] if epochs is None else epochs, found[1] if trust is None else trust
    lessons = _lessons(panel, panel, network, columns, _recent(network.horizon))
    networks, _ = _train(network, lessons, _begin(network, lessons, seeds), seeds, epochs, told)
    return Model(networks, network.lags, columns, trust)


def go_on(model: Model, panel: Panel, network: Network, seeds: Sequence[int], epochs: int, work: Work) -> Model:
    """Train the networks of a model on, on a panel of their own: fine-tuning."""
    panel = panel.select(np.argsort(np.array(panel.ids), kind="stable"))
    lessons = _lessons(panel, panel, network, model.columns, _recent(network.horizon))
    told = _Told(work, epochs * len(model.networks))
    networks, _ = _train(network, lessons, model.networks, seeds, epochs, told)
    return Model(networks, model.lags, model.columns, model.trust)


def _most_epochs(series: int, batch: int) -> int:
    return int(np.clip(-(-_UPDATES // -(-series // batch)), *_EPOCHS))


class _Told:
    """Who is told of the work done, from several threads."""

    def __init__(self, work: Work, total: int) -> None:
        self.threads = work.threads
        self._progress, self._total, self._done, self._lock = work.progress, total, 0, Lock()

    def __call__(self, _: int, __: int) -> None:
        """Tell of another epoch."""
        with self._lock:
            self._done += 1
            if self._progress is not None:
                self._progress(min(self._done, self._total), self._total)


def _judge(
    panel: Panel, network: Network, columns: Scales | None, seeds: Sequence[int], epochs: int, told: _Told
) -> tuple[int, float]:
    """Return the epochs and the trust that a few networks which have not seen the ends of the series do best with.

    Two horizons are held out at the end of every series that is long enough, and forecast from every origin in the
    first of these. One stretch of time is a single witness: what it says of the trust must pay to be believed.
    """
    h, lengths = network.horizon, panel.lengths
    judged = lengths >= 2 * h + max(2 * panel.frequency.season, 6)
    if int(judged.sum()) * (h + 1) < _FEWEST:
        return epochs, BELIEVED
    history = panel.window(None, np.where(judged, lengths - 2 * h, lengths))
    some = np.flatnonzero(judged)
    ends = _lessons(panel.select(some), history.select(some), network, columns, _ends(h))
    if len(ends.X) == 0:  # no series that is long enough varies
        return epochs, BELIEVED
    lessons = replace(_lessons(history, history, network, columns, _recent(h)), ends=ends)
    networks, best = _train(network, lessons, _begin(network, lessons, seeds), seeds, epochs, told)
    outputs = np.mean([run_batched(networks.parameters(m), ends.X, ends.there)[0] for m in range(len(seeds))], axis=0)
    counted = ends.weights > 0
    shares = np.linspace(0.0, 1.0, 11)
    errors = np.array([_error(network.loss, ends.y[counted] - share * outputs[counted]) for share in shares])
    doubt = _DOUBT * (shares - BELIEVED) ** 2
    enough = round(max(float(np.mean(best)), epochs / 2))
    return enough, float(shares[int(np.argmin(errors / max(float(errors.min()), 1e-12) + doubt))])


def _error(loss: Loss, errors: NDArray[np.floating]) -> float:
    (quantile,) = loss.quantiles or (0.5,)
    return float(np.mean(np.maximum(quantile * errors, (quantile - 1) * errors)))


def _train(
    network: Network, lessons: Lessons, begin: Networks, seeds: Sequence[int], epochs: int, told: _Told
) -> tuple[Networks, list[int]]:
    """Train networks, each on one thread, so that the numbers do not depend on how many there are.

    Return them, and after how many epochs each was best on the held-out ends; without ends that is after all.
    """
    if len(lessons.X) == 0:  # no series varies: nothing to learn, and the outputs do not matter
        return begin, [epochs] * len(seeds)
    ends = lessons.ends

    def one(member: int) -> Trained:
        return train_batched(
            begin.parameters(member),
            lessons.X,
            lessons.y,
            lessons.there,
            weights=lessons.weights,
            epochs=epochs,
            batch=network.batch,
            loss=network.loss,
            optimiser=_OPTIMISER,
            learning_rate=Schedule("cosine", network.learning_rate),
            seed=seeds[member],
            validation=None if ends is None else (ends.X, ends.y, ends.there, ends.weights),
            patience=None if ends is None else max(epochs // 3, 3),
            progress=told,
        )

    with ThreadPoolExecutor(told.threads) as pool:
        trained = list(pool.map(one, range(len(seeds))))
    best = [epochs if one.best_epoch is None else 1 + one.best_epoch for one in trained]
    return Networks.stack([one.parameters for one in trained]), best


def _begin(network: Network, lessons: Lessons, seeds: Sequence[int]) -> Networks:
    """Draw the weights that networks begin with."""
    spec = Spec(lessons.X.shape[2], network.units, network.layers, network.horizon, residual=network.layers > 1)
    return start(spec, seeds, 1)


Weigh = Callable[[Index, Index], Array]
"""Gives the weights [S, T] of the steps [T] of series of lengths [S, 1] as rows to learn from."""


def _recent(horizon: int) -> Weigh:
    """Later rows count more: by a factor e for two horizons, or for a third of a long series."""

    def weigh(lengths: Index, steps: Index) -> Array:
        age = np.maximum(lengths - horizon - steps, 0)
        return np.asarray(np.exp(-age / np.maximum(2 * horizon, lengths / 3)))

    return weigh


def _ends(horizon: int) -> Weigh:
    """Only the rows count whose targets are in the last two horizons."""

    def weigh(lengths: Index, steps: Index) -> Array:
        first = lengths - 2 * horizon - 1
        return np.asarray(((steps >= first) & (steps <= first + horizon)).astype(np.float64))

    return weigh


def _lessons(panel: Panel, adjusted_by: Panel, network: Network, columns: Scales | None, weigh: Weigh) -> Lessons:
    """Return the rows of a panel, its series adjusted by what they are in another one: up to their held-out ends."""
    longest = int(panel.lengths.max())
    length = min(longest, max(2 * int(np.median(panel.lengths)), 4 * network.horizon, 64))
    parts = []
    for block in blocks(panel.lengths):
        part = panel.select(block)
        standing = Standing.fit(adjusted_by.select(block), network.lags)
        parts.append(_cut(_of_block(part, standing, network, columns, weigh), length))
    X, y, there, weights = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    if (total := float(weights.sum(dtype=np.float64))) > 0:
        weights *= np.float32((weights > 0).sum() / total)
    return Lessons(X, y, there.astype(bool), weights)


def _of_block(
    panel: Panel, standing: Standing, network: Network, columns: Scales | None, weigh: Weigh
) -> tuple[Array, ...]:
    seen = standing.seen(panel)
    X = seen.inputs(network.lags)
    steps, h = np.arange(X.shape[1]), network.horizon
    if columns is not None and panel.covariates is not None:
        X = np.concatenate([X, columns.inputs(Beside.of(panel.covariates, panel.lengths), len(steps))], axis=2)
    there = ~np.isnan(seen.values)
    y = seen.targets(h)
    known = ~np.isnan(y) & standing.varies[:, np.newaxis, np.newaxis]
    if panel.filled is not None:
        filled = by_step(Sequences(panel.filled.astype(np.float64), panel.offsets))
        index = steps[:, np.newaxis] + np.arange(1, h + 1)
        known &= filled[:, np.minimum(index, len(steps) - 1)] == 0
    weights = known * weigh(panel.lengths[:, np.newaxis], steps)[:, :, np.newaxis]
    y = np.clip(np.where(known, y, 0.0), -_TARGET, _TARGET)
    return np.where(there[:, :, np.newaxis], X, 0.0), y, there[:, :, np.newaxis], weights


def _cut(arrays: tuple[Array, ...], length: int) -> list[NDArray[np.float32]]:
    """Cut sequences [S, T, C] into pieces of a length, and leave out those without anything to learn."""
    count, steps = arrays[0].shape[:2]
    pieces = -(-steps // length)
    cut = []
    for array in arrays:
        whole = np.zeros((count, pieces * length, array.shape[2]), np.float32)
        whole[:, :steps] = array
        cut.append(whole.reshape(count * pieces, length, -1))
    kept = cut[-1].any(axis=(1, 2))
    X, y, there, weights = (array[kept] for array in cut)
    return [X, y, there[:, :, 0], weights]
