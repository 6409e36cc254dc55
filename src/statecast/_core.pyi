# The compiled core, cpp/bindings.cpp. Networks have the sizes (I, H, O) and P parameters each, in the
# order of Parameters.to_flat; network n sees sequence of_network[n]: rows offsets[s] to offsets[s + 1].
# Arrays are C-contiguous, and none is converted: sizes that do not fit give ValueError, types TypeError.

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_Sizes: TypeAlias = tuple[int, int, int]
_Floats: TypeAlias = NDArray[np.floating]  # float32 or float64, the same for all arrays of a call
_Indices: TypeAlias = NDArray[np.int64]

def instruction_set() -> str: ...
def instruction_sets() -> list[str]: ...
def run(
    shape: _Sizes,
    parameters: _Floats,  # [N, P]
    x: _Floats,  # [R, I]
    offsets: _Indices,  # [S + 1]
    of_network: _Indices,  # [N]
    h: _Floats,  # [N, H], written into, as is c
    c: _Floats,  # [N, H]
    starts: _Indices,  # [N], the row of outputs where those of a network begin
    outputs: _Floats,  # [.., O], written into
    threads: int,
) -> None: ...
def gradient(
    shape: _Sizes,
    parameters: _Floats,  # [P]
    x: _Floats,  # [T, I]
    y: _Floats,  # [T, O]
    h: _Floats,  # [H]
    c: _Floats,  # [H]
    gradient: _Floats,  # [P], written into
) -> float: ...  # the loss
def train_online(
    shape: _Sizes,
    parameters: _Floats,  # [N, P], written into
    x: _Floats,  # [R, I]
    y: _Floats,  # [R, O]
    offsets: _Indices,  # [S + 1]
    of_network: _Indices,  # [N]
    epochs: int,
    bptt: int,
    learning_rate: float,
    losses: NDArray[np.float64],  # [N, epochs], or [N, 1] for the last epoch alone; written into
    threads: int,
    progress: Callable[[int], object] | None,
) -> tuple[int, int]: ...  # the network and the epoch that diverged, or -1, -1
