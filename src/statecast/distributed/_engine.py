"""Engines: on what the pieces of a run are forecast."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from statecast.checks import whole_number
from statecast.distributed._part import Part
from statecast.distributed._pieces import Piece, Task
from statecast.errors import ParameterError


class Engine(Protocol):
    """Runs a task on pieces."""

    @property
    def notes(self) -> Sequence[str]:
        """What there is to say after a run, a sentence each."""
        ...

    def run(self, task: Task, pieces: Iterable[Piece]) -> Iterator[tuple[int, Part]]:
        """Give the number of every piece and what became of it, in any order, as they get done.

        Pieces are read when they are taken: an engine takes no more of them than it can work on.
        """
        ...


@dataclass(frozen=True)
class Local:
    """The machine itself: one piece after another, each on all threads of the task."""

    notes: tuple[str, ...] = ()

    def run(self, task: Task, pieces: Iterable[Piece]) -> Iterator[tuple[int, Part]]:
        """Give the pieces in their order."""
        for piece in pieces:
            yield piece.number, task(piece)


def to_engine(engine: object, address: str | None, partitions: int | None) -> Engine:
    """Return the engine that a user names; this machine if None.

    Raises
    ------
    ParameterError
        If there is no such engine, it is not installed, or nothing answers at its address.
    """
    if engine is None:
        if address is not None or partitions is not None:
            raise ParameterError("address and partitions are those of a cluster: name its engine as well.")
        return Local()
    from statecast.distributed._cluster import OnCluster

    if partitions is not None:
        whole_number("partitions", partitions, 1, 1_000_000)
    return OnCluster(engine, address)
