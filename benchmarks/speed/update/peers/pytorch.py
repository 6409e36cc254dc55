"""Taking an observation in with PyTorch: the members' LSTMs go on by a step by hand, or read a window anew.

Differences and scales are plain numbers. A window is what is read anew where no state is kept, as forecasting packages
on PyTorch do.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

import _pytorch
import _side as side
from update import workload

State = list[tuple[Tensor, Tensor]]


class Ensemble:
    """Networks, and how changes of the series are scaled for them."""

    def __init__(self, history: np.ndarray) -> None:
        changes = np.diff(history, prepend=history[0])
        self.low, self.high = float(changes[1:].min()), float(changes[1:].max())
        self.lag_low, self.lag_high = min(self.low, 0.0), max(self.high, 0.0)
        self.networks = [_pytorch.network(weights) for weights in workload.weights()]

    def step(self, last: float, change: float, state: State) -> tuple[float, State]:
        """Go on by the last change; return the forecast."""
        lag = -1 + 2 * (change - self.lag_low) / (self.lag_high - self.lag_low)
        x, total, after = torch.tensor([[[lag]]]), 0.0, []
        for (lstm, head), before in zip(self.networks, state, strict=True):
            out, went = lstm(x, before)
            total += float(head(out))
            after.append(went)
        scaled = total / len(self.networks)
        return last + self.low + (scaled + 1) / 2 * (self.high - self.low), after

    def replay(self, last: float, changes: np.ndarray) -> float:
        """Read a window of changes anew; return the forecast."""
        lags = torch.from_numpy(-1 + 2 * (changes - self.lag_low) / (self.lag_high - self.lag_low)).float()[
            None, :, None
        ]
        scaled = sum(float(head(lstm(lags)[0][:, -1])) for lstm, head in self.networks) / len(self.networks)
        return last + self.low + (scaled + 1) / 2 * (self.high - self.low)


def zeros() -> State:
    """Return the state before the first step."""
    return [(torch.zeros(1, 1, workload.UNITS), torch.zeros(1, 1, workload.UNITS)) for _ in range(workload.MEMBERS)]


def main() -> None:
    """Run both ways and print what a call took."""
    length = side.options("history").history
    history, rows = workload.history(length), workload.new_rows()
    ensemble = Ensemble(history)
    values = np.concatenate([history, rows[:50]])
    changes = np.diff(values)
    with torch.inference_mode():
        state = zeros()
        for k in range(length - 2, length + 49):
            forecast, state = ensemble.step(float(values[k + 1]), float(changes[k]), state)
        step = workload.median(lambda: ensemble.step(100.5, 0.5, state))
        window = changes[-workload.WINDOW :]
        replay = workload.median(lambda: ensemble.replay(100.5, window))
    check = (forecast,)
    side.report({"state by hand": side.Spent(step, 0.0, check), f"window of {workload.WINDOW}": side.Spent(replay)})


if __name__ == "__main__":
    main()
