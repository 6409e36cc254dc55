"""Losses and updates worked out by hand, and when training stops."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.batches import (
    HOW,
    as_arguments,
    assert_same,
    draw,
)
from reference.problems import Type, draw_parameters
from statecast.errors import TrainingError
from statecast.network import Parameters, Spec
from statecast.training import Adam, Loss, Schedule, Trained, batched_loss, train_batched

# -- losses by hand ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "f", "y", "expected"),
    [
        (Loss("squared"), [0.5], 2.0, 2.25),
        (Loss("absolute"), [0.5], 2.0, 1.5),
        (Loss("huber", delta=1.0), [0.5], 2.0, 1.0),
        (Loss("huber", delta=2.0), [0.5], 2.0, 1.125),
        (Loss("pinball", quantiles=(0.1, 0.8)), [0.5, 3.0], 2.0, (0.1 * 1.5 + 0.2 * 1) / 2),
        (Loss("gaussian"), [0.5, math.log(math.e - 1)], 2.0, math.log(math.sqrt(2 * math.pi)) + 1.125),
        # nu = 3, sigma = 1, z = 0: 2 / (pi sqrt(3)) is the height of the density
        (Loss("student_t"), [2.0, math.log(math.e - 1), math.log(math.e - 1)], 2.0, -math.log(2 / math.pi / 3**0.5)),
        # alpha = 1, mu = 1: the geometric distribution, one half to the power of y + 1
        (Loss("negative_binomial"), [math.log(math.e - 1)] * 2, 3.0, 4 * math.log(2)),
    ],
    ids=str,
)
def test_losses_worked_out_by_hand(loss: Loss, f: list[float], y: float, expected: float) -> None:
    spec = Spec(1, 2, outputs=loss.outputs_per_target)
    *layer, head_kernel, _ = (np.zeros(shape) for shape in spec.shapes)
    start = Parameters.from_keras([*layer, head_kernel, np.array(f)])  # puts out f, whatever it sees
    assert batched_loss(start, [[1.0]], [[y]], loss=loss) == pytest.approx(expected, abs=5e-6)  # scales: + 1e-6


# -- updates by hand: one number learns --------------------------------------------------------------------------------


def one_number(value: float = 0.0, recurrent: float = 0.0) -> Parameters:
    """Return a network of one unit that stays at zero: of its parameters the head's bias alone is ever moved."""
    arrays = [np.zeros(shape) for shape in Spec(1, 1).shapes]
    arrays[1] += recurrent
    arrays[-1] += value
    return Parameters.from_keras(arrays)


EXACT = Adam("pytorch", epsilon=1e-15)


def moves(learning_rate: float | Schedule, epochs: int) -> NDArray[np.float64]:
    """Return what each of so many updates adds to the number, whose slope is -1 throughout."""
    how = {"loss": Loss("absolute"), "optimiser": EXACT, "learning_rate": learning_rate}
    trained = train_batched(one_number(), [[1.0]], [[100.0]], epochs=epochs, **how)
    left = 100 - float(trained.parameters.head_bias[0])
    assert not np.concatenate([a.ravel() for a in trained.parameters.to_keras()[:-1]]).any()
    return -np.diff([*trained.losses, left])


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (0.5, [0.5] * 6),
        (Schedule("constant", 0.5), [0.5] * 6),
        (Schedule("constant", 0.4, warm_up=4), [0.1, 0.2, 0.3, 0.4, 0.4, 0.4]),
        (Schedule("constant", 0.4, warm_up=8), [0.05, 0.1, 0.15, 0.2, 0.25, 0.3]),
        (Schedule("cosine", 0.4), [0.4, 0.4 * 0.904508, 0.4 * 0.654508, 0.4 * 0.345492, 0.4 * 0.095492, 0]),
        (Schedule("cosine", 0.4, warm_up=1, floor=0.2), [0.4, 0.4, 0.370711, 0.3, 0.229289, 0.2]),
        (Schedule("cosine", 0.4, warm_up=3, floor=0.1), [0.4 / 3, 0.8 / 3, 0.4, 0.4, 0.25, 0.1]),
    ],
    ids=str,
)
def test_schedules(schedule: float | Schedule, expected: list[float]) -> None:
    np.testing.assert_allclose(moves(schedule, 6), expected, atol=1e-6)
    if isinstance(schedule, Schedule):
        np.testing.assert_allclose(schedule.rates(6), expected, atol=1e-6)


@pytest.mark.parametrize(("clip", "slope"), [(None, 20.0), (100.0, 20.0), (5.0, 5.0), (0.5, 0.5)])
def test_clipping_shortens_the_gradient(clip: float | None, slope: float) -> None:
    optimiser = Adam("pytorch", epsilon=1.0, clip=clip)  # such an epsilon lets the length of the gradient show
    trained = train_batched(one_number(), [[1.0]], [[10.0]], epochs=1, optimiser=optimiser, learning_rate=0.1)
    assert float(trained.parameters.head_bias[0]) == pytest.approx(0.1 * slope / (slope + 1), rel=1e-9)


def test_both_places_of_epsilon() -> None:
    start = one_number()
    for form, expected in (("pytorch", 20 / 20.5), ("keras", 20 * math.sqrt(0.001) / (20 * math.sqrt(0.001) + 0.5))):
        how = {"epochs": 1, "optimiser": Adam(form, epsilon=0.5), "learning_rate": 0.1}
        trained = train_batched(start, [[1.0]], [[10.0]], **how)
        assert float(trained.parameters.head_bias[0]) == pytest.approx(0.1 * expected, rel=1e-9)


