"""Make pytorch_forward.npz: what PyTorch's nn.LSTM and nn.Linear put out, from a state in the middle of a sequence.

Run it in an environment with ``torch numpy`` (not ours):

    python tests/golden/make_pytorch_forward.py

For each case in ``CASES``, with 3 inputs, 5 units, 2 outputs and 7 steps, all in float64, it writes beside itself,
under names such as ``two_layers/X``:

    parameters/lstm.weight_ih_l0, ...        all parameters under PyTorch's names and in its order, no bias zero
    X [7, 3]                                 one sequence
    hidden [L, 5], cell [L, 5]               the state before it
    outputs [7, 2]                           of the head; with a skip it sees the inputs after the hidden state
    hidden_after [L, 5], cell_after [L, 5]   the state after it

and ``versions/torch``, ``versions/numpy``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

STEPS, INPUTS, UNITS, OUTPUTS = 7, 3, 5, 2
CASES = {
    "one_layer": {"layers": 1, "skip": False},
    "two_layers": {"layers": 2, "skip": False},
    "three_layers_skip": {"layers": 3, "skip": True},
}


class Network(nn.Module):
    """A stacked LSTM and a linear head."""

    def __init__(self, layers: int, skip: bool) -> None:
        super().__init__()
        self.skip = skip
        self.lstm = nn.LSTM(INPUTS, UNITS, layers)
        self.head = nn.Linear(UNITS + (INPUTS if skip else 0), OUTPUTS)

    def forward(self, X: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Return the outputs and the state after X."""
        hidden, after = self.lstm(X, state)
        return self.head(torch.cat([hidden, X], dim=1) if self.skip else hidden), after


def golden(seed: int, layers: int, skip: bool) -> dict[str, np.ndarray]:
    """Return all that is worth keeping of one case, by name."""
    rng = np.random.default_rng(seed)
    network = Network(layers, skip).double()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.from_numpy(rng.uniform(-0.9, 0.9, tuple(parameter.shape))))
        X = torch.from_numpy(rng.uniform(-1, 1, (STEPS, INPUTS)))
        hidden, cell = torch.from_numpy(rng.uniform(-0.9, 0.9, (2, layers, UNITS)))
        outputs, (hidden_after, cell_after) = network(X, (hidden, cell))
    values = {
        "X": X,
        "hidden": hidden,
        "cell": cell,
        "outputs": outputs,
        "hidden_after": hidden_after,
        "cell_after": cell_after,
    }
    values |= {f"parameters/{name}": parameter.detach() for name, parameter in network.named_parameters()}
    return {name: value.numpy() for name, value in values.items()}


def main() -> None:
    """Write the file."""
    arrays = {"versions/torch": np.array(torch.__version__), "versions/numpy": np.array(np.__version__)}
    for seed, (name, case) in enumerate(CASES.items()):
        arrays |= {f"{name}/{key}": value for key, value in golden(seed, **case).items()}
        print(name, "last outputs", arrays[f"{name}/outputs"][-1])
    np.savez_compressed(Path(__file__).with_name("pytorch_forward.npz"), **arrays)


if __name__ == "__main__":
    main()
