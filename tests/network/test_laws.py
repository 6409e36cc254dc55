"""Laws that every network and every sequence obeys, bit for bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reference.problems import Array, draw_data, draw_parameters, draw_state
from statecast.network import Feed, Networks, Spec, State, run, run_networks

specs = st.builds(
    lambda inputs, units, outputs: Spec(inputs, units, outputs=outputs),
    st.integers(1, 4),
    st.sampled_from([1, 2, 4, 5, 8, 9, 16, 20, 32, 33]),
    st.integers(1, 3),
)
seeds = st.integers(0, 2**32)
dtypes = st.sampled_from([np.float32, np.float64])


def assert_same(got: tuple[Array, State], expected: tuple[Array, State]) -> None:
    np.testing.assert_array_equal(got[0], expected[0])
    np.testing.assert_array_equal(got[1].hidden, expected[1].hidden)
    np.testing.assert_array_equal(got[1].cell, expected[1].cell)


@given(specs, seeds, dtypes, st.lists(st.integers(0, 6), min_size=1, max_size=6))
def test_pieces_with_the_state_carried_are_the_whole(
    spec: Spec, seed: int, dtype: type[np.floating], lengths: list[int]
) -> None:
    parameters, state = draw_parameters(spec, seed, dtype), draw_state(spec, seed, dtype)
    X, _ = draw_data(spec, sum(lengths), seed, dtype)
    expected = run(parameters, X, state)
    pieces = []
    for piece in np.split(X, np.cumsum(lengths)[:-1]):
        outputs, state = run(parameters, piece, state)
        pieces.append(outputs)
    assert_same((np.concatenate(pieces), state), expected)


@given(specs, seeds, dtypes, st.integers(1, 8))
def test_a_loop_of_steps_is_a_run(spec: Spec, seed: int, dtype: type[np.floating], rows: int) -> None:
    parameters, state = draw_parameters(spec, seed, dtype), draw_state(spec, seed, dtype)
    X, _ = draw_data(spec, rows, seed, dtype)
    expected = run(parameters, X, state)
    outputs = np.empty_like(expected[0])
    for t in range(rows):
        outputs[t : t + 1], state = run(parameters, X[t : t + 1], state)
    assert_same((outputs, state), expected)


@given(specs, seeds, dtypes, st.integers(1, 8), st.data())
def test_later_rows_change_no_earlier_output(
    spec: Spec, seed: int, dtype: type[np.floating], rows: int, data: st.DataObject
) -> None:
    parameters = draw_parameters(spec, seed, dtype)
    X, _ = draw_data(spec, rows, seed, dtype)
    changed = X.copy()
    cut = data.draw(st.integers(0, rows - 1))
    changed[cut:] += 1
    before, after = run(parameters, X)[0], run(parameters, changed)[0]
    np.testing.assert_array_equal(before[:cut], after[:cut])
    assert (before[cut] != after[cut]).any()


@given(specs, seeds, dtypes, st.lists(st.integers(1, 6), min_size=1, max_size=5), st.data())
def test_networks_side_by_side_are_networks_alone(
    spec: Spec, seed: int, dtype: type[np.floating], lengths: list[int], data: st.DataObject
) -> None:
    of_network = data.draw(st.lists(st.integers(0, len(lengths) - 1), min_size=1, max_size=5))
    threads = data.draw(st.integers(1, 3))
    X, _ = draw_data(spec, sum(lengths), seed, dtype)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    networks = [draw_parameters(spec, seed + n, dtype) for n in range(len(of_network))]
    states = [draw_state(spec, seed + n, dtype) for n in range(len(of_network))]
    together = State(np.stack([s.hidden for s in states]), np.stack([s.cell for s in states]))
    feed = Feed(X, offsets, np.array(of_network))
    outputs, after = run_networks(Networks.stack(networks), feed, together, threads=threads)
    for n, sequence in enumerate(of_network):
        rows = X[offsets[sequence] : offsets[sequence + 1]]
        got = outputs[feed.starts[n] : feed.starts[n + 1]]
        assert_same((got, State(after.hidden[n], after.cell[n])), run(networks[n], rows, states[n]))
