"""Online training with losses, weights, optimisers, schedules and held-out rows."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reference.batches import LOSSES, NETWORKS, Problem, draw, plain_training, spec_of
from reference.problems import Array, distance, draw_data, draw_parameters
from statecast.errors import ParameterError, TrainingError
from statecast.network import Feed, Networks, Spec, initialise, run
from statecast.training import Adam, Loss, Online, Schedule, train_networks, train_online

SPEC = Spec(2, 5)


@pytest.mark.parametrize("network", NETWORKS, ids=str)
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.kind)
def test_training_is_that_of_the_reference(network: tuple[int, bool, bool], loss: Loss) -> None:
    spec = spec_of(network, loss)
    start = draw_parameters(spec, 1)
    for case, (bptt, weighted) in enumerate(itertools.product([1, 4, 11], [False, True])):
        problem = draw(spec, loss, 1, 11, case, weighted=weighted)
        optimiser = Adam(
            ["keras", "pytorch"][case % 2], weight_decay=0.1 * (case % 3), clip=[None, 0.1, 10.0][case // 2]
        )
        how: dict[str, Any] = {
            "epochs": 3,
            "bptt": bptt,
            "optimiser": optimiser,
            "learning_rate": Schedule("cosine", 0.02, warm_up=3, floor=1e-3) if case % 2 else 0.02,
        }
        expected, losses = plain_training(start, problem, loss, batch=1, seed=0, **how)
        trained = train_online(start, problem.X[0], problem.y[0], weights=first(problem), loss=loss, **how)
        assert distance(trained.parameters.to_keras(), expected) < 1e-9
        np.testing.assert_allclose(trained.losses, losses, rtol=1e-9)


def first(problem: Problem) -> Array | None:
    return None if problem.weights is None else problem.weights[0]


@pytest.mark.parametrize(
    "how",
    [
        Online(8, 3, 0.02, Loss("huber", delta=0.3), Adam(clip=0.2)),
        Online(8, 1, Schedule("cosine", 0.05, warm_up=5), optimiser=Adam("pytorch", weight_decay=0.1)),
        Online(50, 4, 0.05, held_out=5, patience=2),
    ],
    ids=["huber, clipped", "cosine, AdamW", "held out"],
)
@pytest.mark.parametrize("weighted", [False, True])
def test_each_of_many_networks_is_trained_as_alone(how: Online, weighted: bool) -> None:
    X, y = draw_data(SPEC, 21, 1, np.float32)
    weights = np.random.default_rng(1).uniform(0, 1, 21) if weighted else None
    feed = Feed(X, np.array([0, 21]), np.zeros(9, np.int64))
    many = train_networks(Networks.initialise(SPEC, range(9)), feed, y, how, weights=weights, threads=2)
    for n in range(9):
        alone = train_online(initialise(SPEC, n), X, y, weights=weights, **vars(how))
        np.testing.assert_array_equal(many.networks.parameters(n).to_flat(), alone.parameters.to_flat())
        assert many.losses[n] == alone.losses[-1]
        assert many.epochs[n] == len(alone.losses)
        assert many.best_epochs[n] == (-1 if alone.best_epoch is None else alone.best_epoch)


@pytest.mark.parametrize("layers", [1, 2])
def test_the_best_epoch_on_held_out_rows_is_given_back(layers: int) -> None:
    spec = Spec(2, 5, layers)
    X, y = draw_data(spec, 30, 1)
    start = draw_parameters(spec, 2)
    trained = train_online(start, X, y, epochs=200, bptt=4, learning_rate=0.02, held_out=8, patience=5)
    best = trained.best_epoch
    assert best == int(np.argmin(trained.validation_losses))
    assert len(trained.losses) == len(trained.validation_losses) == min(best + 6, 200) < 200
    until = train_online(start, X[:-8], y[:-8], epochs=best + 1, bptt=4, learning_rate=0.02)
    np.testing.assert_array_equal(trained.parameters.to_flat(), until.parameters.to_flat())
    np.testing.assert_array_equal(trained.losses[: best + 1], until.losses)
    other = train_online(start, X, np.concatenate([y[:-8], -y[-8:]]), epochs=20, bptt=4, held_out=8)
    same = train_online(start, X, y, epochs=20, bptt=4, held_out=8)
    np.testing.assert_array_equal(other.losses, same.losses)  # held-out targets teach nothing
    assert (other.validation_losses != same.validation_losses).all()


def test_the_held_out_loss_goes_on_from_the_state_of_training() -> None:
    X, y = draw_data(SPEC, 12, 1)
    trained = train_online(draw_parameters(SPEC, 1), X, y, epochs=1, bptt=12, learning_rate=1e-9, held_out=4)
    outputs, _ = run(trained.parameters, X)
    assert trained.validation_losses[0] == pytest.approx(np.mean((outputs[-4:] - y[-4:]) ** 2), abs=1e-7)


def test_observations_without_weight_may_be_missing() -> None:
    X, y = draw_data(SPEC, 20, 1)
    weights = np.ones(20)
    weights[[3, 4, 11]] = 0
    gaps = np.where(weights[:, None] > 0, y, np.nan)
    start = draw_parameters(SPEC, 1)
    complete, missing = (train_online(start, X, t, weights=weights, epochs=5, bptt=3) for t in (y, gaps))
    np.testing.assert_array_equal(missing.parameters.to_flat(), complete.parameters.to_flat())
    with pytest.raises(ParameterError, match=r"y: expected finite numbers in float64, got \[nan\] in row 3"):
        train_online(start, X, gaps, epochs=5)


@pytest.mark.parametrize("many", [False, True])
def test_a_training_that_diverges_leaves_the_last_finite_parameters(many: bool) -> None:
    rng = np.random.default_rng(1)
    X, y = rng.uniform(-1, 1, (6, 2)).astype(np.float32), np.full((6, 1), 1e18, np.float32)
    how = Online(9, 6, 5.0, Loss("squared"))
    start = Networks.initialise(SPEC, range(5 if many else 1))
    feed = Feed(X, np.array([0, 6]), np.zeros(len(start), np.int64))
    huge = replace(how, learning_rate=Schedule("constant", 10.0, warm_up=0))
    with pytest.raises(TrainingError, match="clip the gradient") as error:
        train_networks(start, feed, y * np.float32(30), huge)
    assert isinstance(error.value.parameters, Networks)
    assert np.isfinite(error.value.parameters.weights).all()
    with pytest.raises(TrainingError) as error:
        train_online(start.parameters(0), X, y * np.float32(30), **vars(huge))
    np.testing.assert_array_equal(error.value.parameters.to_flat(), start.weights[0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": np.ones(19)}, r"weights: expected shape \(20, 1\), got \(19, 1\)"),
        ({"weights": -np.ones(20)}, r"weights: expected finite numbers from 0 on in float64, got -1.0"),
        ({"weights": np.zeros(20)}, r"weights: expected at least 1 observation that counts in each part"),
        ({"weights": [1.0] * 17 + [0.0] * 3, "held_out": 3}, r"weights: expected at least 1 observation that counts"),
        ({"weights": "a"}, r"weights: expected numbers, got str"),
        ({"held_out": 20}, r"held_out: expected fewer rows than every sequence has, at most 19, got 20"),
        ({"held_out": -1}, r"held_out must be a whole number"),
        ({"patience": 3}, r"patience: expected rows in held_out to go with it"),
        ({"held_out": 3, "patience": 0}, r"patience must be a whole number"),
        ({"loss": "squared"}, r"loss: expected Loss\(..\), got 'squared'"),
        ({"loss": 0}, r"loss: expected Loss\(..\), got 0"),
        ({"optimiser": "adam"}, r"optimiser: expected Adam\(..\), got 'adam'"),
        ({"loss": Loss("gaussian")}, r"outputs: expected a multiple of the 2 that gaussian takes"),
        ({"learning_rate": 0}, r"learning_rate must be a number above 0"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, Any], message: str) -> None:
    X, y = draw_data(SPEC, 20, 1)
    with pytest.raises(ParameterError, match=message):
        train_online(draw_parameters(SPEC, 1), X, y, **{"epochs": 2, **change})


def test_negative_counts_are_refused() -> None:
    start = draw_parameters(Spec(2, 5, 1, 2), 1)
    with pytest.raises(ParameterError, match=r"y: expected counts from 0 on for negative_binomial, got -1.0"):
        train_online(start, np.zeros((3, 2)), [1, -1, 2], epochs=1, loss=Loss("negative_binomial"))


def test_rates_rise_and_fall_as_they_are_said_to() -> None:
    rates = Schedule("cosine", 0.5, warm_up=4, floor=0.1).rates(15)
    np.testing.assert_allclose(rates[:4], [0.125, 0.25, 0.375, 0.5])
    np.testing.assert_allclose(rates[4:], 0.1 + 0.4 * (1 + np.cos(np.pi * np.arange(11) / 10)) / 2)
    np.testing.assert_allclose(Schedule("constant", 0.5, warm_up=8).rates(4), [0.0625, 0.125, 0.1875, 0.25])
    assert Schedule("constant", 0.5).rates(0).shape == (0,)
