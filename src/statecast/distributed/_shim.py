"""Stands in for series.to_parts until it is there."""
# ruff: noqa
# mypy: ignore-errors

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from statecast.series import Panel, Roles, to_panel


@dataclass(frozen=True, eq=False)
class Refused:
    unique_id: str
    reason: str
    index: int
    panel: Panel | None


class Parts:
    def __init__(self, panel: Panel, most_values: int) -> None:
        self.panel = panel
        self.series = len(panel)
        self.rows = len(panel.values)
        part = np.cumsum(panel.lengths) // most_values
        self.edges = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(panel)]

    def __len__(self) -> int:
        return len(self.edges) - 1

    def read(self, number: int) -> Panel | None:
        return self.panel.select(np.arange(*self.span(number)))

    def span(self, number: int) -> tuple[int, int]:
        return self.edges[number], self.edges[number + 1]


def to_parts(
    source: object,
    roles: Roles | None = None,
    *,
    most_values: int = 5_000_000,
    refused: Callable[[Refused], object] | None = None,
) -> Parts:
    return Parts(to_panel(source, roles), most_values)


class TableWriter:
    def __init__(self, path):
        self.path = path
        self.writer = None

    def __enter__(self):
        return self

    def write(self, table):
        import pyarrow as pa
        import pyarrow.csv as pc
        import pyarrow.parquet as pq

        if self.writer is None:
            self.writer = (pq.ParquetWriter if self.path.suffix == ".parquet" else pc.CSVWriter)(
                self.path, table.schema
            )
        self.writer.write_table(table)

    def __exit__(self, *args):
        if self.writer:
            self.writer.close()
