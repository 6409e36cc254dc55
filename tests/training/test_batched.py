"""Training in mini-batches: the numbers of the NumPy reference and of PyTorch."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.batches import (
    LOSSES,
    NETWORKS,
    PATTERNS,
    Problem,
    as_arguments,
    draw,
    plain_gradient,
    plain_training,
    spec_of,
)
from reference.problems import Type, distance, draw_parameters
from statecast.network import Parameters, Spec
from statecast.training import Adam, Loss, Schedule, batched_gradient, batched_loss, train_batched

# -- the reference -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("network", NETWORKS, ids=str)
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.kind)
def test_loss_and_gradient_are_those_of_the_reference(network: tuple[int, bool, bool], loss: Loss) -> None:
    spec = spec_of(network, loss)
    start = draw_parameters(spec, 1)
    for pattern, weighted in itertools.product(PATTERNS, [False, True]):
        problem = draw(spec, loss, 3, 6, 2, pattern, weighted=weighted)
        value, gradients = plain_gradient(start, problem, loss)
        got, slope = batched_gradient(start, **as_arguments(problem), loss=loss)
        assert got == pytest.approx(value, rel=1e-9)
        assert slope.spec == spec
        assert distance(slope.to_keras(), gradients) < 1e-9
        assert batched_loss(start, **as_arguments(problem), loss=loss) == got


@pytest.mark.parametrize("network", NETWORKS, ids=str)
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.kind)
def test_training_is_that_of_the_reference(network: tuple[int, bool, bool], loss: Loss) -> None:
    spec = spec_of(network, loss)
    start = draw_parameters(spec, 1)
    cases = [*itertools.product([None, 3], PATTERNS), (1, "middle"), (5, "trailing")]
    for case, (bptt, pattern) in enumerate(cases):
        problem = draw(spec, loss, 3, 7, case, pattern, weighted=case % 4 == 1)
        how = {
            "epochs": 2,
            "batch": 2,
            "bptt": bptt,
            "optimiser": Adam(
                ["keras", "pytorch"][case % 2], weight_decay=0.1 * (case % 3), clip=[None, 0.1, 10.0][case // 2 % 3]
            ),
            "learning_rate": [0.01, Schedule("cosine", 0.02, warm_up=2, floor=0.001)][case // 3 % 2],
            "seed": case,
        }
        trained = train_batched(start, **as_arguments(problem), loss=loss, **how)
        expected, of_epochs = plain_training(start, problem, loss, **how)
        assert trained.parameters.spec == spec
        assert distance(trained.parameters.to_keras(), expected) < 1e-9
        np.testing.assert_allclose(trained.losses, of_epochs, rtol=1e-9)


@pytest.mark.parametrize("inputs", [1, 5, 16, 20])
@pytest.mark.parametrize("units", [1, 3, 4, 8, 15, 16, 17, 33])
def test_every_width(inputs: int, units: int) -> None:
    loss = Loss("pinball", quantiles=(0.2, 0.5, 0.8))
    spec = Spec(inputs, units, 2, outputs=3 * (1 + units % 7), skip=units % 2 == 0)
    start, problem = draw_parameters(spec, 1), draw(spec, loss, 5, 3, 1, "trailing", weighted=True)
    value, gradients = plain_gradient(start, problem, loss)
    got, slope = batched_gradient(start, **as_arguments(problem), loss=loss)
    assert got == pytest.approx(value, rel=1e-9)
    assert distance(slope.to_keras(), gradients) < 1e-9


@pytest.mark.parametrize("count", [1, 2, 7, 8, 31, 32, 33, 64, 70])
def test_every_number_of_sequences(count: int) -> None:
    spec, loss = Spec(2, 5, 2, outputs=2, residual=True), Loss("gaussian")
    start, problem = draw_parameters(spec, 1), draw(spec, loss, count, 4, 1, "middle", weighted=True)
    value, gradients = plain_gradient(start, problem, loss)
    got, slope = batched_gradient(start, **as_arguments(problem), loss=loss)
    assert got == pytest.approx(value, rel=1e-9)
    assert distance(slope.to_keras(), gradients) < 1e-9
    how = {"epochs": 2, "batch": 33, "bptt": 3, "optimiser": Adam(clip=0.1), "learning_rate": 0.01, "seed": 5}
    trained = train_batched(start, **as_arguments(problem), loss=loss, **how)
    expected, of_epochs = plain_training(start, problem, loss, **how)
    assert distance(trained.parameters.to_keras(), expected) < 1e-9
    np.testing.assert_allclose(trained.losses, of_epochs, rtol=1e-9)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.kind)
def test_gradient_agrees_with_central_finite_differences(loss: Loss) -> None:
    spec = Spec(3, 5, 3, 2 * loss.outputs_per_target, residual=True, skip=True)
    start, problem = draw_parameters(spec, 1), draw(spec, loss, 4, 6, 3, "scattered", weighted=True)
    _, slope = batched_gradient(start, **as_arguments(problem), loss=loss)
    flat, step = start.to_flat(), 1e-6
    rng = np.random.default_rng(4)
    for _ in range(5):
        direction = rng.uniform(-1, 1, flat.size)
        ahead, behind = (
            batched_loss(Parameters.from_flat(spec, flat + sign * step * direction), **as_arguments(problem), loss=loss)
            for sign in (1, -1)
        )
        assert (ahead - behind) / (2 * step) == pytest.approx(slope.to_flat() @ direction, rel=1e-6, abs=1e-7)


def test_a_window_in_which_nothing_counts_makes_no_update() -> None:
    spec, loss = Spec(2, 4, 2), Loss()
    start, problem = draw_parameters(spec, 1), draw(spec, loss, 3, 9, 1)
    weights = np.ones(problem.y.shape)
    weights[:, 3:6] = 0  # the second window: its steps are there, and move the state
    problem = problem._replace(weights=weights)
    how = {
        "epochs": 2,
        "batch": 3,
        "bptt": 3,
        "optimiser": Adam("pytorch", weight_decay=0.5),
        "learning_rate": Schedule("cosine", 0.05),
        "seed": 1,
    }
    trained = train_batched(start, **as_arguments(problem), loss=loss, **how)
    expected, of_epochs = plain_training(start, problem, loss, **how)
    assert distance(trained.parameters.to_keras(), expected) < 1e-9
    np.testing.assert_allclose(trained.losses, of_epochs, rtol=1e-9)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.kind)
def test_float32_is_near_float64(loss: Loss) -> None:
    spec = Spec(3, 8, 2, 2 * loss.outputs_per_target, residual=True, skip=True)
    wide = draw_parameters(spec, 1)
    single = Parameters.from_flat(spec, wide.to_flat().astype(np.float32))
    problem = draw(spec, loss, 9, 12, 1, "middle", weighted=True)
    how = {"epochs": 5, "batch": 4, "optimiser": Adam(clip=0.5), "learning_rate": 0.01, "loss": loss}
    narrow, exact = (train_batched(p, **as_arguments(problem), **how) for p in (single, wide))
    assert narrow.parameters.dtype == np.float32
    assert distance(narrow.parameters.to_keras(), exact.parameters.to_keras()) < 1e-4
    np.testing.assert_allclose(narrow.losses, exact.losses, rtol=1e-4)


# -- PyTorch -----------------------------------------------------------------------------------------------------------

Golden = dict[str, NDArray[np.floating]]
with np.load(Path(__file__).parents[1] / "golden" / "pytorch_batched.npz") as file:
    NAMES = sorted({name.split("/")[0] for name in file.files} - {"versions"}, key=lambda name: int(name.split("_")[0]))
    CASES = {
        case: {n.removeprefix(f"{case}/"): file[n] for n in file.files if n.startswith(f"{case}/")} for case in NAMES
    }


@pytest.mark.parametrize("case", NAMES)
class TestPyTorch:
    """What golden/make_pytorch.py has stored: other losses, gradients and optimiser than ours."""

    def take(self, case: str, dtype: Type) -> tuple[dict, Golden, Parameters, Problem, Loss]:  # noqa: D102
        golden = CASES[case]
        config = json.loads(str(golden["config"]))
        of_loss = config["loss"]
        loss = Loss(of_loss["kind"], tuple(of_loss.get("quantiles", ())), of_loss.get("delta", 1.0))
        outputs = golden["y"].shape[2] * loss.outputs_per_target
        spec = Spec(3, 5, config["layers"], outputs, residual=config["residual"], skip=config["skip"])
        start = Parameters.from_flat(spec, golden["initial"].astype(dtype))
        arrays = [golden[name].astype(dtype) if name in golden else None for name in Problem._fields]
        return config, golden, start, Problem(*arrays), loss

    def how(self, config: dict) -> dict:  # noqa: D102
        names = ("epochs", "batch", "bptt", "learning_rate", "seed")
        optimiser = Adam("pytorch", weight_decay=config["weight_decay"], clip=config["clip"])
        return {name: config[name] for name in names} | {"optimiser": optimiser}

    def test_gradient_of_the_first_window(self, case: str) -> None:  # noqa: D102
        config, golden, start, problem, loss = self.take(case, np.float64)
        chosen = golden["order"][0][: config["batch"]]
        window = Problem(*(None if a is None else a[chosen, : config["bptt"]] for a in problem))
        for value, slope in (
            batched_gradient(start, **as_arguments(window), loss=loss),
            plain_gradient(start, window, loss),
        ):
            arrays = slope.to_keras() if isinstance(slope, Parameters) else slope
            assert value == pytest.approx(float(golden["gradient_loss"]), rel=1e-9)
            assert distance(arrays, Parameters.from_flat(start.spec, golden["gradient"]).to_keras()) < 1e-9

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_training(self, case: str, dtype: Type) -> None:  # noqa: D102
        config, golden, start, problem, loss = self.take(case, dtype)
        trained = train_batched(start, **as_arguments(problem), loss=loss, **self.how(config))
        name = np.dtype(dtype).name
        expected = Parameters.from_flat(start.spec, golden[f"{name}/trained"])
        # PyTorch divides by the norm and a millionth when it clips.
        error = 1e-4 if dtype == np.float32 else 1e-6 if config["clip"] else 1e-9
        assert trained.parameters.dtype == dtype
        assert distance(trained.parameters.to_keras(), expected.to_keras()) < error
        np.testing.assert_allclose(trained.losses, golden[f"{name}/losses"], rtol=error)

    def test_the_reference_itself(self, case: str) -> None:  # noqa: D102
        config, golden, start, problem, loss = self.take(case, np.float64)
        got, of_epochs = plain_training(start, problem, loss, **self.how(config))
        error = 1e-6 if config["clip"] else 1e-9
        assert distance(got, Parameters.from_flat(start.spec, golden["float64/trained"]).to_keras()) < error
        np.testing.assert_allclose(of_epochs, golden["float64/losses"], rtol=error)
