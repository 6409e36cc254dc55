"""Batched training with PyTorch: nn.LSTM of two layers, Linear, L1 loss, clipping by norm, fused Adam.

It runs as it is (eager) and with head and loss through ``torch.compile`` (compiled). nn.LSTM, oneDNN's kernels, is
left out of that: compiled with it, the whole falls back to eager; traced through, all steps are unrolled, which takes
minutes to compile and is no faster.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

import _pytorch
import _side as side
from batched import workload


def train(units: int, compiled: bool) -> side.Spent:
    """Train from the beginning and return what an update took."""
    X, y = map(torch.from_numpy, workload.steps_first())
    lstm, head = _pytorch.network(workload.weights(units))
    trained = [p for p in (*lstm.parameters(), *head.parameters()) if p.requires_grad]
    adam = torch.optim.Adam(trained, lr=workload.LEARNING_RATE, eps=workload.EPSILON, fused=True)

    def loss_of(out: Tensor, y: Tensor) -> Tensor:
        return nn.functional.l1_loss(head(out), y)

    rest = torch.compile(loss_of) if compiled else loss_of

    def update() -> float:
        adam.zero_grad()
        loss: Tensor = rest(lstm(X)[0], y)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, workload.CLIP)
        adam.step()
        return float(loss.detach())

    return workload.time_updates(update)


def main() -> None:
    """Train both ways and print what an update took."""
    units = workload.units()
    side.report({"eager": train(units, compiled=False), "compiled": train(units, compiled=True)})


if __name__ == "__main__":
    main()
