"""One observation at a time with PyTorch: nn.LSTM of two layers, 32 units, and Linear, state carried by hand."""

from __future__ import annotations

import json
import timeit

import torch
from torch import nn

INPUTS, UNITS, STEPS = 8, 32, 3000


def main() -> None:
    """Run and print what a step took."""
    torch.set_num_threads(1)
    lstm, head = nn.LSTM(INPUTS, UNITS, 2), nn.Linear(UNITS, 1)
    x = torch.ones(1, 1, INPUTS)
    state = (torch.zeros(2, 1, UNITS), torch.zeros(2, 1, UNITS))

    def steps() -> None:
        carried = state
        for _ in range(STEPS):
            out, carried = lstm(x, carried)
            head(out)

    with torch.inference_mode():
        print(json.dumps({"seconds": min(timeit.repeat(steps, number=1, repeat=4)) / STEPS}))


if __name__ == "__main__":
    main()
