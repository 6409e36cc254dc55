"""1,000 small networks with Statecast, in one call."""

from __future__ import annotations

import numpy as np

import _side as side
from panel import workload
from statecast.network import Feed, Networks, Spec
from statecast.training import Online, train_networks, train_online


def main() -> None:
    """Train and print what it took."""
    given = side.options("epochs", "threads")
    X, y = workload.data()
    flat = np.concatenate([w.reshape(workload.SERIES, -1) for w in workload.weights()], axis=1)
    start = Networks(Spec(inputs=1, units=workload.UNITS), flat)
    feed = Feed(X.reshape(-1, 1), np.arange(workload.SERIES + 1) * workload.POINTS, np.arange(workload.SERIES))
    targets, how = y.reshape(-1, 1), Online(given.epochs)

    losses = [train_online(start.parameters(n), X[n], y[n], epochs=1).losses[0] for n in range(workload.SERIES)]
    seconds, _ = side.timed(lambda: train_networks(start, feed, targets, how, threads=given.threads))
    side.report({"core": side.Spent(seconds, check=(float(np.mean(losses)),))})


if __name__ == "__main__":
    main()
