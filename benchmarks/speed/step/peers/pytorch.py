"""One observation at a time with PyTorch, the state carried by hand, five ways.

nn.LSTM is made for whole sequences. The others run a module of two LSTMCells and Linear: as it is, traced to
TorchScript, through ``torch.compile``, and compiled ahead into a library (exported), which spares the checks of each
call.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

import _pytorch
import _side as side
from step import workload

State = list[Tensor]  # h and c of the first layer, then of the second
Step = Callable[..., tuple[Tensor, ...]]  # x and the four of the state in; the output and the four out


class Cells(nn.Module):  # type: ignore[misc]  # types are checked without PyTorch
    """The network as two cells and a head."""

    def __init__(self, lstm: nn.LSTM, head: nn.Linear) -> None:
        super().__init__()
        self.first = nn.LSTMCell(workload.INPUTS, workload.UNITS)
        self.second = nn.LSTMCell(workload.UNITS, workload.UNITS)
        self.head = head
        for layer, cell in enumerate((self.first, self.second)):
            names = {name: f"{name}_l{layer}" for name in cell.state_dict()}
            cell.load_state_dict({name: lstm.state_dict()[of_lstm] for name, of_lstm in names.items()})

    def forward(self, x: Tensor, h1: Tensor, c1: Tensor, h2: Tensor, c2: Tensor) -> tuple[Tensor, ...]:
        """Return the output and the state after it."""
        h1, c1 = self.first(x, (h1, c1))
        h2, c2 = self.second(h1, (h2, c2))
        return self.head(h2), h1, c1, h2, c2


def zeros() -> State:
    """Return the state before the first step."""
    return [torch.zeros(1, workload.UNITS) for _ in range(2 * workload.LAYERS)]


def exported(cells: Cells, x: Tensor, folder: Path) -> Step:
    """Compile the step ahead and load it."""
    program = torch.export.export(cells, (x, *zeros()))
    path = torch._inductor.aoti_compile_and_package(program, package_path=str(folder / "step.pt2"))
    step: Step = torch._inductor.aoti_load_package(path)
    return step


def time_cells(make: Callable[[], Step], x: Tensor) -> side.Spent:
    """Return what a step of the cells takes, once what makes it is done."""
    making, step = side.timed(make)

    def run(steps: int) -> float:
        state = zeros()
        for _ in range(steps):
            out, *state = step(x, *state)
        return float(out)

    spent = workload.time_steps(run)
    return side.Spent(spent.seconds, making + spent.once, spent.check)


def time_lstm(lstm: nn.LSTM, head: nn.Linear, x: Tensor) -> side.Spent:
    """Return what a step of nn.LSTM takes."""

    def run(steps: int) -> float:
        state = (torch.zeros(workload.LAYERS, 1, workload.UNITS), torch.zeros(workload.LAYERS, 1, workload.UNITS))
        for _ in range(steps):
            out, state = lstm(x, state)
            out = head(out)
        return float(out)

    return workload.time_steps(run)


def main() -> None:
    """Run all ways and print what a step took."""
    x = torch.from_numpy(workload.observation())[None]
    lstm, head = _pytorch.network(workload.weights())
    cells = Cells(lstm, head).eval()
    with torch.inference_mode(), tempfile.TemporaryDirectory() as folder:
        makes: dict[str, Callable[[], Step]] = {
            "cells": lambda: cells,
            "traced": lambda: torch.jit.freeze(torch.jit.trace(cells, (x, *zeros()))),
            "compiled": lambda: torch.compile(cells),
            "exported": lambda: exported(cells, x, Path(folder)),
        }
        ways = {"nn.LSTM": time_lstm(lstm, head, x[None])}
        side.report(ways | {name: time_cells(make, x) for name, make in makes.items()})


if __name__ == "__main__":
    main()
