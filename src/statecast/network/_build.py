"""What runs: the instruction set of the core."""

from __future__ import annotations

from dataclasses import dataclass

from statecast.network._core import core


@dataclass(frozen=True)
class BuildInfo:
    """The instruction set in use, and those that this machine can run, best first."""

    instruction_set: str
    instruction_sets: tuple[str, ...]


def build_info() -> BuildInfo:
    """Say which instruction set the core runs on; the variable STATECAST_ISA forces one.

    Examples
    --------
    >>> from statecast.network import build_info
    >>> build_info().instruction_set in build_info().instruction_sets
    True
    """
    return BuildInfo(core.instruction_set(), tuple(core.instruction_sets()))
