"""Sequences side by side, drawn with their masks and weights, and what the plain reference makes of them."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np

from reference import deep, losses
from reference.dropout import Kept
from reference.dropout import draw as draw_kept
from reference.problems import Array
from statecast.network import Parameters, Spec
from statecast.training import Adam, Dropout, Loss, Schedule, Trained

LOSSES = [
    Loss("squared"),
    Loss("absolute"),
    Loss("huber", delta=0.5),
    Loss("pinball", quantiles=(0.1, 0.5, 0.9)),
    Loss("gaussian"),
    Loss("student_t"),
    Loss("negative_binomial"),
]
NETWORKS = [(1, False, False), (1, False, True)]  # layers, residual, skip
NETWORKS += list(itertools.product([2, 3, 4], [False, True], [False, True]))
PATTERNS = ["none", "trailing", "leading", "middle", "scattered"]
HOW = {"epochs": 3, "batch": 5, "learning_rate": 0.01, "optimiser": Adam("pytorch", weight_decay=0.01, clip=0.5)}


class Problem(NamedTuple):
    """Sequences [N, T, ..] side by side; None: all steps are there, all weights are one."""

    X: Array
    y: Array
    mask: Array | None
    weights: Array | None


def draw_mask(pattern: str, count: int, steps: int, seed: int) -> Array | None:
    """Return a mask in which the first sequence is whole and some others are not."""
    rng, t = np.random.default_rng([seed, 3]), np.arange(steps)
    lengths = rng.integers(1, steps + 1, (count, 1))
    holes = rng.uniform(0, 1, (count, steps)) < 0.4
    masks = {
        "trailing": t < lengths,
        "leading": t >= steps - lengths,
        "middle": ~(holes & (t > 0) & (t < steps - 1)),
        "scattered": ~holes & (np.arange(count) != count - 1)[:, None],  # and the last sequence has no step
    }
    if pattern == "none":
        return None
    mask: Array = masks[pattern].astype(np.float64)
    mask[0] = 1
    return mask


def draw(
    spec: Spec, loss: Loss, count: int, steps: int, seed: int, pattern: str = "none", *, weighted: bool = False
) -> Problem:
    """Return a random problem for a network and a loss."""
    rng = np.random.default_rng([seed, 2])
    shape = (count, steps, spec.outputs // loss.outputs_per_target)
    X = rng.uniform(-1, 1, (count, steps, spec.inputs))
    y = rng.poisson(2, shape).astype(np.float64) if loss.kind == "negative_binomial" else rng.uniform(-1, 1, shape)
    weights = rng.uniform(0, 2, shape) * (rng.uniform(0, 1, shape) > 0.2) if weighted else None
    return Problem(X, y, draw_mask(pattern, count, steps, seed), weights)


def spec_of(network: tuple[int, bool, bool], loss: Loss, targets: int = 2) -> Spec:
    layers, residual, skip = network
    return Spec(3, 4, layers, targets * loss.outputs_per_target, residual=residual, skip=skip)


def plain_loss(loss: Loss) -> losses.Loss:
    return losses.Loss(loss.kind, loss.quantiles, loss.delta)


def plain_net(spec: Spec) -> deep.Net:
    return deep.Net(spec.layers, spec.residual, spec.skip)


def plain_gradient(start: Parameters, problem: Problem, loss: Loss) -> tuple[float, list[Array]]:
    """Return loss and gradient by the reference."""
    net, arrays = plain_net(start.spec), start.to_keras()
    states = [deep.zero_state(net, arrays) for _ in problem.X]
    value, gradients, _ = deep.gradient(net, arrays, *problem, states, plain_loss(loss))
    return value, gradients


def plain_training(
    start: Parameters,
    problem: Problem,
    loss: Loss,
    *,
    epochs: int,
    batch: int,
    bptt: int | None = None,
    optimiser: Adam,
    learning_rate: float | Schedule,
    seed: int,
    dropout: Dropout | None = None,
) -> tuple[list[Array], list[float]]:
    """Train as train_batched does, by the reference."""
    count, steps = problem.X.shape[:2]
    updates = epochs * math.ceil(count / batch) * math.ceil(steps / (bptt or steps))
    spec = start.spec

    def kept_of(epoch: int, sequence: int) -> Kept:
        shares = (Dropout() if dropout is None else dropout).parts
        return draw_kept(seed, epoch, sequence, (spec.inputs, spec.layers, spec.units), shares)

    schedule = learning_rate if isinstance(learning_rate, Schedule) else Schedule("constant", learning_rate)
    return deep.train_batched(
        plain_net(start.spec),
        start.to_keras(),
        *problem,
        plain_loss(loss),
        [np.random.default_rng([seed, epoch]).permutation(count) for epoch in range(epochs)],
        batch=batch,
        bptt=bptt,
        adam=deep.Adam(optimiser.form, optimiser.beta1, optimiser.beta2, optimiser.epsilon, optimiser.weight_decay),
        clip=optimiser.clip,
        learning_rates=schedule.rates(updates).tolist(),
        kept_of=kept_of,
    )


def as_arguments(problem: Problem) -> dict[str, Array | None]:
    return problem._asdict()


def assert_same(got: Trained, expected: Trained) -> None:
    np.testing.assert_array_equal(got.parameters.to_flat(), expected.parameters.to_flat())
    np.testing.assert_array_equal(got.losses, expected.losses)