def test_weight_decay_shrinks_all_parameters_and_leaves_the_moments_alone() -> None:
    optimiser = Adam("pytorch", epsilon=1e-15, weight_decay=0.2)
    start = one_number(5.0, recurrent=2.0)
    how = {"epochs": 3, "loss": Loss("absolute"), "optimiser": optimiser, "learning_rate": 0.5}
    trained = train_batched(start, [[1.0]], [[100.0]], **how)
    np.testing.assert_allclose(trained.parameters.layers[0].recurrent_kernel, 2 * 0.9**3, rtol=1e-12)
    bias = 5.0
    for _ in range(3):
        bias = 0.9 * bias + 0.5
    assert float(trained.parameters.head_bias[0]) == pytest.approx(bias, rel=1e-9)


# -- stopping ----------------------------------------------------------------------------------------------------------


def held_out_run(y: float, *, epochs: int, patience: int | None) -> Trained:
    """Train the number through 1, 2, 3, ... and watch its distance from y."""
    validation = ([[1.0]], [[y]])
    how = {"loss": Loss("absolute"), "optimiser": EXACT, "learning_rate": 1.0}
    return train_batched(
        one_number(), [[1.0]], [[100.0]], epochs=epochs, validation=validation, patience=patience, **how
    )


def test_the_best_parameters_on_a_held_out_part_are_given_back() -> None:
    trained = held_out_run(3.2, epochs=6, patience=None)
    np.testing.assert_allclose(trained.validation_losses, [2.2, 1.2, 0.2, 0.8, 1.8, 2.8], atol=1e-9)
    assert trained.best_epoch == 2
    assert float(trained.parameters.head_bias[0]) == pytest.approx(3, rel=1e-9)
    np.testing.assert_allclose(trained.losses, [100, 99, 98, 97, 96, 95])


@pytest.mark.parametrize("patience", [1, 2, 3])
def test_training_stops_after_so_many_epochs_without_a_smaller_loss(patience: int) -> None:
    trained = held_out_run(3.2, epochs=50, patience=patience)
    assert len(trained.losses) == len(trained.validation_losses) == 3 + patience
    assert trained.best_epoch == 2
    assert float(trained.parameters.head_bias[0]) == pytest.approx(3, rel=1e-9)


def test_a_loss_that_stays_the_same_is_no_smaller_one() -> None:
    start, at = one_number(5.0), ([[1.0]], [[5.0]])  # nothing to learn
    trained = train_batched(start, *at, epochs=50, validation=at, patience=4)
    np.testing.assert_array_equal(trained.validation_losses, np.zeros(5))
    assert trained.best_epoch == 0


def test_while_it_gets_better_training_goes_on() -> None:
    trained = held_out_run(90.0, epochs=20, patience=1)
    assert len(trained.losses) == 20
    assert trained.best_epoch == 19


def test_the_validation_loss_is_that_of_batched_loss() -> None:
    spec, loss = Spec(3, 4, 2, 2), Loss("huber")
    start, problem = draw_parameters(spec, 1), draw(spec, loss, 6, 7, 1)
    held_out = draw(spec, loss, 40, 9, 2, "middle", weighted=True)
    trained = train_batched(start, *problem[:2], loss=loss, **HOW, validation=held_out)
    alone = train_batched(start, *problem[:2], loss=loss, **HOW)
    np.testing.assert_array_equal(trained.losses, alone.losses)
    best = batched_loss(trained.parameters, **as_arguments(held_out), loss=loss)
    assert best == trained.validation_losses.min() == trained.validation_losses[trained.best_epoch]


def test_without_a_held_out_part_the_last_parameters_are_given_back() -> None:
    trained = train_batched(one_number(), [[1.0]], [[100.0]], epochs=3, loss=Loss("absolute"), optimiser=EXACT)
    assert trained.best_epoch is None
    assert len(trained.validation_losses) == 0
    assert float(trained.parameters.head_bias[0]) == pytest.approx(0.003)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_divergence_names_the_epoch_and_keeps_the_last_finite_parameters(dtype: Type) -> None:
    start = Parameters.from_flat(Spec(1, 1), one_number(1.0).to_flat().astype(dtype))
    # Each update multiplies the number by -999.
    how = {"optimiser": Adam(weight_decay=100.0), "learning_rate": 10.0}
    with pytest.raises(TrainingError, match=r"expected a finite loss.* got NaN or infinity in epoch \d+\b") as raised:
        train_batched(start, [[1.0]], [[0.0]], epochs=200, **how)
    epoch = int(re.search(r"epoch (\d+)", str(raised.value)).group(1))
    assert epoch > 3
    kept = raised.value.parameters
    assert kept.dtype == dtype
    assert np.isfinite(kept.to_flat()).all()
    before = train_batched(start, [[1.0]], [[0.0]], epochs=epoch - 1, **how)
    np.testing.assert_array_equal(kept.to_flat(), before.parameters.to_flat())


def test_divergence_in_the_first_update_keeps_the_start() -> None:
    start = draw_parameters(Spec(1, 4, 2), 1, np.float32)
    with pytest.raises(TrainingError, match=r"in epoch 1\b") as raised:
        train_batched(start, [[1.0]], [[1e30]], epochs=3)
    np.testing.assert_array_equal(raised.value.parameters.to_flat(), start.to_flat())


def test_progress_sees_every_epoch_and_its_errors_come_out() -> None:
    seen: list[tuple[int, int]] = []
    start, problem = draw_parameters(Spec(3, 4), 1), draw(Spec(3, 4), Loss(), 6, 5, 1)
    watched = train_batched(start, *problem[:2], **HOW, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (3, 3)
    assert_same(watched, train_batched(start, *problem[:2], **HOW))

    def stop(_done: int, _total: int) -> None:
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        train_batched(start, *problem[:2], epochs=1000, progress=stop)
