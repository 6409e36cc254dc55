"""One network over many sequences at once: the bits of each alone, masks, states carried on."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from reference import deep
from reference.batches import PATTERNS, draw_mask
from reference.problems import draw_parameters
from statecast.errors import ParameterError
from statecast.network import Spec, State, initialise, run, run_batched

SPECS = [Spec(1, 4), Spec(2, 8), Spec(3, 5, 2, 2), Spec(3, 16, 2, residual=True), Spec(2, 20, 3, 4, skip=True)]


@pytest.mark.parametrize("spec", SPECS, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_sequence_has_the_bits_of_a_run_alone(spec: Spec, dtype: type[np.floating]) -> None:
    rng = np.random.default_rng(1)
    parameters = draw_parameters(spec, 1, dtype)
    X = rng.normal(size=(70, 19, spec.inputs))
    state = State(*(rng.normal(size=(2, 70, spec.layers, spec.units)).astype(dtype)))
    outputs, after = run_batched(parameters, X, None, state)
    for n in (0, 31, 32, 69):
        alone, end = run(parameters, X[n], State(state.hidden[n], state.cell[n]))
        np.testing.assert_array_equal(outputs[n], alone)
        np.testing.assert_array_equal(after.hidden[n], end.hidden)
        np.testing.assert_array_equal(after.cell[n], end.cell)
    for threads in (2, 3):
        again, same = run_batched(parameters, X, None, state, threads=threads)
        np.testing.assert_array_equal(again, outputs)
        np.testing.assert_array_equal(same.cell, after.cell)


@pytest.mark.parametrize("spec", SPECS, ids=str)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_outputs_are_those_of_the_reference(spec: Spec, pattern: str) -> None:
    rng = np.random.default_rng(2)
    parameters, X = draw_parameters(spec, 1), rng.normal(size=(5, 7, spec.inputs))
    mask = draw_mask(pattern, 5, 7, 3)
    given = X if mask is None else np.where(mask[..., None] > 0, X, np.nan)
    outputs, state = run_batched(parameters, given, mask)
    net = deep.Net(spec.layers, spec.residual, spec.skip)
    for n in range(5):
        there = np.ones(7, bool) if mask is None else mask[n] > 0
        expected, (hidden, cell) = deep.run(net, parameters.to_keras(), X[n], None, None if mask is None else mask[n])
        np.testing.assert_allclose(outputs[n, there], expected[there], rtol=0, atol=1e-12)
        assert np.isnan(outputs[n, ~there]).all()
        np.testing.assert_allclose(state.hidden[n], hidden, rtol=0, atol=1e-12)
        np.testing.assert_allclose(state.cell[n], cell, rtol=0, atol=1e-12)


def test_pieces_with_the_state_carried_are_the_whole() -> None:
    parameters, X = initialise(Spec(2, 8, 2), 1), np.random.default_rng(3).normal(size=(40, 30, 2))
    whole, end = run_batched(parameters, X)
    first, state = run_batched(parameters, X[:, :17])
    before = state.hidden.copy()
    second, after = run_batched(parameters, X[:, 17:], None, state)
    np.testing.assert_array_equal(np.concatenate([first, second], axis=1), whole)
    np.testing.assert_array_equal(after.cell, end.cell)
    np.testing.assert_array_equal(state.hidden, before)  # what is given stays as it is


def test_nothing_to_run_over_leaves_the_state() -> None:
    parameters = initialise(Spec(1, 4), 1)
    state = State.zeros(parameters.spec, np.float32, 3)
    outputs, after = run_batched(parameters, np.zeros((3, 0, 1)), None, state)
    assert outputs.shape == (3, 0, 1)
    assert after is state
    assert run_batched(parameters, np.zeros((0, 4, 1)))[0].shape == (0, 4, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": np.zeros((3, 4, 2))}, r"X: expected an array \[N, T, 1\], got shape \(3, 4, 2\)"),
        ({"X": np.full((3, 4), np.nan)}, r"X: expected finite numbers in float32, got nan in sequence 0, step 0"),
        ({"mask": np.ones((3, 5))}, r"mask: expected shape \(3, 4\), got \(3, 5\)"),
        ({"mask": np.full((3, 4), 2)}, r"mask: expected zeros and ones, got 2.0"),
        ({"state": State.zeros(Spec(1, 4))}, r"state.hidden: expected float32 of \(3, 1, 4\), got float32 of \(1, 4\)"),
        ({"state": State.zeros(Spec(1, 4), np.float64, 3)}, r"state.hidden: expected float32 of"),
        ({"threads": 0}, r"threads must be a whole number"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        run_batched(initialise(Spec(1, 4), 1), **{"X": np.zeros((3, 4)), **change})


FEW_THREADS = """
import resource, sys, threading
import numpy as np
from statecast.network import Spec, initialise, run_batched
from statecast.training import train_batched, train_networks, Online
from statecast.network import Feed, Networks
start, X = initialise(Spec(1, 8), 1), np.sin(np.arange(2000.0)).reshape(100, 20)
feed = Feed(X.reshape(-1, 1), np.arange(0, 2001, 20), np.arange(100))
def work():
    trained = train_batched(start, X[:, :-1], X[:, 1:], epochs=3, batch=100, threads=3)
    many = train_networks(Networks.initialise(Spec(1, 4), range(100)), feed, feed.X, Online(3), threads=3)
    return trained.parameters.to_flat(), many.networks.weights, run_batched(trained.parameters, X, threads=3)[0]
def refuses_a_thread():
    try:
        threading.Thread(target=int).start()
    except RuntimeError:
        return True
    return False
used = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmSize")) * 1024
limit = used + int(sys.argv[1]) * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
assert refuses_a_thread() == (int(sys.argv[1]) < 8)
few = work()
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert all((a == b).all() for a, b in zip(few, work(), strict=True))
print("done")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
@pytest.mark.parametrize("mebibytes", [4, 13, 22])
def test_a_system_that_refuses_threads_gives_the_same_numbers(mebibytes: int) -> None:
    """Stacks take 8 MiB each: none, one or two of three threads can be started."""
    command = [sys.executable, "-c", FEW_THREADS, str(mebibytes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=dict(os.environ))
    assert done.stdout == "done\n", done.stderr
