"""Many networks in one call: the same bits, whatever the threads and the networks beside."""

from __future__ import annotations

import numpy as np
import pytest

from reference.problems import Array, draw_data
from statecast.errors import ParameterError
from statecast.network import Feed, Networks, Spec, initialise, run_networks
from statecast.training import Online, train_networks, train_online

SPEC = Spec(2, 4)
ROWS = 10


def thousand() -> tuple[Networks, Feed, Array]:
    """Return a network for each of 1,000 sequences."""
    X, y = draw_data(SPEC, 1000 * ROWS, 1, np.float32)
    feed = Feed(X, np.arange(0, 1001 * ROWS, ROWS), np.arange(1000))
    return Networks.initialise(SPEC, range(1000)), feed, y


@pytest.mark.parametrize("bptt", [1, 4])
def test_threads_change_no_bit(bptt: int) -> None:
    networks, feed, y = thousand()
    one, *more = (train_networks(networks, feed, y, Online(5, bptt), threads=n) for n in (1, 2, 3))
    for several in more:
        np.testing.assert_array_equal(several.networks.weights, one.networks.weights)
    outputs, state = run_networks(one.networks, feed)
    for threads in (2, 3):
        again, same = run_networks(one.networks, feed, threads=threads)
        np.testing.assert_array_equal(again, outputs)
        np.testing.assert_array_equal(same.hidden, state.hidden)
        np.testing.assert_array_equal(same.cell, state.cell)


def test_network_3_of_1000_is_network_3_alone() -> None:
    networks, feed, y = thousand()
    together = train_networks(networks, feed, y, Online(20), threads=2)
    rows = slice(3 * ROWS, 4 * ROWS)
    alone = train_online(initialise(SPEC, 3), feed.X[rows], y[rows], epochs=20)
    np.testing.assert_array_equal(together.networks.parameters(3).to_flat(), alone.parameters.to_flat())


def test_member_7_of_30_is_its_seed_alone() -> None:
    X, y = draw_data(SPEC, 23, 1, np.float32)
    feed = Feed(X, np.array([0, 23]), np.zeros(30, np.int64))
    members = train_networks(Networks.initialise(SPEC, range(40, 70)), feed, y, Online(50), threads=2)
    alone = train_online(initialise(SPEC, 47), X, y, epochs=50)
    np.testing.assert_array_equal(members.networks.parameters(7).to_flat(), alone.parameters.to_flat())
    assert len(np.unique(members.networks.weights, axis=0)) == 30


def test_sequences_may_differ_in_length_and_be_shared() -> None:
    X, y = draw_data(SPEC, 12, 1, np.float32)
    networks = Networks.initialise(SPEC, range(4))
    ends = np.array([0, 5, 6, 12])
    together = train_networks(networks, Feed(X, ends, np.array([2, 0, 1, 2])), y, Online(7, 4))
    for n, sequence in enumerate([2, 0, 1, 2]):
        rows = slice(ends[sequence], ends[sequence + 1])
        alone = train_online(networks.parameters(n), X[rows], y[rows], epochs=7, bptt=4)
        np.testing.assert_array_equal(together.networks.parameters(n).to_flat(), alone.parameters.to_flat())


def test_feeds_that_do_not_fit_are_refused() -> None:
    networks, (X, y) = Networks.initialise(SPEC, [1, 2]), draw_data(SPEC, 6, 1, np.float32)
    both = np.array([0, 0])
    with pytest.raises(ParameterError, match="y: expected as many rows as X, 6, got 5"):
        train_networks(networks, Feed(X, np.array([0, 6]), both), y[:5], Online(1))
    with pytest.raises(ValueError, match="offsets: expected the last to be the number of rows, 6"):
        train_networks(networks, Feed(X, np.array([0, 5]), both), y, Online(1))
    with pytest.raises(ValueError, match="networks in of_network: expected 2, got 1"):
        train_networks(networks, Feed(X, np.array([0, 6]), both[:1]), y, Online(1))
