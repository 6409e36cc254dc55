"""Dropout: the numbers of the NumPy reference, one mask for a whole sequence, and none where nothing is learnt."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from reference.batches import LOSSES, NETWORKS, PATTERNS, as_arguments, assert_same, draw, plain_training, spec_of
from reference.dropout import factors
from reference.problems import distance, draw_parameters
from statecast.errors import ParameterError
from statecast.network import Spec, initialise
from statecast.training import Adam, Dropout, Loss, batched_loss, train_batched

EVERYWHERE = Dropout(inputs=0.2, layers=0.4, recurrent=0.3)
KINDS = [Dropout(inputs=0.4), Dropout(layers=0.4), Dropout(recurrent=0.4), EVERYWHERE]


@pytest.mark.parametrize("network", NETWORKS, ids=str)
@pytest.mark.parametrize("dropout", KINDS, ids=str)
def test_training_is_that_of_the_reference(network: tuple[int, bool, bool], dropout: Dropout) -> None:
    loss = LOSSES[0]
    spec = spec_of(network, loss)
    start = draw_parameters(spec, 1)
    for case, (bptt, pattern) in enumerate(itertools.product([None, 3], PATTERNS)):
        problem = draw(spec, loss, 5, 7, case, pattern, weighted=case % 4 == 1)
        how = {"epochs": 3, "batch": 2, "bptt": bptt, "optimiser": Adam("pytorch", clip=1.0), "learning_rate": 0.02}
        weights, losses = plain_training(start, problem, loss, **how, seed=case, dropout=dropout)
        trained = train_batched(start, **as_arguments(problem), loss=loss, **how, seed=case, dropout=dropout)
        assert distance(trained.parameters.to_keras(), weights) < 1e-9
        np.testing.assert_allclose(trained.losses, losses, rtol=1e-9)


def test_threads_and_neighbours_change_no_mask() -> None:
    spec, loss = Spec(3, 20, 2, 2, residual=True), Loss()
    start, problem = initialise(spec, 1), draw(Spec(3, 20, 2, 2), loss, 70, 6, 1, "scattered")
    how = {"epochs": 3, "learning_rate": 0.01, "dropout": EVERYWHERE, "seed": 4}
    one, *more = (train_batched(start, **as_arguments(problem), **how, batch=70, threads=n) for n in (1, 2, 3))
    for several in more:
        assert_same(several, one)
    # A sequence alone is dropped as it is among others: their losses add up.
    small = draw(Spec(3, 20, 2, 2), loss, 3, 6, 1)
    slow = {"epochs": 1, "learning_rate": 1e-30, "dropout": EVERYWHERE, "seed": 4}
    together = train_batched(start, small.X, small.y, batch=3, **slow).losses[0]
    by_turns = train_batched(start, small.X, small.y, batch=1, **slow).losses[0]  # the mean over three updates
    assert together == pytest.approx(by_turns, rel=1e-6)


def test_masks_are_drawn_anew_for_each_epoch_and_seed() -> None:
    start, problem = initialise(Spec(3, 8), 1), draw(Spec(3, 8), Loss(), 4, 6, 1)
    how = {"epochs": 4, "learning_rate": 1e-30, "dropout": EVERYWHERE}  # nothing but the masks changes
    first, again, other = (train_batched(start, problem.X, problem.y, **how, seed=s).losses for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert len({*first, *other}) == 8


def test_without_a_share_nothing_changes() -> None:
    start, problem = initialise(Spec(3, 8, 2), 1), draw(Spec(3, 8, 2), Loss(), 4, 6, 1)
    assert_same(*(train_batched(start, problem.X, problem.y, epochs=5, dropout=d) for d in (None, Dropout())))


def test_the_held_out_part_is_seen_without() -> None:
    start, problem = initialise(Spec(3, 8), 1), draw(Spec(3, 8), Loss(), 4, 6, 1)
    trained = train_batched(
        start, problem.X, problem.y, epochs=1, dropout=EVERYWHERE, validation=(problem.X, problem.y)
    )
    assert trained.validation_losses[0] == batched_loss(trained.parameters, problem.X, problem.y)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_as_many_are_left_out_as_asked_and_the_mean_stays(share: float) -> None:
    kept = np.concatenate([factors(1, epoch, 5, 2, share, 50) for epoch in range(400)])
    assert np.mean(kept == 0) == pytest.approx(share, abs=4 * (share * (1 - share) / kept.size) ** 0.5)
    assert kept.mean() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("value", [1, 1.0, -0.1, float("nan"), "a", None, True])
@pytest.mark.parametrize("name", ["inputs", "layers", "recurrent"])
def test_shares_out_of_range_are_refused(name: str, value: object) -> None:
    with pytest.raises(ParameterError, match=f"{name} must be"):
        Dropout(**{name: value})


def test_what_is_no_dropout_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"dropout: expected Dropout\(..\), got 0.5"):
        train_batched(initialise(Spec(1, 4), 1), [[0.1]], [[0.1]], epochs=1, dropout=0.5)
