"""Ensemble: the networks of series of one size, trained, and run as far as all that they see is known."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from statecast.network import Feed, Networks, Parameters, Spec, State, run_networks
from statecast.recipes._adjustment import Rows
from statecast.recipes._size import Size
from statecast.series import Progress
from statecast.storage import storable
from statecast.training import Adam, Loss, Online, Schedule, train_batched, train_networks

Array = NDArray[np.float64]

_HEAD = 0.1  # of the head's first parameters: the forecast begins near the line, and stays where nothing is learnt
_WHOLE_SERIES = 10_000_000
_LOSS = Loss("absolute")
_OPTIMISER = Adam("pytorch", clip=1.0)


@dataclass(frozen=True)
class Work:
    """How much is trained on how many threads, and who is told of it."""

    threads: int
    progress: Progress | None

    def part(self, before: int, total: int) -> Work:
        """Return the work on a part, which begins after so many of all epochs."""
        tell = self.progress
        return self if tell is None else replace(self, progress=lambda done, _: tell(before + done, total))


def start(spec: Spec, seeds: Sequence[int], series: int) -> Networks:
    """Draw the networks of every series; their heads begin small."""
    drawn = Networks.initialise(spec, list(seeds) * series)
    weights = drawn.weights.copy()
    head = (spec.units + (spec.inputs if spec.skip else 0) + 1) * spec.outputs
    weights[:, -head:] *= _HEAD
    return Networks(spec, weights)


def train(networks: Networks, feed: Feed, rows: Rows, size: Size, work: Work) -> Networks:
    """Train every network on its series, in time order or on parts side by side, as its size has it."""
    if size.side_by_side:
        return _train_side_by_side(networks, feed, rows, size, work)
    how = Online(size.epochs, _WHOLE_SERIES, Schedule("cosine", size.learning_rate), _LOSS, _OPTIMISER)
    held_out = held_out_rows(feed.offsets, rows)
    trained = train_networks(
        networks,
        feed,
        rows.y,
        how,
        weights=rows.weights,
        held_out=held_out,
        threads=work.threads,
        progress=work.progress,
    )
    return trained.networks


def held_out_rows(offsets: NDArray[np.int64], rows: Rows) -> NDArray[np.int64]:
    """Return how many rows of each series choose the epoch: none where they have no target to be judged by."""
    lengths = np.diff(offsets)
    held_out = np.minimum(rows.y.shape[1], lengths // 4)
    counts = np.concatenate([[0], np.cumsum(rows.weights.sum(axis=1))])
    judged = counts[offsets[1:]] - counts[offsets[1:] - held_out]
    learnt = counts[offsets[1:] - held_out] - counts[offsets[:-1]]
    return np.where((held_out > 1) & (judged > 0) & (learnt > 0), held_out, 0)


def _train_side_by_side(networks: Networks, feed: Feed, rows: Rows, size: Size, work: Work) -> Networks:
    """Train every network on parts of its series at once; the state is carried on within each."""
    done, lock = [0], Lock()
    total = len(networks) * size.epochs

    def tell(_: int, __: int) -> None:
        with lock:
            done[0] += 1
            if work.progress is not None:
                work.progress(done[0], total)

    def one(network: int) -> Parameters:
        s = feed.of_network[network]
        whole = slice(feed.offsets[s], feed.offsets[s + 1] - rows.y.shape[1])  # rows all of whose targets are known
        length = max((whole.stop - whole.start) // size.streams, 1)
        part = slice(whole.stop - length * size.streams, whole.stop)
        X, y, weights = (a[part].reshape(size.streams, length, -1) for a in (feed.X, rows.y, rows.weights))
        trained = train_batched(
            networks.parameters(network),
            X,
            y,
            weights=weights,
            epochs=size.epochs,
            batch=size.streams,
            bptt=size.window,
            loss=_LOSS,
            optimiser=_OPTIMISER,
            learning_rate=Schedule("cosine", size.learning_rate),
            progress=tell,
        )
        return trained.parameters

    with ThreadPoolExecutor(work.threads) as pool:
        return Networks.stack(list(pool.map(one, range(len(networks)))))


@storable
@dataclass(frozen=True, eq=False)
class Running:
    """Networks and their state, before the last rows of every series.

    What is known of the steps ahead may still change for these rows: they are run anew for every forecast.

    Attributes
    ----------
    networks : Networks
        Network s * M + m is member m of series s.
    state : State
    recent : float64 [S, kept]
        The distances of these rows from the level.
    """

    networks: Networks
    state: State
    recent: Array

    @classmethod
    def warm_up(cls, networks: Networks, feed: Feed, x: Array, kept: int, threads: int) -> Running:
        """Run networks over all rows of their series but the last ``kept``; x [R] are the distances."""
        index = feed.offsets[1:, np.newaxis] + np.arange(-kept, 0)
        passed = np.ones(len(x), bool)
        passed[index] = False
        before = Feed(feed.X[passed], feed.offsets - kept * np.arange(len(feed.offsets)), feed.of_network)
        _, state = run_networks(networks, before, threads=threads)
        return cls(networks, state, x[index])

    def take(self, x: Array, inputs: NDArray[np.float32], kept: int) -> Running:
        """Go on over all rows but the last ``kept``.

        Parameters
        ----------
        x : [S, k]
            Distances of the new rows.
        inputs : [S, kept + k, I]
            Of the recent rows and the new ones.
        """
        recent = np.concatenate([self.recent, x], axis=1)
        passed = recent.shape[1] - kept
        _, state = self._run(inputs[:, :passed])
        return replace(self, state=state, recent=recent[:, passed:])

    def ahead(self, inputs: NDArray[np.float32]) -> tuple[Array, State]:
        """Return what every network gives at the last of the recent rows, [S * M, h], and its state there."""
        return self._run(inputs)

    def _run(self, inputs: NDArray[np.float32]) -> tuple[Array, State]:
        """Run every network over its series' rows [S, k, I]; return what each gives at the end."""
        series, steps, columns = inputs.shape
        each = np.repeat(np.arange(series), len(self.networks) // series)
        feed = Feed(inputs.reshape(-1, columns), np.arange(series + 1) * steps, each)
        outputs, state = run_networks(self.networks, feed, self.state)
        return outputs[feed.starts[1:] - 1].astype(np.float64), state
