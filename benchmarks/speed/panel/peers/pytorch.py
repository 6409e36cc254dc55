"""1,000 small networks with PyTorch: one cell written out for all at once, by batched products, a row at a time.

The losses of the networks are added up, so each gets its own gradient. The step runs as it is (eager) and through
``torch.compile``.
"""

from __future__ import annotations

import torch
from torch import Tensor

import _side as side
from panel import workload

LEARNING_RATE, EPSILON = 1e-3, 1e-7


def train(epochs: int, compiled: bool) -> side.Spent:
    """Train from the beginning and return what it took."""
    X, y = map(torch.from_numpy, workload.data())
    rows = [(x[:, None, None].contiguous(), target[:, None].contiguous()) for x, target in zip(X.T, y.T, strict=True)]
    weights = [torch.from_numpy(w).requires_grad_() for w in workload.weights()]
    kernel, recurrent_kernel, bias, head_kernel, head_bias = weights
    adam = torch.optim.Adam(weights, lr=LEARNING_RATE, eps=EPSILON, fused=True)

    def forward(x: Tensor, target: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        z = torch.baddbmm(bias[:, None], h, recurrent_kernel) + x * kernel
        i, f, g, o = z.chunk(4, dim=-1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        outputs = torch.baddbmm(head_bias[:, None], h, head_kernel)
        return ((outputs[:, 0] - target) ** 2).sum(), h.detach(), c.detach()

    step = torch.compile(forward) if compiled else forward

    def epoch() -> float:
        h = c = torch.zeros(workload.SERIES, 1, workload.UNITS)
        losses = []
        for x, target in rows:
            adam.zero_grad()
            loss, h, c = step(x, target, h, c)
            loss.backward()
            adam.step()
            losses.append(loss.detach())
        return float(torch.stack(losses).mean()) / workload.SERIES

    return side.time_epochs(epoch, epochs)


def main() -> None:
    """Train both ways and print what they took."""
    epochs = int(side.options("epochs").epochs)
    side.report({"eager": train(epochs, compiled=False), "compiled": train(epochs, compiled=True)})


if __name__ == "__main__":
    main()
