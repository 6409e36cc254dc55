"""Parameters: exchange with Keras, flat and back, refusals, protection from writing."""

from __future__ import annotations

import numpy as np
import pytest

from reference.problems import draw_parameters
from statecast.errors import ParameterError
from statecast.network import Networks, Parameters, Spec

SPEC = Spec(inputs=3, units=5, outputs=2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_from_keras_and_back(dtype: type[np.floating]) -> None:
    rng = np.random.default_rng(1)
    weights = [rng.normal(size=shape).astype(dtype) for shape in SPEC.shapes]
    parameters = Parameters.from_keras(weights)
    assert parameters.spec == SPEC
    assert parameters.dtype == dtype
    for kept, given in zip(parameters.to_keras(), weights, strict=True):
        assert kept.dtype == dtype
        np.testing.assert_array_equal(kept, given)


def test_the_arrays_have_their_names() -> None:
    weights = draw_parameters(SPEC, seed=1).to_keras()
    parameters = Parameters.from_keras(weights)
    (layer,) = parameters.layers
    named = [layer.kernel, layer.recurrent_kernel, layer.bias, parameters.head_kernel, parameters.head_bias]
    for array, given in zip(named, weights, strict=True):
        np.testing.assert_array_equal(array, given)


def test_flat_is_the_arrays_one_after_another() -> None:
    flat = np.arange(SPEC.parameter_count, dtype=np.float64)
    parameters = Parameters.from_flat(SPEC, flat)
    np.testing.assert_array_equal(np.concatenate([a.ravel() for a in parameters.to_keras()]), flat)
    np.testing.assert_array_equal(parameters.to_flat(), flat)


def test_the_arrays_are_copies_that_cannot_be_written() -> None:
    weights = [w.copy() for w in draw_parameters(SPEC, seed=1).to_keras()]
    parameters = Parameters.from_keras(weights)
    before = parameters.to_flat()
    for given in weights:
        given[...] = 7
    np.testing.assert_array_equal(parameters.to_flat(), before)
    for kept in parameters.to_keras():
        with pytest.raises(ValueError, match="read-only"):
            kept[...] = 0


def test_trained_arrays_do_not_share_memory_with_the_stack_of_networks() -> None:
    networks = Networks.stack([draw_parameters(SPEC, seed=n) for n in range(3)])
    second = networks.parameters(1)
    networks.weights[...] = 0
    np.testing.assert_array_equal(second.to_flat(), draw_parameters(SPEC, seed=1).to_flat())


def test_networks_of_two_specs_do_not_stack() -> None:
    with pytest.raises(ParameterError, match="networks of one spec, got 2 specs"):
        Networks.stack([draw_parameters(SPEC, 1), draw_parameters(Spec(inputs=1, units=5), 1)])


def test_a_model_is_asked_for_its_weights() -> None:
    class Model:
        def get_weights(self) -> list[np.ndarray]:
            return draw_parameters(SPEC, seed=1).to_keras()

    taken = Parameters.from_keras(Model())
    np.testing.assert_array_equal(taken.to_flat(), draw_parameters(SPEC, seed=1).to_flat())


def weights_with(index: int, array: object) -> list[object]:
    weights: list[object] = list(draw_parameters(SPEC, seed=1).to_keras())
    weights[index] = array
    return weights


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([], "expected kernel.*got 0 arrays"),
        (weights_with(0, np.zeros((3, 20)))[:4], "expected kernel.*got 4 arrays"),
        (weights_with(0, np.zeros(20)), "expected kernel.*got 5 arrays"),
        (weights_with(3, np.zeros(5)), "expected kernel.*got 5 arrays"),
        (weights_with(0, np.zeros((3, 16))), r"so shapes.*\(3, 20\).*got.*\(3, 16\)"),
        (weights_with(1, np.zeros((20, 5))), r"so shapes.*\(20, 80\).*got.*\(20, 5\)"),
        (weights_with(2, np.zeros((1, 20))), r"so shapes.*\(20,\).*got.*\(1, 20\)"),
        (weights_with(4, np.zeros(3)), r"so shapes.*\(2,\).*got.*\(3,\)"),
        (weights_with(0, np.zeros((0, 20))), "inputs must be a whole number from 1"),
        (weights_with(4, np.zeros(2, np.float32)), "all float32 or all float64, got.*float32.*float64"),
        (weights_with(4, np.zeros(2, np.int64)), "all float32 or all float64, got.*int64"),
        ([w.astype(np.float16) for w in draw_parameters(SPEC, 1).to_keras()], "got.*float16"),
        (weights_with(4, np.array([0, np.nan])), "expected finite parameters, got NaN or infinity"),
        (weights_with(2, np.full(20, -np.inf)), "expected finite parameters, got NaN or infinity"),
        ("model.keras", r"got the path model\.keras: load it with keras\.models\.load_model"),
        ({"lstm.weight_ih_l0": np.zeros((20, 3))}, "got a mapping of 1 names.*from_pytorch"),
    ],
)
def test_arrays_that_are_no_such_model_are_refused(weights: list[np.ndarray], message: str) -> None:
    with pytest.raises(ParameterError, match=message) as raised:
        Parameters.from_keras(weights)
    assert isinstance(raised.value, ValueError)
