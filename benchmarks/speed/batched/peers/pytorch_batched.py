"""Batched training with PyTorch: nn.LSTM of two layers, Linear, L1 loss, clipping by norm, Adam."""

from __future__ import annotations

import torch
import workload
from torch import nn


def main() -> None:
    """Train and print what an update took."""
    given = workload.arguments()
    torch.set_num_threads(given.threads)
    X, y = (torch.from_numpy(array) for array in workload.data())
    lstm = nn.LSTM(workload.INPUTS, given.units, workload.LAYERS, batch_first=True)
    head = nn.Linear(given.units, workload.OUTPUTS)
    trained = [*lstm.parameters(), *head.parameters()]
    adam = torch.optim.Adam(trained, lr=workload.LEARNING_RATE)

    def update() -> None:
        adam.zero_grad()
        nn.functional.l1_loss(head(lstm(X)[0]), y).backward()
        nn.utils.clip_grad_norm_(trained, workload.CLIP)
        adam.step()

    workload.report(update, given.units)


if __name__ == "__main__":
    main()
