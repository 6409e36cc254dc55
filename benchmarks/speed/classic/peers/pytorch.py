"""The classic training with PyTorch: LSTMCell, Linear and torch.optim.Adam, one row at a time.

PyTorch's Adam adds epsilon after the correction of v, Keras' before it: other numbers, the same cost. The
cell has two biases where Keras has one; the second is held at zero and not trained. The step runs as it is
(eager) and through ``torch.compile``.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

import _side as side
from classic import workload


def train(epochs: int, compiled: bool) -> side.Spent:
    """Train from the beginning and return what it took."""
    X, y = (torch.from_numpy(array) for array in workload.rows())
    kernel, recurrent_kernel, bias, head_kernel, head_bias = map(torch.from_numpy, workload.weights())
    cell, head = nn.LSTMCell(X.shape[1], workload.UNITS), nn.Linear(workload.UNITS, 1)
    cell.load_state_dict(
        {
            "weight_ih": kernel.T,
            "weight_hh": recurrent_kernel.T,
            "bias_ih": bias,
            "bias_hh": torch.zeros_like(bias),
        }
    )
    head.load_state_dict({"weight": head_kernel.T, "bias": head_bias})
    cell.bias_hh.requires_grad_(False)
    trained = [p for p in (*cell.parameters(), *head.parameters()) if p.requires_grad]
    adam = torch.optim.Adam(trained, lr=workload.LEARNING_RATE, eps=1e-7, fused=True)

    def forward(x: Tensor, target: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        h, c = cell(x, (h, c))
        return nn.functional.mse_loss(head(h), target), h.detach(), c.detach()

    step = torch.compile(forward) if compiled else forward
    batches = [(x[None], target[None, None]) for x, target in zip(X, y, strict=True)]

    def epoch() -> float:
        h = c = torch.zeros(1, workload.UNITS)
        losses = []
        for x, target in batches:
            adam.zero_grad()
            loss, h, c = step(x, target, h, c)
            loss.backward()
            adam.step()
            losses.append(loss.detach())
        return float(torch.stack(losses).mean())

    return side.time_epochs(epoch, epochs)


def main() -> None:
    """Train both ways and print what they took."""
    epochs = workload.epochs()
    side.report({"eager": train(epochs, compiled=False), "compiled": train(epochs, compiled=True)})


if __name__ == "__main__":
    main()
