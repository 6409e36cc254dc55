"""How much memory the core's buffers need on paper: the section Memory of docs/design/core.md, in its letters."""

from __future__ import annotations

from dataclasses import dataclass

from statecast.network import Spec

CHUNK = 32  # sequences that are run side by side
SHORT = 16  # steps that are run at a time where nothing is learnt
BYTES = 4  # of a float32


INPUTS, OUTPUTS = 20, 18


@dataclass(frozen=True)
class Case:
    """A call of the core, and the sizes of what it works on; ``train_online`` has one sequence."""

    call: str
    units: int
    layers: int
    sequences: int
    steps: int
    window: int

    @property
    def spec(self) -> Spec:
        """The network."""
        return Spec(INPUTS, self.units, self.layers, OUTPUTS)


def needed(case: Case, threads: int) -> int:
    """Return the bytes of all buffers of a call."""
    window = min(case.window, case.steps)
    if case.call == "batched_loss":
        return chunks(case.spec, min(SHORT, window), case.sequences, learn=False, most=threads)
    kept = BYTES * parameters(case.spec) if case.call == "train_online" else 0
    return kept + chunks(case.spec, window, case.sequences, learn=True)


def chunks(spec: Spec, K: int, sequences: int, *, learn: bool, most: int | None = None) -> int:
    """Return the bytes of Shared and a Space for each chunk of the sequences, ``most`` of them at a time."""
    count = -(-sequences // CHUNK)
    return shared(spec) + min(count, most or count) * space(spec, K, min(CHUNK, sequences), learn=learn)


def shared(spec: Spec) -> int:
    """Return the bytes of Shared: parameters, moments, and what is packed of the parameters."""
    packed = (2 * spec.layers - 1) * up(units(spec)) * gates(spec) + up(spec.outputs) * head_row(spec)
    return BYTES * (3 * parameters(spec) + packed)


def space(spec: Spec, K: int, M: int, *, learn: bool) -> int:
    """Return the bytes of Space: K steps of M sequences, and a gradient."""
    L, N, U, KM = spec.layers, gates(spec), up(units(spec)), K * M
    numbers = KM * (up(spec.inputs) + up(spec.outputs))  # x, e
    numbers += L * KM * (N + U) + 2 * L * (K + 1) * M * U  # a, s; c, h
    if spec.residual:
        numbers += L * KM * U  # out
    if learn:
        numbers += M * (2 * L + 1) * U + parameters(spec)  # dh, dc, dout; g
    return BYTES * numbers + KM  # present


def parameters(spec: Spec) -> int:
    """Return P, the padded parameters."""
    U, N = units(spec), gates(spec)
    depths = [below + U + 1 for below in (spec.inputs, *[U] * (spec.layers - 1))]
    return sum(depths) * N + spec.outputs * head_row(spec) + up(spec.outputs)


def units(spec: Spec) -> int:
    """Return U, the padded units."""
    return up(spec.units, 4)


def gates(spec: Spec) -> int:
    """Return N, the padded gates."""
    return 4 * units(spec)


def head_row(spec: Spec) -> int:
    """Return the width of a row of the head."""
    return up(units(spec)) + (up(spec.inputs) if spec.skip else 0)


def up(n: int, multiple: int = 16) -> int:
    """Round up."""
    return -(-n // multiple) * multiple
