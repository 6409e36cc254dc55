"""The classic training with Statecast: all epochs are one call into the core."""

from __future__ import annotations

import _side as side
from classic import workload
from statecast.network import Parameters
from statecast.training import train_online


def main() -> None:
    """Train and print what it took."""
    epochs = workload.epochs()
    X, y = workload.rows()
    start = Parameters.from_keras(workload.weights())
    first = train_online(start, X, y, epochs=1, bptt=1)  # loads what is loaded lazily
    seconds, _ = side.timed(lambda: train_online(start, X, y, epochs=epochs, bptt=1))
    side.report({"core": side.Spent(seconds, check=(float(first.losses[0]),))})


if __name__ == "__main__":
    main()
