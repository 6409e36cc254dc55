"""Training in float64 gives what the NumPy reference gives, whatever the sizes and the cut into chunks."""

from __future__ import annotations

import numpy as np
import pytest

from reference import lstm
from reference.problems import distance, draw_data, draw_parameters
from statecast.network import Parameters, Spec, run
from statecast.training import train_online

SPECS = [Spec(1, 4), Spec(3, 4), Spec(1, 5, outputs=3), Spec(2, 1, outputs=2), Spec(4, 20), Spec(1, 33)]
CHUNKS = [(12, 1), (12, 4), (12, 5), (11, 4), (13, 12), (7, 100), (1, 1), (1, 3)]  # rows, bptt


@pytest.mark.parametrize("spec", SPECS, ids=str)
@pytest.mark.parametrize(("rows", "bptt"), CHUNKS)
def test_parameters_and_losses(spec: Spec, rows: int, bptt: int) -> None:
    start = draw_parameters(spec, seed=rows)
    X, y = draw_data(spec, rows, seed=bptt)
    how = {"epochs": 6, "bptt": bptt, "learning_rate": 0.01}
    trained = train_online(start, X, y, **how)
    expected, losses = lstm.train_online(start.to_keras(), X, y, **how)
    assert distance(trained.parameters.to_keras(), expected) < 1e-9
    np.testing.assert_allclose(trained.losses, losses, rtol=1e-9)
    assert (trained.losses >= 0).all()


@pytest.mark.parametrize("bptt", [1, 5])
def test_300_epochs(bptt: int) -> None:
    spec = Spec(1, 4)
    start = draw_parameters(spec, seed=1)
    X, y = draw_data(spec, 12, seed=1)
    trained = train_online(start, X, y, epochs=300, bptt=bptt)
    expected, _ = lstm.train_online(start.to_keras(), X, y, epochs=300, bptt=bptt, learning_rate=1e-3)
    assert distance(trained.parameters.to_keras(), expected) < 1e-9


def test_small_gradients_feel_epsilon_outside_the_correction() -> None:
    spec = Spec(1, 4)
    weights = [w * 1e-4 for w in draw_parameters(spec, seed=1).to_keras()]  # slopes of the order of epsilon
    X, y = draw_data(spec, 6, seed=1)
    start, y = Parameters.from_keras(weights), 1e-4 * y
    trained = train_online(start, X, y, epochs=3)
    expected, _ = lstm.train_online(weights, X, y, epochs=3, bptt=1, learning_rate=1e-3)
    assert distance(trained.parameters.to_keras(), expected) < 1e-12
    moved = trained.parameters.to_flat() - start.to_flat()
    assert np.abs(moved).min() < 0.1 * np.abs(moved).max()  # without epsilon all would move by about the rate


def test_an_epochs_loss_is_the_mean_over_chunks_before_each_update() -> None:
    spec = Spec(1, 4)
    start = draw_parameters(spec, seed=1)
    X, y = draw_data(spec, 7, seed=1)
    squares = (run(start, X)[0] - y)[:, 0] ** 2
    tiny = 1e-12  # so that updates do not show
    for bptt in (1, 3, 7, 9):
        chunks = [squares[at : at + bptt].mean() for at in range(0, 7, bptt)]
        trained = train_online(start, X, y, epochs=1, bptt=bptt, learning_rate=tiny)
        assert trained.losses == pytest.approx([np.mean(chunks)], rel=1e-9)


def test_every_epoch_begins_with_the_zero_state() -> None:
    spec = Spec(1, 4)
    start = draw_parameters(spec, seed=1)
    X, y = draw_data(spec, 7, seed=1)
    losses = train_online(start, X, y, epochs=5, learning_rate=1e-12).losses
    np.testing.assert_allclose(losses, losses[0], rtol=1e-9)


def test_float32_is_near_float64() -> None:
    spec = Spec(2, 5, outputs=2)
    wide = draw_parameters(spec, seed=1)
    single = Parameters.from_keras([w.astype(np.float32) for w in wide.to_keras()])
    X, y = draw_data(spec, 12, seed=1)
    results = [train_online(p, X, y, epochs=20, bptt=5).parameters for p in (single, wide)]
    assert results[0].dtype == np.float32
    assert distance(results[0].to_keras(), results[1].to_keras()) < 1e-5
