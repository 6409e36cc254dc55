"""Summary: what was read, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from statecast.series._panel import Columns
from statecast.series._table import Table, counted, listed


def summary(table: Table, columns: Columns, targets: Sequence[str], written: tuple[str, str], series: int) -> str:
    """Say how many rows were read, and which columns they have; `written` is how, time and target."""
    label, manner = written
    count = len(table.rows)
    if columns.time is None:
        return f"Read {counted(count, 'value')}."
    target = f"{len(targets):,} series in the" if columns.wide else "target"
    target = f"{target} column{'s' if len(targets) > 1 else ''} {listed(targets)}"
    parts = [
        f"id column {columns.id!r}" if columns.id else "",
        f"time column {columns.time!r}" + (f" ({label})" if label else ""),
        target + (f" ({manner})" if manner else ""),
        *(f"{role} {listed(names)}" for role, names in _covariate_columns(columns)),
        table.manner,
    ]
    of = f" in {series:,} series" if columns.id else ""
    return f"Read {counted(count, 'row')}{of}: {', '.join(filter(None, parts))}."


def _covariate_columns(columns: Columns) -> list[tuple[str, tuple[str, ...]]]:
    named = [("past", columns.past), ("known", columns.known), ("static", columns.static)]
    return [(f"{role} covariate{'s' if len(names) > 1 else ''}", names) for role, names in named if names]
