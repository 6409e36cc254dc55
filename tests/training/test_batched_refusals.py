"""What batched training refuses."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reference.batches import (
    LOSSES,
)
from reference.problems import draw_parameters
from statecast.errors import ParameterError
from statecast.network import Spec
from statecast.training import Adam, Loss, Schedule, batched_gradient, batched_loss, train_batched

# -- refusals ----------------------------------------------------------------------------------------------------------

GOOD = {"X": np.zeros((4, 5, 3)), "y": np.zeros((4, 5, 2)), "mask": np.ones((4, 5)), "weights": np.ones((4, 5, 2))}


def with_one(name: str, value: float) -> dict[str, np.ndarray]:
    array = GOOD[name].copy()
    array[(2, 1, 0)[: array.ndim]] = value
    return {name: array}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": np.zeros((4, 5))}, r"X: expected an array \[N, T, 3\], got shape \(4, 5\)"),
        ({"X": np.zeros((4, 5, 2))}, r"X: expected an array \[N, T, 3\], got shape \(4, 5, 2\)"),
        ({"X": np.zeros(5)}, r"X: expected an array \[N, T, 3\], got shape \(5,\)"),
        ({"X": np.zeros((0, 5, 3))}, r"X: expected at least 1 sequence of 1 step, got shape \(0, 5, 3\)"),
        ({"X": np.zeros((4, 0, 3))}, r"X: expected at least 1 sequence of 1 step, got shape \(4, 0, 3\)"),
        ({"X": [[["a"] * 3] * 5] * 4}, "X: expected numbers, got list"),
        ({"X": None}, "X: expected "),
        ({"y": np.zeros((4, 5, 3))}, r"y: expected an array \[N, T, 2\], got shape \(4, 5, 3\)"),
        ({"y": np.zeros((4, 6, 2))}, r"y: expected shape \(4, 5, 2\), got \(4, 6, 2\)"),
        ({"y": np.zeros((3, 5, 2))}, r"y: expected shape \(4, 5, 2\), got \(3, 5, 2\)"),
        ({"y": np.zeros((4, 5))}, r"y: expected an array \[N, T, 2\], got shape \(4, 5\)"),
        ({"mask": np.ones((4, 6))}, r"mask: expected shape \(4, 5\), got \(4, 6\)"),
        ({"mask": np.ones((4, 5, 1))}, r"mask: expected shape \(4, 5\), got \(4, 5, 1\)"),
        (with_one("mask", 0.5), "mask: expected zeros and ones, got 0.5"),
        (with_one("mask", -1), "mask: expected zeros and ones, got -1.0"),
        (with_one("mask", np.nan), "mask: expected zeros and ones, got nan"),
        ({"mask": [[1], [1, 0]]}, "mask: expected numbers, got list"),
        ({"mask": np.zeros((4, 5))}, "at least 1 observation that counts, got none"),
        ({"weights": np.zeros((4, 5, 2))}, "at least 1 observation that counts, got none"),
        ({"weights": np.full((4, 5, 2), 1e300)}, r"weights: expected finite numbers from 0 on in float32, got 1e\+300"),
        ({"patience": 2}, "patience: expected a held-out part"),
        ({"validation": (np.zeros((4, 5, 3)),)}, "validation: expected X and y, .* got 1 arrays"),
        ({"loss": "squared"}, r"loss: expected Loss\(..\), got 'squared'"),
        ({"optimiser": "adam"}, r"optimiser: expected Adam\(..\), got 'adam'"),
        ({"weights": np.ones((4, 6, 2))}, r"weights: expected shape \(4, 5, 2\), got \(4, 6, 2\)"),
        ({"weights": np.ones((4, 5))}, r"weights: expected .*\[N, T, 2\], got shape \(4, 5\)"),
        (with_one("weights", -0.1), r"weights: expected finite numbers from 0 on.*, got"),
        (with_one("weights", np.nan), r"weights: expected finite numbers from 0 on.*, got"),
        (with_one("weights", np.inf), r"weights: expected finite numbers from 0 on.*, got"),
        (with_one("X", np.nan), "X: expected finite numbers in float32, got nan in sequence 2, step 1, column 0"),
        (with_one("X", -np.inf), "X: expected finite numbers in float32, got -inf in sequence 2, step 1, column 0"),
        (with_one("X", 1e300), r"X: expected finite numbers in float32, got 1e\+300 in sequence 2, step 1, column 0"),
        (with_one("y", np.nan), "y: expected finite numbers in float32, got nan in sequence 2, step 1, column 0"),
        ({"loss": Loss("student_t")}, "outputs: expected a multiple of the 3 that student_t takes .* got 2"),
        ({"epochs": 0}, "epochs must be a whole number from 1 .* got 0"),
        ({"epochs": 1.5}, "epochs must be a whole number from 1 .* got 1.5"),
        ({"batch": 0}, "batch must be a whole number from 1 .* got 0"),
        ({"batch": True}, "batch must be a whole number from 1 .* got True"),
        ({"bptt": 0}, "bptt must be a whole number from 1 .* got 0"),
        ({"threads": 0}, "threads must be a whole number from 1 .* got 0"),
        ({"seed": -1}, "seed must be a whole number from 0 .* got -1"),
        ({"patience": 0, "validation": (GOOD["X"], GOOD["y"])}, "patience must be a whole number from 1 .* got 0"),
        ({"learning_rate": 0}, "learning_rate must be a number above 0 .* got 0"),
        ({"learning_rate": math.nan}, "learning_rate must be a number above 0 .* got nan"),
        ({"learning_rate": "1e-3"}, "learning_rate must be a number above 0 .* got '1e-3'"),
        ({"validation": (np.zeros((4, 5, 2)), GOOD["y"])}, r"X: expected an array \[N, T, 3\], got"),
        ({"validation": (GOOD["X"], np.full((4, 5, 2), np.nan))}, "y: expected finite numbers in float32, got nan"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_what_does_not_fit_is_refused(change: dict, message: str) -> None:
    start = draw_parameters(Spec(3, 4, 2, 2), 1, np.float32)
    train_batched(start, **GOOD, epochs=1)
    with pytest.raises(ParameterError, match=message) as raised:
        train_batched(start, **GOOD | {"epochs": 1} | change)
    assert isinstance(raised.value, ValueError)
    if set(change) <= {*GOOD, "loss", "threads"}:
        for call in (batched_loss, batched_gradient):
            with pytest.raises(ParameterError, match=message):
                call(start, **GOOD | change)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Loss("cubed"), "kind must be one of squared, .*negative_binomial, got 'cubed'"),
        (lambda: Loss("pinball"), r"quantiles .*pinball, got \(\)"),
        (lambda: Loss("squared", quantiles=(0.5,)), r"quantiles .*pinball, got \(0.5,\) with squared"),
        (lambda: Loss("pinball", quantiles=(0.0, 0.5)), r"quantiles must .* between 0 and 1.* got \(0.0, 0.5\)"),
        (lambda: Loss("pinball", quantiles=(0.5, 1.0)), r"quantiles must .* between 0 and 1.* got \(0.5, 1.0\)"),
        (lambda: Loss("pinball", quantiles=(0.9, 0.1)), r"quantiles must ascend.* got \(0.9, 0.1\)"),
        (lambda: Loss("pinball", quantiles=(0.5, 0.5)), r"quantiles must ascend.* got \(0.5, 0.5\)"),
        (lambda: Loss("pinball", quantiles=(math.nan,)), "a quantile must be a finite number, got nan"),
        (lambda: Loss("pinball", quantiles=("a",)), "a quantile must be a finite number, got 'a'"),
        (lambda: Loss("huber", delta=0.0), "delta must be a number above 0 .* got 0.0"),
        (lambda: Loss("huber", delta=math.nan), "delta must be a number above 0 .* got nan"),
        (lambda: Adam("tensorflow"), "form must be one of keras, pytorch, got 'tensorflow'"),
        (lambda: Adam(beta1=1.0), "beta1 must be .* got 1.0"),
        (lambda: Adam(beta2=-0.1), "beta2 must be .* got -0.1"),
        (lambda: Adam(epsilon=0.0), "epsilon must be a number above 0 .* got 0.0"),
        (lambda: Adam(weight_decay=-0.1), "weight_decay must be .* got -0.1"),
        (lambda: Adam(weight_decay=math.inf), "weight_decay must be .* got inf"),
        (lambda: Adam(clip=0.0), "clip must be a number above 0 .* got 0.0"),
        (lambda: Schedule("linear"), "kind must be one of constant, cosine, got 'linear'"),
        (lambda: Schedule("cosine", 0.0), "learning_rate must be a number above 0 .* got 0.0"),
        (lambda: Schedule("cosine", 0.1, warm_up=-1), "warm_up must be a whole number from 0 .* got -1"),
        (lambda: Schedule("cosine", 0.1, floor=0.2), "floor must be .* got 0.2"),
        (lambda: Schedule("cosine", 0.1, floor=-0.1), "floor must be .* got -0.1"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_impossible_losses_optimisers_and_schedules_are_refused(make, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        make()


def test_outputs_per_target() -> None:
    assert [loss.outputs_per_target for loss in LOSSES] == [1, 1, 1, 3, 2, 3, 2]
