"""Running: the same numbers as Keras and the NumPy reference, every gate in its place, refusals."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from reference import lstm
from reference.problems import draw_data, draw_parameters, draw_state
from statecast.errors import ParameterError
from statecast.network import Feed, Networks, Parameters, Spec, State, run, run_networks

NAMES = ("kernel", "recurrent_kernel", "bias", "head_kernel", "head_bias")


@pytest.mark.parametrize("case", ["bptt1_lags1", "bptt4_lags3", "bptt12_lags3"])
def test_outputs_are_those_of_keras(golden: dict[str, NDArray[np.floating]], case: str) -> None:
    parameters = Parameters.from_keras([golden[f"{case}/initial/{name}"] for name in NAMES])
    outputs, _ = run(parameters, golden[f"{case}/X"])
    np.testing.assert_allclose(outputs[:, 0], golden[f"{case}/outputs"], atol=1e-6)


@pytest.mark.parametrize("units", [1, 3, 4, 5, 8, 16, 20, 32, 33])
@pytest.mark.parametrize("inputs", [1, 3])
@pytest.mark.parametrize("outputs", [1, 2])
def test_outputs_and_state_are_those_of_the_reference(inputs: int, units: int, outputs: int) -> None:
    spec = Spec(inputs, units, outputs=outputs)
    parameters, state = draw_parameters(spec, units), draw_state(spec, units)
    X, _ = draw_data(spec, 12, seed=2)
    expected, (h, c) = lstm.run(parameters.to_keras(), X, (state.hidden[0], state.cell[0]))
    got, after = run(parameters, X, state)
    np.testing.assert_allclose(got, expected, atol=1e-12)
    np.testing.assert_allclose(after.hidden[0], h, atol=1e-12)
    np.testing.assert_allclose(after.cell[0], c, atol=1e-12)


def output_of_gates(z: NDArray[np.float64], cell: float) -> float:
    """One step of one unit, gates in the order input, forget, cell, output."""
    i, f, o = 1 / (1 + np.exp(-z[[0, 1, 3]]))
    return float(o * np.tanh(f * cell + i * np.tanh(z[2])))


def test_the_gates_stand_in_the_order_input_forget_cell_output() -> None:
    z, cell = np.array([1.8, -0.3, -1.6, 0.5]), 1.4
    # z comes from x = 1, from h = 1 and from the bias; the head passes h on.
    weights = [0.5 * z[None], 0.3 * z[None], 0.2 * z, np.ones((1, 1)), np.zeros(1)]
    state = State(np.ones((1, 1)), np.array([[cell]]))
    ((output,),), _ = run(Parameters.from_keras(weights), [1.0], state)
    assert output == pytest.approx(output_of_gates(z, cell), abs=1e-12)
    for order in itertools.permutations(range(4)):  # any other order would be seen
        if order != (0, 1, 2, 3):
            assert abs(output_of_gates(z[list(order)], cell) - output) > 0.1


def test_a_vector_is_one_column() -> None:
    parameters = draw_parameters(Spec(1, 4), 1)
    X, _ = draw_data(parameters.spec, 6, 1)
    np.testing.assert_array_equal(run(parameters, X[:, 0])[0], run(parameters, X)[0])
    np.testing.assert_array_equal(run(parameters, X[:, 0].tolist())[0], run(parameters, X)[0])


def test_strided_and_reversed_rows_are_read_as_they_stand() -> None:
    parameters = draw_parameters(Spec(3, 4), 1)
    X, _ = draw_data(parameters.spec, 12, 1)
    for view in (X[::2], X[::-1], np.asfortranarray(X)):
        np.testing.assert_array_equal(run(parameters, view)[0], run(parameters, view.copy("C"))[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_that_of_the_parameters(dtype: type[np.floating]) -> None:
    outputs, state = run(draw_parameters(Spec(1, 4), 1, dtype), np.zeros(3))
    assert {outputs.dtype, state.hidden.dtype, state.cell.dtype} == {np.dtype(dtype)}
    assert (outputs.shape, state.hidden.shape, state.cell.shape) == ((3, 1), (1, 4), (1, 4))


def test_nothing_given_is_written_into() -> None:
    spec = Spec(2, 5)
    parameters, state = draw_parameters(spec, 1), draw_state(spec, 1)
    X, _ = draw_data(spec, 8, 1)
    before = [a.copy() for a in (X, state.hidden, state.cell, parameters.to_flat())]
    run(parameters, X, state)
    run_networks(Networks.stack([parameters]), Feed(X, np.array([0, 8]), np.array([0])), state)
    for kept, given in zip((X, state.hidden, state.cell, parameters.to_flat()), before, strict=True):
        np.testing.assert_array_equal(kept, given)


def test_no_rows_leave_the_state_as_it_is() -> None:
    spec = Spec(2, 5)
    state = draw_state(spec, 1)
    outputs, after = run(draw_parameters(spec, 1), np.empty((0, 2)), state)
    assert outputs.shape == (0, 1)
    np.testing.assert_array_equal(after.hidden, state.hidden)
    np.testing.assert_array_equal(after.cell, state.cell)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([[0, 1], [0, np.nan]], r"X: expected finite numbers in float32, got \[0.0, nan\] in row 1"),
        ([[np.inf, 0]], "X: expected finite numbers in float32, got .*inf.* in row 0"),
        ([[1e300, 0]], r"X: expected finite numbers in float32, got \[1e\+300, 0.0\] in row 0"),
        ([0, 1], r"X: expected an array \[T, 2\], got shape \(2,\)"),
        ([[0, 1, 2]], r"X: expected an array \[T, 2\], got shape \(1, 3\)"),
        (np.zeros((3, 2, 1)), r"X: expected an array \[T, 2\], got shape \(3, 2, 1\)"),
        (1.0, r"X: expected an array \[T, 2\], got shape \(\)"),
        ([["a", "b"]], "X: expected numbers, got list"),
        ([[0, 1], [0]], "X: expected numbers, got list"),
        (None, "X: expected "),
    ],
)
def test_rows_that_do_not_fit_are_refused(X: object, message: str) -> None:
    with pytest.raises(ParameterError, match=message) as raised:
        run(draw_parameters(Spec(2, 4), 1, np.float32), X)  # type: ignore[arg-type]
    assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize("shape", [(4,), (1, 5), (2, 4), (1, 1, 4), (1, 0)])
@pytest.mark.parametrize("name", ["hidden", "cell"])
def test_a_state_of_another_shape_is_refused(name: str, shape: tuple[int, ...]) -> None:
    arrays = {"hidden": np.zeros((1, 4)), "cell": np.zeros((1, 4)), name: np.zeros(shape)}
    with pytest.raises(ParameterError, match=rf"state.{name}: expected float64 of shape \(1, 4\), got float64"):
        run(draw_parameters(Spec(1, 4), 1), [0.0], State(**arrays))


def test_a_state_of_another_dtype_is_refused() -> None:
    state = draw_state(Spec(1, 4), 1, np.float32)
    with pytest.raises(ParameterError, match=r"state.hidden: expected float64 of .*, got float32"):
        run(draw_parameters(Spec(1, 4), 1), [0.0], state)
