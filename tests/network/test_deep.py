"""Stacked networks, residual connections and the skip to the head: sizes, exchange, running, gradients, training."""

from __future__ import annotations

import numpy as np
import pytest

from reference import deep
from reference.losses import Loss
from reference.problems import distance, draw_data, draw_parameters
from statecast.errors import ParameterError
from statecast.network import Feed, Networks, Parameters, Spec, State, gradient, initialise, run, run_networks
from statecast.training import train_online

SPECS = [Spec(1, 1, 2, residual=True), Spec(3, 4, 2, residual=True, skip=True), Spec(2, 16, 2, outputs=17, skip=True)]
SPECS += [
    Spec(inputs, units, layers, outputs, residual=residual, skip=skip)
    for layers, inputs, units, outputs in [(1, 3, 5, 2), (2, 20, 5, 1), (3, 1, 4, 3), (4, 2, 9, 2), (2, 3, 33, 1)]
    for residual in ([False, True] if layers > 1 else [False])
    for skip in (False, True)
]


def net_of(spec: Spec) -> deep.Net:
    return deep.Net(spec.layers, spec.residual, spec.skip)


def draw_state(spec: Spec, seed: int, dtype: type[np.floating] = np.float64) -> State:
    """Return a state in the middle of a sequence, of all layers."""
    rng = np.random.default_rng([seed, 7])
    shape = (spec.layers, spec.units)
    return State(rng.uniform(-0.9, 0.9, shape).astype(dtype), rng.uniform(-1.5, 1.5, shape).astype(dtype))


def zeros(spec: Spec) -> list[np.ndarray]:
    return [np.zeros(shape) for shape in spec.shapes]


# -- sizes and exchange ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("layers", "skip"), [(1, False), (2, False), (3, True), (4, True)])
def test_shapes_and_count_are_those_of_the_layers_one_on_another(layers: int, skip: bool) -> None:
    spec = Spec(3, 5, layers, outputs=2, residual=layers > 1, skip=skip)
    later = [(5, 20), (5, 20), (20,)] * (layers - 1)
    head_rows = 8 if skip else 5
    assert list(spec.shapes) == [(3, 20), (5, 20), (20,), *later, (head_rows, 2), (2,)]
    assert spec.parameter_count == 9 * 20 + (layers - 1) * 11 * 20 + (head_rows + 1) * 2


@pytest.mark.parametrize("layers", [0, 5, -1, 1.0, True, None, "2"])
def test_other_numbers_of_layers_are_refused(layers: object) -> None:
    with pytest.raises(ParameterError, match="layers must be a whole number from 1 to 4, got"):
        Spec(1, 4, layers)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["residual", "skip"])
