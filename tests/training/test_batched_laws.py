"""Laws of batched training: what must change no bit, and what only by rounding."""

from __future__ import annotations

import numpy as np
import pytest

from reference.batches import (
    HOW,
    LOSSES,
    PATTERNS,
    Problem,
    as_arguments,
    assert_same,
    draw,
)
from reference.problems import Type, distance, draw_parameters
from statecast.network import Spec, run
from statecast.training import Loss, batched_gradient, batched_loss, train_batched

# -- laws --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.kind)
def test_a_batch_is_the_mean_of_its_sequences(loss: Loss, pattern: str, weighted: bool) -> None:
    spec = Spec(3, 5, 2, 2 * loss.outputs_per_target, residual=True, skip=True)
    start, problem = draw_parameters(spec, 1), draw(spec, loss, 37, 6, 1, pattern, weighted=weighted)
    whole, slope = batched_gradient(start, **as_arguments(problem), loss=loss)
    counts = np.ones(problem.y.shape) if problem.weights is None else problem.weights
    counts = counts if problem.mask is None else counts * problem.mask[..., None]
    shares = counts.sum(axis=(1, 2)) / counts.sum()
    value, flat = 0.0, np.zeros_like(start.to_flat())
    for n in np.flatnonzero(shares):
        single = Problem(*(None if a is None else a[n : n + 1] for a in problem))
        of_one, slope_of_one = batched_gradient(start, **as_arguments(single), loss=loss)
        value += shares[n] * of_one
        flat += shares[n] * slope_of_one.to_flat()
    assert whole == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(slope.to_flat(), flat, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("bptt", [None, 4])
@pytest.mark.parametrize("pattern", PATTERNS[1:])
@pytest.mark.parametrize("garbage", [1e6, -1e6, np.nan, np.inf])
def test_what_stands_where_no_step_is_changes_no_bit(
    garbage: float, pattern: str, bptt: int | None, dtype: Type
) -> None:
    spec, loss = Spec(3, 9, 2, 2, residual=True, skip=True), Loss()
    start, problem = draw_parameters(spec, 1, dtype), draw(spec, loss, 12, 9, 1, pattern, weighted=True)
    absent = problem.mask == 0
    assert absent.any()
    spoilt = Problem(*(a.copy() for a in problem))
    spoilt.X[absent] = garbage
    spoilt.y[absent] = garbage
    spoilt.weights[absent] = 1e6
    clean, other = (train_batched(start, **as_arguments(p), bptt=bptt, **HOW) for p in (problem, spoilt))
    assert_same(other, clean)
    gradients = [batched_gradient(start, **as_arguments(p)) for p in (problem, spoilt)]
    assert gradients[0][0] == gradients[1][0]
    np.testing.assert_array_equal(gradients[0][1].to_flat(), gradients[1][1].to_flat())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("side", ["after", "before"])
def test_longer_padding_changes_no_bit(side: str, dtype: Type) -> None:
    spec, loss = Spec(3, 9, 2, 2, residual=True, skip=True), Loss()
    start, problem = draw_parameters(spec, 1, dtype), draw(spec, loss, 12, 9, 1, "middle", weighted=True)
    by = (0, 5) if side == "after" else (5, 0)
    widths = [(0, 0), by, (0, 0)]
    longer = Problem(*(np.pad(a, widths[: a.ndim]) for a in problem))
    assert_same(*(train_batched(start, **as_arguments(p), **HOW) for p in (longer, problem)))


def test_an_observation_without_weight_changes_no_bit() -> None:
    spec, loss = Spec(3, 4, 2, 2), Loss()
    start, problem = draw_parameters(spec, 1), draw(spec, loss, 12, 9, 1, weighted=True)
    for garbage in (1e6, np.nan):
        spoilt = problem._replace(y=np.where(problem.weights == 0, garbage, problem.y))
        assert_same(*(train_batched(start, **as_arguments(p), **HOW) for p in (spoilt, problem)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", [bool, np.uint8, np.int64, np.float32, np.float64])
def test_a_mask_of_ones_is_no_mask(kind: type, dtype: Type) -> None:
    spec, loss = Spec(3, 5, 2, 2, residual=True), Loss()
    start, problem = draw_parameters(spec, 1, dtype), draw(spec, loss, 40, 6, 1)
    plain = train_batched(start, problem.X, problem.y, **HOW)
    assert_same(train_batched(start, problem.X, problem.y, np.ones((40, 6), kind), **HOW), plain)
    assert_same(train_batched(start, problem.X, problem.y, weights=np.ones(problem.y.shape, kind), **HOW), plain)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.kind)
def test_the_order_in_a_batch_changes_the_loss_by_rounding_alone(loss: Loss) -> None:
    spec = Spec(3, 5, 2, 2 * loss.outputs_per_target, skip=True)
    start, problem = draw_parameters(spec, 1), draw(spec, loss, 70, 6, 1, "middle", weighted=True)
    value, slope = batched_gradient(start, **as_arguments(problem), loss=loss)
    order = np.random.default_rng(1).permutation(70)
    shuffled = Problem(*(a[order] for a in problem))
    again, slope_again = batched_gradient(start, **as_arguments(shuffled), loss=loss)
    assert again == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(slope_again.to_flat(), slope.to_flat(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("count", "batch", "bptt"), [(100, 100, None), (100, 100, 4), (100, 40, None), (70, 33, 5)])
def test_threads_change_no_bit(count: int, batch: int, bptt: int | None, dtype: Type) -> None:
    spec, loss = Spec(3, 9, 2, 2, residual=True, skip=True), Loss("huber")
    start, problem = draw_parameters(spec, 1, dtype), draw(spec, loss, count, 11, 1, "trailing", weighted=True)
    given, held_out = as_arguments(problem), draw(spec, loss, 65, 11, 2, "leading")
    how = HOW | {"batch": batch, "bptt": bptt, "loss": loss, "validation": held_out[:3]}
    one, *more = (train_batched(start, **given, **how, threads=threads) for threads in (1, 2, 3))
    value, slope = batched_gradient(start, **given, loss=loss)
    for threads, several in zip((2, 3), more, strict=True):
        assert_same(several, one)
        np.testing.assert_array_equal(several.validation_losses, one.validation_losses)
        again, slope_again = batched_gradient(start, **given, loss=loss, threads=threads)
        assert again == value
        np.testing.assert_array_equal(slope_again.to_flat(), slope.to_flat())


def test_the_seed_draws_the_order_and_nothing_else() -> None:
    spec, loss = Spec(3, 4), Loss()
    start, problem = draw_parameters(spec, 1), draw(spec, loss, 12, 5, 1)
    first, same, other = (train_batched(start, **as_arguments(problem), **HOW, seed=seed) for seed in (3, 3, 4))
    assert_same(same, first)
    assert distance(first.parameters.to_keras(), other.parameters.to_keras()) > 1e-5


def test_without_updates_between_them_batches_and_windows_give_the_loss() -> None:
    spec, loss = Spec(3, 4, 2), Loss()
    start, problem = draw_parameters(spec, 1), draw(spec, loss, 6, 12, 1)
    value = batched_loss(start, problem.X, problem.y)
    assert value == pytest.approx(np.mean([(run(start, x)[0] - y) ** 2 for x, y in zip(*problem[:2], strict=True)]))
    for batch, bptt in [(6, None), (2, None), (6, 4), (3, 3), (1, 1)]:
        how = {"batch": batch, "bptt": bptt, "learning_rate": 1e-12}
        trained = train_batched(start, problem.X, problem.y, epochs=2, **how)
        np.testing.assert_allclose(trained.losses, value, rtol=1e-9)


def test_nothing_given_is_written_into() -> None:
    spec, loss = Spec(3, 4, 2, 2), Loss()
    start, problem = draw_parameters(spec, 1), draw(spec, loss, 6, 7, 1, "middle", weighted=True)
    given = (*problem, start.to_flat())
    before = [a.copy() for a in given]
    train_batched(start, **as_arguments(problem), **HOW)
    batched_gradient(start, **as_arguments(problem))
    for kept, copy in zip((*problem, start.to_flat()), before, strict=True):
        np.testing.assert_array_equal(kept, copy)


def test_one_input_and_one_target_need_no_axis() -> None:
    spec, loss = Spec(1, 4), Loss()
    start, problem = draw_parameters(spec, 1), draw(spec, loss, 6, 7, 1, "middle", weighted=True)
    flat = Problem(problem.X[..., 0], problem.y[..., 0], problem.mask, problem.weights[..., 0])
    assert_same(*(train_batched(start, **as_arguments(p), **HOW) for p in (flat, problem)))
