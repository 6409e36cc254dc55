"""Tables that stay on a cluster: divided by series, forecast where they are, and given back in the same kind."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from statecast.checks import cores, whole_number
from statecast.distributed._cluster import said_of
from statecast.distributed._cluster_files import loaded, to_folder, write
from statecast.distributed._connect import Cluster, connect, kind_of
from statecast.distributed._part import Failure, steps_of
from statecast.distributed._pieces import Task
from statecast.distributed._rows import WRONG, Layout, filtering, forecasting, keeping
from statecast.distributed._trained import trained
from statecast.errors import DataError, ParameterError
from statecast.intervals import in_percent
from statecast.series import Panel, Recipe, Roles, Settled

if TYPE_CHECKING:
    import pyarrow as pa

HEAD = 1000
"""Rows that are looked at first."""

SAMPLE = 20
"""Series that decide how all are read."""


@dataclass(frozen=True, eq=False)
class TableRun:
    """What became of a run over a cluster's own table.

    Attributes
    ----------
    table : object or None
        The forecast, sorted by unique_id and ds: a table of the cluster, as the input was; None where it was written.
    folder : Path or None
        Where it was written.
    series : int
        How many there are.
    failures : tuple of Failure
        Those that the recipe could not forecast, sorted by name.
    notes : tuple of str
        What was found out, and on what, a sentence each.
    seconds : float
        Wall time.
    """

    table: Any
    folder: Path | None
    series: int
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]
    seconds: float = field(default=0.0, compare=False)


def forecast_table(
    table: object,
    recipe: Recipe,
    *,
    horizon: int | None = None,
    level: float | Sequence[float] = (),
    out: str | Path | None = None,
    roles: Roles | None = None,
    engine: object = None,
    address: str | None = None,
    partitions: int | None = None,
    most_values: int = 5_000_000,
) -> TableRun:
    """Forecast a table of Spark, Dask or Ray where it is: its rows do not come to this machine.

    Rows are brought together by series, and whole series are forecast on the workers, as `fit_forecast` does it: to the
    same bits. Columns, frequency, season and categories are decided on 20 series, and the notes say so. A shared recipe
    is fitted here, to all series or, if they have more than ``most_values`` values, to a part of them.

    Parameters
    ----------
    table
        A data frame of Spark or Dask, or a dataset of Ray; or an address of Parquet, such as
        ``s3://bucket/folder``, that the engine reads itself.
    recipe : Recipe
        Such as ``auto()``.
    horizon, level
        As `fit_forecast` takes them.
    out : path, optional
        A folder of Parquet that the cluster writes, on a disk that it shares with this machine, such as
        ``/data/forecast`` or ``file:///data/forecast``; it appears whole or not at all, and must not be there yet. To
        write elsewhere, leave it out, and write the table of the result.
    roles : Roles, optional
        How it is read; not ``wide``, ``every``, ``time_zone`` or ``sheet``.
    engine, address
        As `fit_forecast` takes them; that of the table, if None.
    partitions : int, optional
        Parts that series are divided into; 4 for every worker, or as many as the table has, if None.
    most_values : int
        That a shared recipe is fitted to.

    Raises
    ------
    FileError
        If ``out`` is there already or cannot be written.
    DataError
        If the contents are wrong.
    ParameterError
        If an argument has a value that it cannot have.
    """
    started = perf_counter()
    levels, folder = in_percent(level), None if out is None else to_folder(out)
    with connect(_home(table) if engine is None else engine, address) as cluster:
        if folder is None and not cluster.lasts:
            raise ParameterError(
                f"{cluster.kind} is started here and stopped at the end, and its tables with it: name a folder for the "
                "result with out=, or start it before and give its client or session as the engine."
            )
        rows = _Rows.of(cluster, table, roles, partitions)
        task, notes = rows.trained(recipe, Task(recipe, horizon, levels, 1), most_values)
        done = rows.forecast(task)
        failures, series, said = done.told()
        if series == len(failures):
            first = failures[0]
            raise DataError(
                f"none of the {series:,} series can be forecast with the recipe {recipe.name}: {first.unique_id!r}, "
                f"for one, as {first.reason}"
            )
        result = done.result()
        if folder is not None:
            write(cluster, result, folder)
        native = None if folder is not None else result.native
    everything = (*rows.settled.notes, *notes, *said)
    return TableRun(native, folder, series, failures, everything, perf_counter() - started)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of a table on a cluster, and how they are read.

    Attributes
    ----------
    cluster : Cluster
    table : fugue.DataFrame
    settled : Settled
    sample : Panel
        Series on which that was decided.
    partitions : int
    """

    cluster: Cluster
    table: Any
    settled: Settled
    sample: Panel
    partitions: int

    @classmethod
    def of(cls, cluster: Cluster, given: object, roles: Roles | None, partitions: int | None) -> _Rows:
        """Look at the first rows, then at all rows of some series in them."""
        import fugue.api as fa

        path = isinstance(given, (str, os.PathLike))
        table = loaded(cluster, str(given)) if path else fa.as_fugue_engine_df(cluster.engine, given)
        head = fa.head(table, HEAD, as_fugue=True).as_arrow()
        if len(head) == 0:
            raise DataError("the table is empty. Give at least a few observations.")
        name = str(Settled.columns_of(head, roles).id)
        ids = list(dict.fromkeys(map(str, head[name].to_pylist())))[:SAMPLE]
        found = _local(cluster, table, keeping(name, ids), "*")
        settled = Settled.on(found, roles)
        sample = next(iter(settled.parts(found, refused=lambda one: None)), None)
        if sample is None:
            raise DataError(f"none of the first {len(ids)} series can be read. Correct them, or name the columns.")
        note = f"Found out from {len(ids)} series; the others are read like these."
        settled = replace(settled, notes=(*settled.notes, note))
        own = max(4 * cluster.workers, table.num_partitions)
        count = own if partitions is None else whole_number("partitions", partitions, 1, 1_000_000)
        return cls(cluster, table, settled, sample, count)

    def trained(self, recipe: Recipe, task: Task, most_values: int) -> tuple[Task, tuple[str, ...]]:
        """Return the task with a shared recipe that has learnt, here and once, and say from how many series."""
        whole_number("most_values", most_values, 1, 1_000_000_000)
        if not recipe.shared:
            return task, ()
        share = -(-self.table.count() // most_values)
        rows = self.table.as_arrow() if share == 1 else self._some(share)
        panel = next(iter(self.settled.parts(rows, 1_000_000_000, lambda one: None)), self.sample)
        learnt = trained(recipe, panel, task.horizon, task.level, cores())
        notes = (f"The networks have learnt from {len(panel):,} series, one in {share} of all.",) if share > 1 else ()
        return replace(task, recipe=learnt), notes

    def _some(self, share: int) -> pa.Table:
        return _local(self.cluster, self.table, keeping(str(self.settled.columns.id), (), share), "*")

    def forecast(self, task: Task) -> _Result:
        """Bring series together and forecast them, a part of the table a task."""
        import fugue.api as fa

        names = tuple(f"{side}-{level:g}" for level in task.level for side in ("lo", "hi"))
        layout = Layout(names, self.sample.times.dtype.kind != "M")
        done = fa.transform(
            self.table,
            forecasting(self.settled, task, layout),
            schema=layout.schema(told=True),
            partition={"by": [self.settled.columns.id], "algo": "coarse", "num": self.partitions},
            engine=self.cluster.engine,
            persist=True,
            as_fugue=True,
        )
        steps_of(self.sample, task.recipe, task.horizon)
        return _Result(self.cluster, layout, done)


@dataclass(frozen=True, eq=False)
class _Result:
    """A result on a cluster, with what is told of its series."""

    cluster: Cluster
    layout: Layout
    table: Any

    def told(self) -> tuple[tuple[Failure, ...], int, list[str]]:
        """Return the failures sorted by name, the number of series, and what there is to say of the workers.

        Raises
        ------
        DataError
            If the input is wrong for all series of a part.
        """
        names = ("unique_id", "mean", "reason", "method", "instruction_set")
        schema = "unique_id:str,mean:double,reason:str,method:str,instruction_set:str"
        rows = _local(self.cluster, self.table, filtering(names, told=True), schema).to_pylist()
        failures = [
            Failure(row["unique_id"], row["reason"], row["method"]) for row in rows if row["reason"] is not None
        ]
        if wrong := [failure.reason for failure in failures if failure.method == WRONG]:
            raise DataError(min(wrong))
        counts = [row for row in rows if row["reason"] is None]
        sets = {row["instruction_set"] for row in counts}
        return (
            tuple(sorted(failures, key=lambda failure: failure.unique_id)),
            int(sum(row["mean"] for row in counts)),
            said_of(sets),
        )

    def result(self) -> Any:  # noqa: ANN401  # a data frame of Fugue
        """Return the forecast alone, sorted by series and time."""
        import fugue.api as fa

        names = ("unique_id", "ds", "mean", *self.layout.bounds)
        found = fa.transform(
            self.table,
            filtering(names, told=False),
            schema=self.layout.schema(),
            engine=self.cluster.engine,
            as_fugue=True,
        )
        by = ["unique_id", "ds"]
        native = {
            "spark": lambda: found.native.orderBy(*by),
            "dask": lambda: found.native.sort_values(by),
            "ray": lambda: found.native.sort(by),
        }[self.cluster.kind]()
        return fa.as_fugue_engine_df(self.cluster.engine, native)


def _home(table: object) -> object:
    """Return the cluster that a table is on."""
    return getattr(table, "sparkSession", None) or kind_of(table)


def _local(cluster: Cluster, table: object, mapping: object, schema: str) -> pa.Table:
    """Map over a table and bring what comes of it here."""
    import fugue.api as fa

    return fa.transform(table, mapping, schema=schema, engine=cluster.engine, as_local=True, as_fugue=True).as_arrow()
