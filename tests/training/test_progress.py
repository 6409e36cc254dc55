"""Long training can be watched, and stopped by an error in the callback or by Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
import time

import numpy as np
import pytest

from reference.problems import draw_data
from statecast.network import Feed, Networks, Parameters, Spec, initialise
from statecast.training import Online, Progress, Trained, train_networks, train_online

SPEC = Spec(1, 4)
LONG = 10_000_000  # epochs: half a minute and more


def train_long(progress: Progress | None = None, *, start: Parameters | None = None) -> Trained:
    X, y = draw_data(SPEC, 20, 1)
    return train_online(start or initialise(SPEC, 1), X, y, epochs=LONG, progress=progress)


class Enough(Exception):  # noqa: N818
    """What the callbacks of these tests raise."""


def test_progress_is_called_from_the_calling_thread_until_it_raises() -> None:
    seen: list[tuple[int, int]] = []
    threads = set()

    def watch(done: int, total: int) -> None:
        seen.append((done, total))
        threads.add(threading.get_ident())
        if len(seen) == 3:
            raise Enough("that will do")

    began = time.monotonic()
    with pytest.raises(Enough, match="that will do"):
        train_long(watch)
    assert time.monotonic() - began < 3
    assert threads == {threading.get_ident()}
    dones = [done for done, _ in seen]
    assert all(total == LONG for _, total in seen)
    assert 0 < dones[0] < dones[1] < dones[2] < LONG


def test_progress_counts_the_epochs_of_all_networks() -> None:
    X, y = draw_data(SPEC, 20, 1, np.float32)
    networks, feed = Networks.initialise(SPEC, range(4)), Feed(X, np.array([0, 20]), np.zeros(4, np.int64))

    def watch(done: int, total: int) -> None:
        assert 0 < done < total == 4 * LONG
        raise Enough

    with pytest.raises(Enough):
        train_networks(networks, feed, y, Online(LONG), threads=2, progress=watch)


def test_progress_changes_no_number() -> None:
    X, y = draw_data(SPEC, 20, 1)
    seen: list[int] = []
    flats = [
        train_online(initialise(SPEC, 1), X, y, epochs=60_000, progress=progress).parameters.to_flat()
        for progress in (None, lambda done, _: seen.append(done))
    ]
    np.testing.assert_array_equal(*flats)


@pytest.mark.parametrize("watched", [False, True])
def test_ctrl_c_stops_a_long_training(watched: bool) -> None:
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    try:
        timer.start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            train_long((lambda _done, _total: None) if watched else None)
        assert time.monotonic() - began < 2.3
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)


def test_other_python_threads_run_meanwhile() -> None:
    ticks = []
    stop = threading.Event()

    def count() -> None:
        while not stop.wait(0.01):
            ticks.append(time.monotonic())

    def watch(_done: int, _total: int) -> None:
        if len(ticks) > 5:
            raise Enough

    counter = threading.Thread(target=count)
    counter.start()
    try:
        with pytest.raises(Enough):  # the counter can only tick while the core does not hold the lock of Python
            train_long(watch)
    finally:
        stop.set()
        counter.join()
