"""Sizes, and the state that belongs to them."""

from __future__ import annotations

import numpy as np
import pytest

from statecast.errors import ParameterError
from statecast.network import Spec, State


@pytest.mark.parametrize("value", [0, -1, 1.5, 4.0, True, "4", None, float("nan"), 10**20])
@pytest.mark.parametrize("size", ["inputs", "units", "outputs", "layers"])
def test_a_size_that_is_no_whole_number_in_range_is_refused(size: str, value: object) -> None:
    sizes: dict[str, object] = {"inputs": 1, "units": 4, size: value}
    with pytest.raises(ParameterError, match=rf"{size} must be a whole number from 1 to .*, got {value!r}"):
        Spec(**sizes)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", ["residual", "skip"])
def test_what_is_neither_true_nor_false_is_refused(size: str) -> None:
    with pytest.raises(ValueError, match=f"{size} must be True or False, got 1"):
        Spec(**{"inputs": 1, "units": 4, size: 1})  # type: ignore[arg-type]


def test_a_size_may_be_a_numpy_integer() -> None:
    assert Spec(inputs=np.int64(2), units=np.int32(3)).parameter_count == (2 + 3 + 1) * 12 + 4  # type: ignore[arg-type]


def test_the_parameters_are_counted_by_their_shapes() -> None:
    spec = Spec(inputs=3, units=5, outputs=2)
    assert spec.shapes == ((3, 20), (5, 20), (20,), (5, 2), (2,))
    assert spec.parameter_count == sum(int(np.prod(shape)) for shape in spec.shapes)
    assert spec.sizes == (3, 5, 2, 1, False, False)
    deep = Spec(inputs=3, units=5, outputs=2, layers=2, skip=True)
    assert deep.shapes == ((3, 20), (5, 20), (20,), (5, 20), (5, 20), (20,), (8, 2), (2,))
    assert deep.parameter_count == 9 * 20 + 11 * 20 + 9 * 2


def test_the_zero_state() -> None:
    spec = Spec(inputs=1, units=4)
    assert State.zeros(spec).hidden.dtype == np.float32
    one, many = State.zeros(spec, np.float64), State.zeros(spec, np.float64, networks=7)
    assert (one.hidden.shape, one.cell.shape, one.cell.dtype) == ((1, 4), (1, 4), np.float64)
    assert (many.hidden.shape, many.cell.shape) == ((7, 1, 4), (7, 1, 4))
    assert not many.hidden.any()
    assert not many.cell.any()
