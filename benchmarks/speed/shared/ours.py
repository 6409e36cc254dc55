"""One shared network with Statecast: both ways by ``train_batched``, as it comes by ``sc.shared``."""

from __future__ import annotations

import numpy as np

import _side as side
import statecast as sc
from shared import workload
from shared.workload import BATCH, HORIZON, LAYERS, LEARNING_RATE, WINDOW
from statecast.network import Parameters, Spec, initialise, run_batched
from statecast.series import Panel
from statecast.storage import TableWriter
from statecast.training import Adam, Loss, train_batched


def train(logs: np.ndarray, offsets: np.ndarray, given: workload.Given) -> Parameters:
    """Draw the windows and train on them, a batch an update."""
    direct = given.way == "direct"
    windows = workload.windows(logs, offsets, given.updates, HORIZON if direct else 1)
    X, y, weights = windows[:, :WINDOW], windows[:, 1 : WINDOW + 1], None
    if direct:  # step 24 - 18 + k gives the k-th value ahead; the steps before give nothing
        y = np.concatenate([np.zeros((len(X), WINDOW - HORIZON), np.float32), windows[:, WINDOW:]], axis=1)
        weights = np.zeros(y.shape)
        weights[:, -HORIZON:] = 1.0
    return train_batched(
        initialise(Spec(inputs=1, units=given.units, layers=LAYERS), seed=1),
        X,
        y,
        weights=None if weights is None else weights[:, :, np.newaxis],
        epochs=1,
        batch=BATCH,
        loss=Loss("absolute" if direct else "squared"),
        optimiser=Adam("pytorch"),
        learning_rate=LEARNING_RATE,
        threads=given.threads,
    ).parameters


def forecast(network: Parameters, recent: np.ndarray, given: workload.Given) -> np.ndarray:
    """Return the next 18 centred logs of every series, after the last 24, [S, 24]."""
    outputs, state = run_batched(network, recent, threads=given.threads)
    if given.way == "direct":
        return outputs[:, -HORIZON:, 0]
    ahead = [outputs[:, -1:]]
    for _ in range(HORIZON - 1):
        outputs, state = run_batched(network, ahead[-1], state=state, threads=given.threads)
        ahead.append(outputs)
    return np.concatenate(ahead, axis=1)[:, :, 0]


def mean_by_networks(panel: Panel, given: workload.Given) -> tuple[float, np.ndarray]:
    """Return the seconds of the training, and the forecasts [S, 18] of a network trained a given way."""
    logs = np.log(panel.values)
    means = np.add.reduceat(logs, panel.offsets[:-1]) / panel.lengths
    logs -= np.repeat(means, panel.lengths)
    seconds, network = side.timed(lambda: train(logs, panel.offsets, given))
    recent = logs[panel.offsets[1:, np.newaxis] + np.arange(-WINDOW, 0)]
    return seconds, np.exp(forecast(network, recent, given) + means[:, np.newaxis])


def mean_as_it_comes(panel: Panel, threads: int) -> tuple[float, np.ndarray]:
    """Return the seconds of the fit, and the forecasts [S, 18] of the recipe: seasons, trust, five members and all."""
    seconds, fitted = side.timed(lambda: sc.shared(horizon=HORIZON).fit(panel, threads=threads))
    return seconds, fitted.forecast().mean


def main() -> None:
    """Read, train, forecast, write; print what the training took."""
    given = workload.given()
    panel = sc.read(str(given.data))
    if given.way == "as_it_comes":
        seconds, mean = mean_as_it_comes(panel, given.threads)
    else:
        seconds, mean = mean_by_networks(panel, given)
    steps = np.tile(np.arange(1, HORIZON + 1), len(panel))
    with TableWriter(given.out) as writer:
        writer.write({"unique_id": np.repeat(panel.ids, HORIZON), "step": steps, "mean": mean.ravel()})
    side.report({given.way: side.Spent(seconds)})


if __name__ == "__main__":
    main()
