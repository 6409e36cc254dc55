"""Parameters from and to PyTorch: the outputs of nn.LSTM, there and back, refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.problems import draw_parameters
from statecast.errors import ParameterError
from statecast.network import Parameters, Spec, State, run

Golden = dict[str, NDArray[np.floating]]
with np.load(Path(__file__).parents[1] / "golden" / "pytorch_forward.npz") as file:
    NAMES = list(dict.fromkeys(name.split("/")[0] for name in file.files if not name.startswith("versions/")))
    CASES = {
        case: {n.removeprefix(f"{case}/"): file[n] for n in file.files if n.startswith(f"{case}/")} for case in NAMES
    }
SPECS = [
    Spec(3, 5),
    Spec(2, 4, 2, 3, residual=True),
    Spec(3, 3, 4, 2, skip=True),
    Spec(1, 6, 3, residual=True, skip=True),
]


def arrays_of(golden: Golden) -> list[NDArray[np.floating]]:
    return [array for name, array in golden.items() if name.startswith("parameters/")]


@pytest.mark.parametrize("case", NAMES)
def test_outputs_and_state_are_those_of_pytorch(case: str) -> None:
    golden = CASES[case]
    parameters = Parameters.from_pytorch(arrays_of(golden))
    outputs, after = run(parameters, golden["X"], State(golden["hidden"], golden["cell"]))
    np.testing.assert_allclose(outputs, golden["outputs"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(after.hidden, golden["hidden_after"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(after.cell, golden["cell_after"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("case", NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_there_and_back_keeps_all_bits_but_the_parts_of_the_biases(case: str, dtype: type[np.floating]) -> None:
    given = [array.astype(dtype) for array in arrays_of(CASES[case])]
    for k in range(2, len(given) - 2, 4):
        assert given[k].all()
        assert given[k + 1].all()
    back = Parameters.from_pytorch(given).to_pytorch()
    for k in range(2, len(given) - 2, 4):
        given[k : k + 2] = given[k] + given[k + 1], np.zeros_like(given[k])
    for kept, expected in zip(back, given, strict=True):
        assert kept.dtype == dtype
        np.testing.assert_array_equal(kept, expected)


@pytest.mark.parametrize("spec", SPECS, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_to_pytorch_and_back_is_the_same_network(spec: Spec, dtype: type[np.floating]) -> None:
    parameters = draw_parameters(spec, 1, dtype)
    again = Parameters.from_pytorch(parameters.to_pytorch(), residual=spec.residual)
    assert again.spec == spec
    assert again.dtype == dtype
    np.testing.assert_array_equal(again.to_flat(), parameters.to_flat())


def test_the_arrays_that_come_out_are_new_and_contiguous() -> None:
    parameters = draw_parameters(Spec(1, 1), 1)  # of one unit: the transpose of a vector is contiguous as it stands
    before = parameters.to_flat()
    for array in parameters.to_pytorch():
        assert array.flags.c_contiguous
        array[...] = 7
    np.testing.assert_array_equal(parameters.to_flat(), before)


def test_the_arrays_that_go_in_are_copied() -> None:
    given = draw_parameters(Spec(1, 4, 2), 1).to_pytorch()
    parameters = Parameters.from_pytorch(given)
    before = parameters.to_flat()
    for array in given:
        array[...] = 7
    np.testing.assert_array_equal(parameters.to_flat(), before)
    for kept in parameters.to_keras():
        assert kept.flags.c_contiguous
        assert not kept.flags.writeable


def test_what_numpy_takes_as_an_array_will_do() -> None:
    parameters = draw_parameters(Spec(2, 3), 1)
    lists = [array.tolist() for array in parameters.to_pytorch()]
    np.testing.assert_array_equal(Parameters.from_pytorch(lists).to_flat(), parameters.to_flat())


class WithGradient:
    """Refuses as a tensor of PyTorch does that has a gradient."""

    def __array__(self, dtype: object = None, copy: object = None) -> NDArray[np.floating]:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")


def arrays_with(index: int, array: object) -> list[object]:
    arrays: list[object] = list(draw_parameters(Spec(3, 5, outputs=2), 1).to_pytorch())
    arrays[index] = array
    return arrays


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ([], "expected weight_ih.*got 0 arrays"),
        (draw_parameters(Spec(3, 5), 1).to_keras(), "expected weight_ih.*got 5 arrays"),
        (arrays_with(0, np.zeros(20)), "expected weight_ih.*got 6 arrays"),
        (arrays_with(0, np.zeros((3, 20))), r"so shapes.*\(20, 20\).*got.*\(3, 20\)"),
        (arrays_with(1, np.zeros((20, 4))), r"so shapes.*\(16, 4\).*got.*\(20, 4\)"),
        (arrays_with(3, np.zeros(5)), r"so shapes.*\(20,\), \(20,\).*got.*\(20,\), \(5,\)"),
        (arrays_with(4, np.zeros((2, 7))), r"so shapes.*\(2, 5\).*got.*\(2, 7\)"),
        (arrays_with(5, np.zeros(3)), r"so shapes.*\(2,\)\].*got.*\(3,\)\]"),
        (arrays_with(5, np.zeros(2, np.float32)), "all float32 or all float64, got.*float32.*float64"),
        (arrays_with(2, np.full(20, np.nan)), "expected finite parameters, got NaN or infinity"),
        ([np.full_like(a, 1.5e308) for a in arrays_with(3, np.ones(20))], "expected finite parameters"),
        (arrays_with(0, WithGradient()), r"expected arrays of numbers \(.*detach"),
        (arrays_with(0, [[1.0], [1.0, 2.0]]), "expected arrays of numbers"),
    ],
)
def test_arrays_that_are_no_such_model_are_refused(arrays: list[np.ndarray], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        Parameters.from_pytorch(arrays)
