"""What is done on a worker with rows of a cluster's own table: read, forecast, and told what became of the series.

A result has a row a step, and rows without a time that tell: one for a failure, with reason and method; one for the
series that were forecast together, with their number as the mean, and the worker's instruction set.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from statecast.distributed._part import Failure
from statecast.distributed._pieces import Pieces, Task
from statecast.distributed._table import to_table
from statecast.errors import StatecastError
from statecast.network import build_info
from statecast.series import Settled

if TYPE_CHECKING:
    import pyarrow as pa

    Mapping: TypeAlias = Callable[[pa.Table], pa.Table]

WRONG = "wrong input"
"""In place of a method: what ends the run."""

_TOLD = ("method", "reason", "instruction_set")


@dataclass(frozen=True)
class Layout:
    """The columns of a result: the names of the bounds, and whether time is a count of steps."""

    bounds: tuple[str, ...]
    counted: bool

    def schema(self, *, told: bool = False) -> str:
        """Return it as Fugue writes it, with what is told of the series or without."""
        bounds = "".join(f",`{name}`:double" for name in self.bounds)
        time = "long" if self.counted else "datetime"
        return f"unique_id:str,ds:{time},mean:double{bounds}" + "".join(f",{name}:str" for name in _TOLD if told)

    def arrow(self) -> pa.Schema:
        """Return it for Arrow, with what is told."""
        import pyarrow as pa

        time = pa.int64() if self.counted else pa.timestamp("us")
        numbers = [(name, pa.float64()) for name in ("mean", *self.bounds)]
        texts = [(name, pa.string()) for name in _TOLD]
        return pa.schema([("unique_id", pa.string()), ("ds", time), *numbers, *texts])

    def rows(self, columns: pa.Table | Sequence[dict[str, object]]) -> pa.Table:
        """Return rows of a result, blank where nothing is said."""
        import pyarrow as pa

        if not isinstance(columns, pa.Table):
            return pa.Table.from_pylist(list(columns), self.arrow())
        blank = {name: pa.nulls(len(columns), pa.string()) for name in _TOLD}
        named = {name: columns[name] for name in columns.column_names}
        return pa.table({**named, **blank}).cast(self.arrow())


def forecasting(settled: Settled, task: Task, layout: Layout) -> Mapping:
    """Return what forecasts whole series in rows of a table."""
    import pyarrow as pa

    def forecast(rows: pa.Table) -> pa.Table:
        found = []
        try:
            for piece in Pieces(rows, settled=settled).read():
                part = task(piece)
                count = {"mean": float(piece.series), "instruction_set": build_info().instruction_set}
                told = [_of_failure(failure) for failure in part.failures]
                found += [layout.rows(to_table(part).replace_schema_metadata()), layout.rows([count, *told])]
        except StatecastError as error:  # wrong for all series: no failure of the worker, so not to be tried again
            found = [layout.rows([_of_failure(Failure("", str(error), WRONG))])]
        return pa.concat_tables(found)

    return _annotated(forecast)


def _of_failure(failure: Failure) -> dict[str, object]:
    return {"unique_id": failure.unique_id, "reason": failure.reason, "method": failure.method}


def keeping(column: str, names: Sequence[str] = (), share: int = 1) -> Mapping:
    """Return what keeps the rows of series with these names; without names, of one series in `share` of them."""
    import pyarrow as pa

    def keep(rows: pa.Table) -> pa.Table:
        import numpy as np
        import pandas as pd

        found = np.array(rows[column].cast(pa.string()).to_pylist(), dtype=object)
        chosen = np.isin(found, list(names)) if names else pd.util.hash_array(found) % share == 0
        return rows.filter(pa.array(chosen))

    return _annotated(keep)


def filtering(names: Sequence[str], *, told: bool) -> Mapping:
    """Return what keeps the rows that tell, or the others, and these columns."""
    import pyarrow.compute as pc

    def keep(rows: pa.Table) -> pa.Table:
        blank = pc.is_null(rows["ds"])
        return rows.filter(blank if told else pc.invert(blank)).select(list(names))

    return _annotated(keep)


def _annotated(mapping: Mapping) -> Mapping:
    """Say to Fugue that tables are those of Arrow; the annotations of this module are text."""
    import pyarrow as pa

    mapping.__annotations__ = {"rows": pa.Table, "return": pa.Table}
    return mapping
