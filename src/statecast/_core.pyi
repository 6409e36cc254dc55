# The compiled core, cpp/bindings. Networks have the sizes (I, H, O, L, ..) and P parameters each, in the
# order of Parameters.to_flat; network n sees sequence of_network[n]: rows offsets[s] to offsets[s + 1].
# Arrays are C-contiguous, and none is converted: sizes that do not fit give ValueError, types TypeError.

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_Sizes: TypeAlias = tuple[int, int, int, int, bool, bool]  # inputs, units, outputs, layers, residual, skip
_Floats: TypeAlias = NDArray[np.floating]  # float32 or float64, the same for all arrays of a call
_Indices: TypeAlias = NDArray[np.int64]
_Loss: TypeAlias = tuple[str, list[float], float]  # kind, quantiles, delta
_Adam: TypeAlias = tuple[float, float, float, bool, float, float]  # betas, epsilon, whether it is inside, decay, clip
_Dropout: TypeAlias = tuple[float, float, float]  # inputs, layers, recurrent
_Schedule: TypeAlias = tuple[float, bool, int, float]  # highest, whether it is a cosine, warm-up, floor

def instruction_set() -> str: ...
def instruction_sets() -> list[str]: ...
def run(
    shape: _Sizes,
    parameters: _Floats,  # [N, P]
    x: _Floats,  # [R, I]
    offsets: _Indices,  # [S + 1]
    of_network: _Indices,  # [N]
    h: _Floats,  # [N, L H], written into, as is c
    c: _Floats,  # [N, L H]
    starts: _Indices,  # [N], the row of outputs where those of a network begin
    outputs: _Floats,  # [.., O], written into
    threads: int,
) -> None: ...
def gradient(
    shape: _Sizes,
    parameters: _Floats,  # [P]
    x: _Floats,  # [T, I]
    y: _Floats,  # [T, O]
    h: _Floats,  # [L H]
    c: _Floats,  # [L H]
    gradient: _Floats,  # [P], written into
) -> float: ...  # the loss
def train_online(
    shape: _Sizes,
    parameters: _Floats,  # [N, P], written into
    x: _Floats,  # [R, I]
    y: _Floats,  # [R, Y]
    weights: _Floats | None,  # [R, Y]
    offsets: _Indices,  # [S + 1]
    of_network: _Indices,  # [N]
    held_out: _Indices | None,  # [S], how many of the last rows
    length: tuple[int, int, int],  # epochs, bptt, patience
    schedule: _Schedule,
    loss: _Loss,
    adam: _Adam,
    losses: NDArray[np.float64],  # [N, epochs], or [N, 1] for the last epoch alone; written into
    held_out_losses: NDArray[np.float64] | None,  # as losses
    outcomes: _Indices,  # [N, 3], written into: epochs done, the best one, the one that diverged; -1 for none
    threads: int,
    progress: Callable[[int], object] | None,
) -> None: ...
def rates(schedule: _Schedule, to: NDArray[np.float64]) -> None: ...  # [updates], written into
def run_batched(
    shape: _Sizes,
    parameters: _Floats,  # [P]
    x: _Floats,  # [N, T, I]
    present: NDArray[np.uint8] | None,  # [N, T]
    h: _Floats,  # [N, L H], written into, as is c
    c: _Floats,  # [N, L H]
    outputs: _Floats,  # [N, T, O], written into
    threads: int,
) -> None: ...
def batched_loss(
    shape: _Sizes,
    parameters: _Floats,  # [P]
    x: _Floats,  # [N, T, I]
    y: _Floats,  # [N, T, Y]
    present: NDArray[np.uint8] | None,  # [N, T]
    weights: _Floats | None,  # [N, T, Y]
    loss: _Loss,
    gradient: _Floats | None,  # [P], written into
    threads: int,
) -> float: ...

class _BatchedTrainer:
    def __init__(
        self,
        shape: _Sizes,
        parameters: _Floats,  # [P], where to start from
        x: _Floats,  # [N, T, I]
        y: _Floats,  # [N, T, Y]
        present: NDArray[np.uint8] | None,  # [N, T]
        weights: _Floats | None,  # [N, T, Y]
        batch: int,
        window: int,
        loss: _Loss,
        adam: _Adam,
        dropout: _Dropout,
        seed: int,
    ) -> None: ...
    def epoch(
        self,
        order: _Indices,  # of the sequences
        rates: NDArray[np.float64],  # a learning rate for each update
        threads: int,
    ) -> tuple[float, bool]: ...  # the loss, and whether all was finite
    def parameters(self, to: _Floats) -> None: ...  # [P], written into

class BatchedTrainer32(_BatchedTrainer): ...
class BatchedTrainer64(_BatchedTrainer): ...

class _Stepper:
    def __init__(
        self,
        shape: _Sizes,
        parameters: _Floats,  # [P]
        h: _Floats,  # [L H]
        c: _Floats,  # [L H]
    ) -> None: ...
    def step(self, x: _Floats, outputs: _Floats) -> None: ...  # [I]; [O], written into
    def state(self, h: _Floats, c: _Floats) -> None: ...  # [L H], written into

class Stepper32(_Stepper): ...
class Stepper64(_Stepper): ...
