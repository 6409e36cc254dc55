"""train_online as a user meets it: refusals, what is left alone, divergence, and that it learns."""

from __future__ import annotations

import numpy as np
import pytest

from reference.problems import draw_data, draw_parameters
from statecast.errors import ParameterError, StatecastError, TrainingError
from statecast.network import Feed, Networks, Parameters, Spec, build_info, initialise, run
from statecast.training import Online, train_networks, train_online

SPEC = Spec(1, 4)
NUMBERS = [0, -1, 1.5, True, None, "3", 10**20, float("nan")]


@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize("name", ["epochs", "bptt"])
def test_counts_that_are_no_whole_numbers_in_range_are_refused(name: str, value: object) -> None:
    how = {"epochs": 1, "bptt": 1, name: value}
    with pytest.raises(ParameterError, match=rf"{name} must be a whole number from 1 to 10_000_000, got {value!r}"):
        train_online(draw_parameters(SPEC, 1), [0.0], [0.0], **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("rate", [0, -1e-3, float("nan"), float("inf"), 11, True, "1e-3", None])
def test_learning_rates_out_of_range_are_refused(rate: object) -> None:
    with pytest.raises(ParameterError, match="learning_rate must be a number above 0 and at most 10, got"):
        train_online(draw_parameters(SPEC, 1), [0.0], [0.0], epochs=1, learning_rate=rate)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([], [], "X: expected at least 1 row, got 0"),
        ([1, 2], [1], "y: expected as many rows as X, 2, got 1"),
        ([[1, 2]], [1], r"X: expected an array \[T, 1\], got shape \(1, 2\)"),
        ([1], [[1, 2]], r"y: expected an array \[T, 1\], got shape \(1, 2\)"),
        ([1, np.nan], [1, 2], r"X: expected finite numbers in float32, got \[nan\] in row 1"),
        ([1, 2], [1, -np.inf], r"y: expected finite numbers in float32, got \[-inf\] in row 1"),
        ([1, 2], [1e300, 1], r"y: expected finite numbers in float32, got \[1e\+300\] in row 0"),
        ([1, 2], ["a", "b"], "y: expected numbers, got list"),
    ],
)
def test_data_that_do_not_fit_are_refused(X: list, y: list, message: str) -> None:
    with pytest.raises(ParameterError, match=message) as raised:
        train_online(draw_parameters(SPEC, 1, np.float32), X, y, epochs=1)
    assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize("threads", [0, -1, 1.5, True, 10**20])
def test_numbers_of_threads_out_of_range_are_refused(threads: int) -> None:
    networks, feed = Networks.initialise(SPEC, [1]), Feed(np.zeros((1, 1)), np.array([0, 1]), np.array([0]))
    with pytest.raises(ParameterError, match="threads must be a whole number from 1 to 1_024, got"):
        train_networks(networks, feed, np.zeros((1, 1)), Online(1), threads=threads)


def test_nothing_given_is_written_into() -> None:
    parameters, (X, y) = draw_parameters(SPEC, 1), draw_data(SPEC, 8, 1)
    networks = Networks.stack([parameters])
    feed = Feed(X, np.array([0, 8]), np.array([0]))
    given = (X, y, networks.weights, parameters.to_flat(), feed.offsets, feed.of_network)
    before = [a.copy() for a in given]
    train_online(parameters, X, y, epochs=3)
    train_networks(networks, feed, y, Online(3))
    after = (X, y, networks.weights, parameters.to_flat(), feed.offsets, feed.of_network)
    for kept, copy in zip(after, before, strict=True):
        np.testing.assert_array_equal(kept, copy)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_result_says_what_it_is(dtype: type[np.floating]) -> None:
    X, y = draw_data(SPEC, 8, 1)
    trained = train_online(draw_parameters(SPEC, 1, dtype), X, y, epochs=5)
    assert trained.parameters.dtype == dtype
    assert trained.parameters.spec == SPEC
    assert (trained.losses.shape, trained.losses.dtype) == ((5,), np.float64)
    assert trained.instruction_set == build_info().instruction_set


def test_training_repeats_bit_for_bit() -> None:
    X, y = draw_data(SPEC, 8, 1)
    flats = [train_online(initialise(SPEC, 1), X, y, epochs=50).parameters.to_flat() for _ in range(2)]
    np.testing.assert_array_equal(*flats)


@pytest.mark.parametrize("bptt", [1, 2])
def test_an_infinite_loss_names_the_epoch(bptt: int) -> None:
    y = np.array([0.1, 0.2, 1e30, 0.1])  # its square is infinite in float32
    with pytest.raises(TrainingError, match=r"got NaN or infinity in epoch 1 of network 0. Lower the learning rate"):
        train_online(initialise(SPEC, 1), np.zeros(4), y, epochs=9, bptt=bptt)
    assert not issubclass(TrainingError, ValueError)
    assert issubclass(TrainingError, StatecastError)


def test_an_infinite_last_update_is_no_result() -> None:
    kernel, *others = draw_parameters(SPEC, 1, np.float32).to_keras()
    start = Parameters.from_keras([kernel * np.float32(1e-38), *others])  # so that no gate is saturated
    with pytest.raises(TrainingError, match="in epoch 1 of network 0"):  # the loss is finite, the slope is not
        train_online(start, [1e38], [1e17], epochs=1)


def test_divergence_names_the_network() -> None:
    networks = Networks.initialise(SPEC, range(5))
    X, y = draw_data(SPEC, 20, 1, np.float32)
    y[[9, 17]] = 1e30  # in the sequences of networks 2 and 4
    feed = Feed(X, np.arange(0, 24, 4), np.arange(5))
    with pytest.raises(TrainingError, match="in epoch 1 of network 2"):
        train_networks(networks, feed, y, Online(3), threads=2)


def test_loss_goes_down() -> None:
    x = np.sin(np.arange(60) / 2)
    trained = train_online(initialise(SPEC, 1), x[:-1], x[1:], epochs=300)
    assert trained.losses[-1] < trained.losses[0] / 20


@pytest.mark.parametrize("bptt", [4, 20])
def test_the_row_before_is_remembered(bptt: int) -> None:
    x = np.random.default_rng(2).uniform(-1, 1, 120)  # noise: nothing but memory helps
    shifted = np.concatenate([[0], x[:-1]])
    trained = train_online(initialise(Spec(1, 8), 1), x, shifted, epochs=400, bptt=bptt, learning_rate=0.01)
    outputs = run(trained.parameters, x)[0][:, 0]
    error = {name: np.mean((outputs - y)[1:] ** 2) for name, y in (("shifted", shifted), ("same", x))}
    ahead = np.mean((outputs[:-1] - x[1:]) ** 2)
    assert error["shifted"] < 0.02
    assert error["same"] > 10 * error["shifted"]
    assert ahead > 10 * error["shifted"]


def test_an_impulse_is_answered_at_its_own_row() -> None:
    parameters = draw_parameters(SPEC, 1)
    impulse = np.zeros(12)
    impulse[5] = 1
    answer = run(parameters, impulse)[0] - run(parameters, np.zeros(12))[0]
    assert not answer[:5].any()
    assert (np.abs(answer[5:]) > 1e-6).all()  # and at all rows after it: the state remembers
