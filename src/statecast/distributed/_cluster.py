"""Work on a cluster, through Fugue: a function and many things to call it with, each on whatever worker is free."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from statecast.distributed._address import check_address
from statecast.distributed._connect import Cluster, connect, kind_of
from statecast.distributed._part import Part
from statecast.distributed._pieces import Piece, Task
from statecast.errors import StatecastError
from statecast.network import build_info

if TYPE_CHECKING:
    import pyarrow as pa

Item = TypeVar("Item")
Result = TypeVar("Result")
Row = dict[str, Any]

A_WORKER = 16
"""Pieces that are on their way at once for every worker: enough that none waits long for the slowest."""

_SAME_BITS = ({"avx2", "avx512"},)


@dataclass(eq=False)
class OnCluster:
    """An engine of a run: pieces are forecast on the workers of a cluster, each on one thread.

    A worker that is lost takes no series with it: the cluster does its pieces again on another one.

    Attributes
    ----------
    engine, address
        As `connect` takes them.
    notes : list of str
        What there is to say after a run, a sentence each.
    """

    engine: object
    address: str | None = None
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse what cannot be before anything is read."""
        check_address(kind_of(self.engine), self.address)

    def run(self, task: Task, pieces: Iterable[Piece]) -> Iterator[tuple[int, Part]]:
        """Give the pieces of a wave in their order, one wave after another."""
        with connect(self.engine, self.address) as cluster:
            found = everywhere(cluster, _Forecast(replace(task, threads=1)), pieces)
            yield from self._noting(found)

    def _noting(self, found: Iterable[tuple[int, Part, str]]) -> Iterator[tuple[int, Part]]:
        sets: set[str] = set()
        for number, part, instruction_set in found:
            sets.add(instruction_set)
            yield number, part
        self.notes[:] = said_of(sets)


def said_of(sets: set[str]) -> list[str]:
    """Say which instruction sets workers have, where they differ."""
    if len(sets) < 2:
        return []
    alike = "which give the same bits" if any(sets <= same for same in _SAME_BITS) else "so last digits may differ"
    return [f"The workers compute with {' and '.join(sorted(sets))}, {alike}."]


@dataclass(frozen=True, eq=False)
class _Forecast:
    """A task as it is done on a worker: the number of the piece, what became of it, the worker's instruction set."""

    task: Task

    def __call__(self, piece: Piece) -> tuple[int, Part, str]:
        return piece.number, self.task(piece), build_info().instruction_set


def everywhere(
    cluster: Cluster, work: Callable[[Item], Result], items: Iterable[Item], at_once: int | None = None
) -> Iterator[Result]:
    """Call a function with every item on the workers of a cluster, and give the results in the order of the items.

    Parameters
    ----------
    cluster : Cluster
    work : callable
        Is sent to the workers, with all that it holds.
    items : iterable
        Taken as many at a time as are on their way at once: so many are in memory.
    at_once : int, optional
        16 for every worker if None.
    """
    left = iter(items)
    while wave := list(islice(left, at_once or A_WORKER * cluster.workers)):
        yield from _wave(cluster, work, wave)


def _wave(cluster: Cluster, work: Callable[[Item], Result], items: list[Item]) -> list[Result]:
    """Have a table made with a row and a partition for every item, and read the one that comes back."""
    import fugue.api as fa
    import pyarrow as pa

    def do(rows: Iterable[Row]) -> Iterable[Row]:
        for row in rows:
            yield {"place": row["place"], "load": pickle.dumps(_tried(work, pickle.loads(row["load"])))}

    loads = [pickle.dumps(item, protocol=pickle.HIGHEST_PROTOCOL) for item in items]
    table = pa.table({"place": pa.array(range(len(items)), pa.int64()), "load": pa.array(loads, pa.binary())})
    rows = _DIVIDED[cluster.kind](cluster, table)
    done = fa.transform(rows, do, schema=_SCHEMA, engine=cluster.engine, as_local=True, as_fugue=True).as_arrow()
    results = {row["place"]: pickle.loads(row["load"]) for row in done.to_pylist()}
    for place in range(len(items)):
        if isinstance(results[place], StatecastError):
            raise results[place]
    return [results[place] for place in range(len(items))]


def _tried(work: Callable[[Item], Result], item: Item) -> Result | StatecastError:
    """Return what is wrong with the input as a result: it is no failure of the worker, and is not tried again."""
    try:
        return work(item)
    except StatecastError as error:
        return error


def _dask_rows(cluster: Cluster, table: pa.Table) -> object:
    from dask.dataframe import from_pandas
    from fugue_dask import DaskDataFrame

    rows = from_pandas(table.to_pandas(), npartitions=len(table))
    return DaskDataFrame(rows, schema=_SCHEMA, type_safe=False)


def _ray_rows(cluster: Cluster, table: pa.Table) -> object:
    from ray.data import from_arrow

    return from_arrow([table.slice(place, 1) for place in range(len(table))])


def _spark_rows(cluster: Cluster, table: pa.Table) -> object:
    session = cluster.engine.spark_session
    rows = [(row["place"], bytearray(row["load"])) for row in table.to_pylist()]
    return session.createDataFrame(session.sparkContext.parallelize(rows, len(rows)), "place long, load binary")


_DIVIDED: dict[str, Callable[[Cluster, pa.Table], object]] = {
    "dask": _dask_rows,
    "ray": _ray_rows,
    "spark": _spark_rows,
}
"""Tables of a cluster with a partition for every row, made without moving rows between workers."""

_SCHEMA = "place:long,load:binary"