@pytest.mark.parametrize("value", [0, 1, None, "yes", np.nan])
def test_what_is_neither_true_nor_false_is_refused(name: str, value: object) -> None:
    with pytest.raises(ParameterError, match=f"{name} must be True or False, got {value!r}"):
        Spec(1, 4, 2, **{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_arrays_say_layers_and_skip(spec: Spec) -> None:
    parameters = draw_parameters(spec, 1)
    arrays = parameters.to_keras()
    assert [a.shape for a in arrays] == list(spec.shapes)
    assert len(parameters.layers) == spec.layers
    again = Parameters.from_keras(arrays, residual=spec.residual)
    assert again.spec == spec
    np.testing.assert_array_equal(again.to_flat(), parameters.to_flat())
    np.testing.assert_array_equal(Parameters.from_flat(spec, parameters.to_flat()).to_flat(), parameters.to_flat())
    np.testing.assert_array_equal(parameters.layers[-1].recurrent_kernel, arrays[-4])
    np.testing.assert_array_equal(parameters.head_kernel, arrays[-2])


def changed(k: int, shape: tuple[int, ...]) -> list[np.ndarray]:
    arrays = zeros(Spec(3, 4, 2, outputs=2))
    arrays[k] = np.zeros(shape)
    return arrays


@pytest.mark.parametrize(
    "arrays",
    [
        zeros(Spec(3, 4, 2))[:-1],
        zeros(Spec(3, 4, 2))[1:],
        zeros(Spec(3, 4, 2))[:2],
        [*zeros(Spec(3, 4, 4))[:3], *zeros(Spec(4, 4, 4))],  # five layers
        [],
        changed(0, (3, 15)),
        changed(1, (5, 16)),
        changed(3, (3, 16)),  # the second layer sees the units
        changed(4, (16,)),
        changed(5, (4,)),
        changed(6, (5, 2)),  # neither the units nor units and inputs
        changed(6, (3, 2)),
        changed(7, (3,)),
    ],
    ids=lambda arrays: str([a.shape for a in arrays]),
)
def test_arrays_of_no_such_network_are_refused(arrays: list[np.ndarray]) -> None:
    with pytest.raises(ParameterError, match=r"expected kernel .* for each of 1 to 4 layers.* got"):
        Parameters.from_keras(arrays)


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_initial_parameters_are_drawn_layer_by_layer(spec: Spec) -> None:
    parameters = initialise(spec, 3)
    assert parameters.spec == spec
    forget_gate = np.repeat([0, 1, 0, 0], spec.units)
    for layer in parameters.layers:
        recurrent = layer.recurrent_kernel
        np.testing.assert_allclose(recurrent @ recurrent.T, np.eye(spec.units), atol=1e-5)
        np.testing.assert_array_equal(layer.bias, forget_gate)
    kernels = [layer.kernel for layer in parameters.layers]
    assert len({float(kernel[0, 0]) for kernel in kernels}) == spec.layers
    for kernel in (*kernels, parameters.head_kernel):
        assert 0 < np.abs(kernel).max() <= np.sqrt(6 / sum(kernel.shape))
    np.testing.assert_array_equal(parameters.to_flat(), initialise(spec, 3).to_flat())


# -- running -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_outputs_and_state_are_those_of_the_reference(spec: Spec) -> None:
    parameters, state = draw_parameters(spec, 1), draw_state(spec, 2)
    X, _ = draw_data(spec, 9, seed=3)
    expected, (h, c) = deep.run(net_of(spec), parameters.to_keras(), X, (state.hidden, state.cell))
    got, after = run(parameters, X, state)
    np.testing.assert_allclose(got, expected, atol=1e-12)
    np.testing.assert_allclose(after.hidden, h, atol=1e-12)
    np.testing.assert_allclose(after.cell, c, atol=1e-12)
    np.testing.assert_array_equal(run(parameters, X)[0], run(parameters, X, State.zeros(spec, np.float64))[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_pieces_with_the_state_carried_are_the_whole(spec: Spec, dtype: type[np.floating]) -> None:
    parameters, state = draw_parameters(spec, 1, dtype), draw_state(spec, 2, dtype)
    X, _ = draw_data(spec, 9, 3, dtype)
    whole, after = run(parameters, X, state)
    pieces = []
    for piece in np.split(X, [1, 4, 4]):
        outputs, state = run(parameters, piece, state)
        pieces.append(outputs)
    np.testing.assert_array_equal(np.concatenate(pieces), whole)
    np.testing.assert_array_equal(state.hidden, after.hidden)
    np.testing.assert_array_equal(state.cell, after.cell)
    assert whole.dtype == state.cell.dtype == dtype


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_networks_side_by_side_are_networks_alone(spec: Spec) -> None:
    X, _ = draw_data(spec, 12, 1)
    networks, states = [draw_parameters(spec, n) for n in range(3)], [draw_state(spec, n) for n in range(3)]
    together = State(np.stack([s.hidden for s in states]), np.stack([s.cell for s in states]))
    ends = np.array([0, 5, 12])
    feed = Feed(X, ends, np.array([1, 0, 1]))
    outputs, after = run_networks(Networks.stack(networks), feed, together, threads=2)
    for n, sequence in enumerate([1, 0, 1]):
        alone, state = run(networks[n], X[ends[sequence] : ends[sequence + 1]], states[n])
        np.testing.assert_array_equal(outputs[feed.starts[n] : feed.starts[n + 1]], alone)
        np.testing.assert_array_equal(after.hidden[n], state.hidden)
        np.testing.assert_array_equal(after.cell[n], state.cell)


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_later_rows_change_no_earlier_output(spec: Spec) -> None:
    parameters = draw_parameters(spec, 1)
    X, _ = draw_data(spec, 6, 1)
    later = X.copy()
    later[4:] += 1
    before, after = run(parameters, X)[0], run(parameters, later)[0]
    np.testing.assert_array_equal(before[:4], after[:4])
    assert (before[4] != after[4]).any()


@pytest.mark.parametrize("skip", [False, True])
def test_a_residual_layer_of_zeros_is_not_there(skip: bool) -> None:
    small = draw_parameters(Spec(3, 5, 2, outputs=2, residual=True, skip=skip), 1)
    arrays = small.to_keras()
    for at in (3, 6):  # below and above the second layer
        zero = zeros(Spec(5, 5))[:3]  # gives zero whatever it sees
        large = Parameters.from_keras([*arrays[:at], *zero, *arrays[at:]], residual=True)
        X, _ = draw_data(small.spec, 8, 1)
        np.testing.assert_allclose(run(large, X)[0], run(small, X)[0], atol=1e-14)


def test_the_skip_adds_a_linear_map_of_the_inputs() -> None:
    plain = draw_parameters(Spec(3, 5, 2, outputs=2), 1)
    linear = np.arange(6.0).reshape(3, 2)
    *layers, head_kernel, head_bias = plain.to_keras()
    skipping = Parameters.from_keras([*layers, np.concatenate([head_kernel, linear]), head_bias])
    assert skipping.spec == Spec(3, 5, 2, outputs=2, skip=True)
    X, _ = draw_data(plain.spec, 8, 1)
    np.testing.assert_allclose(run(skipping, X)[0], run(plain, X)[0] + X @ linear, atol=1e-13)


@pytest.mark.parametrize("shape", [(1, 4), (3, 4), (2, 5), (8,), (4, 2)])
def test_a_state_of_other_layers_is_refused(shape: tuple[int, ...]) -> None:
    parameters = draw_parameters(Spec(1, 4, 2), 1)
    state = State(np.zeros(shape), np.zeros(shape))
    for call in (lambda: run(parameters, [0.0], state), lambda: gradient(parameters, [0.0], [0.0], state)):
        with pytest.raises(ParameterError, match=r"state.hidden: expected float64 of shape \(2, 4\), got"):
            call()


# -- gradient and training ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 6])
@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_gradient_and_loss_are_those_of_the_reference(spec: Spec, rows: int) -> None:
    parameters, state = draw_parameters(spec, 1), draw_state(spec, 2)
    X, y = draw_data(spec, rows, seed=3)
    loss, slope = gradient(parameters, X, y, state)
    expected_loss, expected, _ = deep.gradient(
        net_of(spec), parameters.to_keras(), X[None], y[None], None, None, [(state.hidden, state.cell)], Loss("squared")
    )
    assert loss == pytest.approx(expected_loss, rel=1e-12)
    assert slope.spec == spec
    assert distance(slope.to_keras(), expected) < 1e-12


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_gradient_agrees_with_central_finite_differences(spec: Spec) -> None:
    parameters, state = draw_parameters(spec, 1), draw_state(spec, 2)
    X, y = draw_data(spec, 5, seed=3)
    _, slope = gradient(parameters, X, y, state)
    flat, step = parameters.to_flat(), 1e-6
    rng = np.random.default_rng(4)
    for _ in range(3):
        direction = rng.uniform(-1, 1, flat.size)
        ahead, behind = (
            gradient(Parameters.from_flat(spec, flat + sign * step * direction), X, y, state)[0] for sign in (1, -1)
        )
        assert (ahead - behind) / (2 * step) == pytest.approx(slope.to_flat() @ direction, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("bptt", [1, 4, 20])
@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_training_online_is_that_of_the_reference(spec: Spec, bptt: int) -> None:
    start = draw_parameters(spec, 1)
    X, y = draw_data(spec, 9, seed=3)
    trained = train_online(start, X, y, epochs=4, bptt=bptt, learning_rate=0.01)
    expected, losses = deep.train_batched(
        net_of(spec),
        start.to_keras(),
        X[None],
        y[None],
        None,
        None,
        Loss("squared"),
        [np.array([0])] * 4,
        batch=1,
        bptt=bptt,
        adam=deep.Adam("keras"),
        clip=None,
        learning_rates=[0.01] * 4 * 9,
    )
    assert trained.parameters.spec == spec
    assert distance(trained.parameters.to_keras(), expected) < 1e-9
    np.testing.assert_allclose(trained.losses, losses, rtol=1e-9)


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_float32_is_near_float64(spec: Spec) -> None:
    wide = draw_parameters(spec, 1)
    single = Parameters.from_flat(spec, wide.to_flat().astype(np.float32))
    X, y = draw_data(spec, 12, seed=1)
    for a, b in zip(run(single, X)[0], run(wide, X)[0], strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    slopes = [gradient(p, X, y)[1].to_flat() for p in (single, wide)]
    assert slopes[0].dtype == np.float32
    assert np.linalg.norm(slopes[0] - slopes[1]) < 1e-5 * np.linalg.norm(slopes[1])
