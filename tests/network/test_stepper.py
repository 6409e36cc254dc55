"""One observation at a time, by a stepper that owns its state."""

from __future__ import annotations

import numpy as np
import pytest

from statecast.errors import ParameterError
from statecast.network import Parameters, Spec, State, Stepper, initialise, run

SPECS = [
    Spec(inputs=1, units=4),
    Spec(inputs=3, units=5, layers=2, outputs=2, residual=True, skip=True),
    Spec(inputs=2, units=32, layers=2, outputs=3),
    Spec(inputs=2, units=48, layers=3),
]


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_step_by_step_is_a_run_to_the_bit(spec: Spec, dtype: type[np.floating]) -> None:
    start = initialise(spec, seed=3)
    parameters = Parameters.from_keras([w.astype(dtype) for w in start.to_keras()], residual=spec.residual)
    x = np.random.default_rng(1).normal(size=(20, spec.inputs)).astype(dtype)
    _, middle = run(parameters, x[:8])
    stepper = Stepper(parameters, middle)
    outputs = np.stack([stepper.step(row).copy() for row in x[8:]])
    expected, after = run(parameters, x[8:], middle)
    np.testing.assert_array_equal(outputs, expected)
    np.testing.assert_array_equal(stepper.state.hidden, after.hidden)
    np.testing.assert_array_equal(stepper.state.cell, after.cell)


def test_the_outputs_are_written_over_and_the_state_is_a_copy() -> None:
    stepper = Stepper(initialise(SPECS[0], seed=1))
    first = stepper.step(np.ones(1, np.float32))
    kept, state = first.copy(), stepper.state
    assert stepper.step(np.ones(1, np.float32)) is first
    assert first[0] != kept[0]
    assert state.cell[0, 0] != stepper.state.cell[0, 0]


def test_rows_are_brought_to_arrays() -> None:
    one, other = (Stepper(initialise(SPECS[1], seed=1)) for _ in range(2))
    row = np.array([0.25, -0.5, 1.0], np.float32)
    expected = one.step(row).copy()
    np.testing.assert_array_equal(other.step([0.25, -0.5, 1.0]), expected)
    np.testing.assert_array_equal(other.step(np.repeat(row, 2)[::2]), one.step(row))


@pytest.mark.parametrize("row", [[1.0], [1.0, 2.0, 3.0, 4.0], 5.0, "abc", None, [["a"], [1]]])
def test_what_is_no_row_is_refused_and_the_state_stays(row: object) -> None:
    stepper = Stepper(initialise(SPECS[1], seed=1))
    with pytest.raises(ParameterError, match="x: expected"):
        stepper.step(row)  # type: ignore[arg-type]
    np.testing.assert_array_equal(stepper.state.hidden, np.zeros((2, 5), np.float32))


def test_a_state_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"state.hidden: expected float32 of shape \(1, 4\)"):
        Stepper(initialise(SPECS[0], seed=1), State.zeros(SPECS[1]))
