"""Initial parameters: bounds, spread, orthonormal rows, biases, seeds."""

from __future__ import annotations

import numpy as np
import pytest

from statecast.errors import ParameterError
from statecast.network import Networks, Spec, initialise

SPECS = [Spec(1, 4), Spec(3, 4), Spec(1, 1), Spec(2, 20, outputs=3)]


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_kernels_are_glorot_uniform(spec: Spec) -> None:
    drawn = [initialise(spec, seed) for seed in range(300)]
    kernels = np.concatenate([p.layers[0].kernel.ravel() for p in drawn])
    heads = np.concatenate([p.head_kernel.ravel() for p in drawn])
    for values, fans in ((kernels, spec.inputs + 4 * spec.units), (heads, spec.units + spec.outputs)):
        limit = np.sqrt(6 / fans)
        assert np.abs(values).max() <= np.float32(limit)
        rank = (np.arange(values.size) + 0.5) / values.size
        gap = np.abs((np.sort(values) / limit + 1) / 2 - rank).max()
        assert gap < 1.63 / np.sqrt(values.size)  # Kolmogorov and Smirnov's bound, one in a hundred


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_rows_of_the_recurrent_kernel_are_orthonormal(spec: Spec) -> None:
    for seed in range(20):
        rows = initialise(spec, seed).layers[0].recurrent_kernel.astype(np.float64)
        np.testing.assert_allclose(rows @ rows.T, np.eye(spec.units), atol=1e-6)


def test_the_recurrent_kernel_has_no_preferred_direction() -> None:
    rows = np.stack([initialise(Spec(1, 4), seed).layers[0].recurrent_kernel for seed in range(1000)])
    np.testing.assert_allclose(rows.mean(axis=0), 0, atol=4 * 0.25 / np.sqrt(1000))
    np.testing.assert_allclose((rows**2).mean(axis=0), 1 / 16, rtol=0.25)  # unit rows of 16 entries


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_biases_are_zero_but_one_for_the_forget_gate(spec: Spec) -> None:
    parameters = initialise(spec, 5)
    gates = parameters.layers[0].bias.reshape(4, spec.units)
    np.testing.assert_array_equal(gates, np.array([[0.0], [1.0], [0.0], [0.0]]) * np.ones(spec.units))
    np.testing.assert_array_equal(parameters.head_bias, 0)


def test_a_seed_repeats_and_another_differs() -> None:
    flats = [initialise(Spec(1, 4), seed).to_flat() for seed in (7, 7, 8, 0, 2**63 - 1)]
    np.testing.assert_array_equal(flats[0], flats[1])
    assert len({flat.tobytes() for flat in flats}) == 4
    assert all(flat.dtype == np.float32 for flat in flats)


def test_networks_of_seeds_are_the_same_as_one_at_a_time() -> None:
    networks = Networks.initialise(Spec(1, 4), [3, 1, 3])
    assert len(networks) == 3
    for n, seed in enumerate([3, 1, 3]):
        np.testing.assert_array_equal(networks.weights[n], initialise(Spec(1, 4), seed).to_flat())


@pytest.mark.parametrize("seed", [-1, 1.0, True, None, "1", 2**63])
def test_a_seed_that_is_no_whole_number_in_range_is_refused(seed: object) -> None:
    with pytest.raises(ParameterError, match=r"seed must be a whole number from 0 to .*, got"):
        initialise(Spec(1, 4), seed)  # type: ignore[arg-type]
