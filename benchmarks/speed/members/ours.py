"""16 members of the classic recipe with Statecast: in one call, and one call after another."""

from __future__ import annotations

import numpy as np

import _side as side
from classic import workload as classic
from members import workload
from statecast.network import Feed, Networks, Spec
from statecast.training import Online, train_networks, train_online


def main() -> None:
    """Train both ways and print what they took."""
    X, y = classic.rows()
    flat = np.concatenate([w.reshape(workload.MEMBERS, -1) for w in workload.weights()], axis=1)
    start = Networks(Spec(inputs=1, units=classic.UNITS), flat)
    alone = [Networks(start.spec, start.weights[n : n + 1]) for n in range(workload.MEMBERS)]

    def train(members: Networks) -> None:
        train_networks(members, Feed(X, np.array([0, len(X)]), np.zeros(len(members), np.int64)), y, how)

    def in_turn() -> None:
        for one in alone:
            train(one)

    how = Online(workload.EPOCHS)
    check = (float(np.mean([train_online(n.parameters(0), X, y, epochs=1).losses[0] for n in alone])),)
    together, _ = side.timed(lambda: train(start))
    one_by_one, _ = side.timed(in_turn)
    side.report({"one call": side.Spent(together, check=check), "a call each": side.Spent(one_by_one, check=check)})


if __name__ == "__main__":
    main()
