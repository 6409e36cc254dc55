"""The gradient: against finite differences and the NumPy reference, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from reference import lstm
from reference.problems import distance, draw_data, draw_parameters, draw_state
from statecast.errors import ParameterError
from statecast.network import Parameters, Spec, gradient

SHAPES = [
    (Spec(inputs, units, outputs=outputs), rows)
    for inputs, units, outputs in [(1, 1, 1), (1, 4, 1), (3, 5, 2), (2, 20, 3), (1, 33, 1)]
    for rows in (1, 2, 7)
]


@pytest.mark.parametrize(("spec", "rows"), SHAPES)
def test_gradient_agrees_with_central_finite_differences(spec: Spec, rows: int) -> None:
    parameters, state = draw_parameters(spec, rows), draw_state(spec, rows)
    X, y = draw_data(spec, rows, seed=3)
    _, slope = gradient(parameters, X, y, state)
    flat, step = parameters.to_flat(), 1e-5
    rng = np.random.default_rng(4)
    for _ in range(3):
        direction = rng.uniform(-1, 1, flat.size)
        ahead, behind = (
            gradient(Parameters.from_flat(spec, flat + sign * step * direction), X, y, state)[0] for sign in (1, -1)
        )
        assert (ahead - behind) / (2 * step) == pytest.approx(slope.to_flat() @ direction, abs=1e-7)


@pytest.mark.parametrize(("spec", "rows"), SHAPES)
def test_gradient_and_loss_are_those_of_the_reference(spec: Spec, rows: int) -> None:
    parameters, state = draw_parameters(spec, rows), draw_state(spec, rows)
    X, y = draw_data(spec, rows, seed=5)
    loss, slope = gradient(parameters, X, y, state)
    expected_loss, expected = lstm.gradient(parameters.to_keras(), X, y, (state.hidden[0], state.cell[0]))
    assert loss == pytest.approx(expected_loss, rel=1e-12)
    assert distance(slope.to_keras(), expected) < 1e-12


def test_gradient_keeps_the_dtype_and_its_arguments() -> None:
    spec = Spec(2, 5)
    for dtype in (np.float32, np.float64):
        parameters, state = draw_parameters(spec, 1, dtype), draw_state(spec, 1, dtype)
        X, y = draw_data(spec, 4, 1, dtype)
        given = (X, y, state.hidden, state.cell)
        before = [a.copy() for a in given]
        _, slope = gradient(parameters, X, y, state)
        assert slope.dtype == dtype
        for kept, copy in zip(given, before, strict=True):
            np.testing.assert_array_equal(kept, copy)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.zeros((3, 1)), np.zeros(4), "rows of y: expected 3, got 4"),
        (np.zeros((3, 2)), np.zeros(3), r"X: expected an array \[T, 1\], got shape \(3, 2\)"),
        (np.zeros((3, 1)), np.zeros((3, 2)), r"y: expected an array \[T, 1\], got shape \(3, 2\)"),
        (np.zeros((3, 1)), [0, np.nan, 0], "y: expected finite numbers in float64, got .*nan.* in row 1"),
        (np.empty((0, 1)), np.empty(0), "expected at least 1, got 0"),
    ],
)
def test_data_that_do_not_fit_are_refused(X: np.ndarray, y: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gradient(draw_parameters(Spec(1, 4), 1), X, y)  # type: ignore[arg-type]


def test_a_state_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"state.hidden: expected float64 of shape \(1, 4\)"):
        gradient(draw_parameters(Spec(1, 4), 1), [0.0], [0.0], draw_state(Spec(1, 5), 1))
