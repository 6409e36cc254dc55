"""Training gives the parameters and losses that Keras gives, from the same start and data."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from reference import lstm
from reference.problems import distance
from statecast.network import Parameters
from statecast.training import train_online

NAMES = ("kernel", "recurrent_kernel", "bias", "head_kernel", "head_bias")
Golden = dict[str, NDArray[np.floating]]


def weights(golden: Golden, case: str, moment: str) -> list[NDArray[np.floating]]:
    return [golden[f"{case}/{moment}/{name}"] for name in NAMES]


@pytest.mark.parametrize("lags", [1, 3])
@pytest.mark.parametrize("bptt", [1, 4, 12])
class TestKeras:
    """For bptt 1, 4 and 12 and for 1 and 3 lags."""

    @pytest.mark.parametrize("epochs", [1, 10, 300])
    def test_parameters(self, golden: Golden, bptt: int, lags: int, epochs: int) -> None:  # noqa: D102
        case = f"bptt{bptt}_lags{lags}"
        start = Parameters.from_keras(weights(golden, case, "initial"))
        trained = train_online(start, golden[f"{case}/X"], golden[f"{case}/y"], epochs=epochs, bptt=bptt)
        assert trained.parameters.dtype == np.float32
        expected = weights(golden, case, f"epoch{epochs}")
        assert distance(trained.parameters.to_keras(), expected) < 1e-4

    def test_losses(self, golden: Golden, bptt: int, lags: int) -> None:  # noqa: D102
        case = f"bptt{bptt}_lags{lags}"
        start = Parameters.from_keras(weights(golden, case, "initial"))
        trained = train_online(start, golden[f"{case}/X"], golden[f"{case}/y"], epochs=300, bptt=bptt)
        np.testing.assert_allclose(trained.losses, golden[f"{case}/losses"], rtol=1e-4)

    def test_the_reference_itself(self, golden: Golden, bptt: int, lags: int) -> None:  # noqa: D102
        case = f"bptt{bptt}_lags{lags}"
        start = [w.astype(np.float64) for w in weights(golden, case, "initial")]
        X, y = golden[f"{case}/X"].astype(np.float64), golden[f"{case}/y"].astype(np.float64)
        got, losses = lstm.train_online(start, X, y, epochs=10, bptt=bptt, learning_rate=1e-3)
        assert distance(got, weights(golden, case, "epoch10")) < 1e-4
        np.testing.assert_allclose(losses, golden[f"{case}/losses"][:10], rtol=1e-4)
