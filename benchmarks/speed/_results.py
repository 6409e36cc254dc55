"""What every run.py shows in the end: rows of comparisons, the machine, tables, the JSON document."""

from __future__ import annotations

import datetime
import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from _side import Spent, Ways

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ISA_OF_INTEREST = ("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512dq", "avx512vl", "asimd", "sve", "sve2")


@dataclass(frozen=True)
class Row:
    """One comparison: seconds for the same work by us and a peer, and what the peer spends once before it."""

    case: str
    threads: int
    ours: float
    peer: float
    peer_name: str
    peer_way: str = ""
    peer_once: float = 0.0
    share_of_peak: float | None = None
    ratio: float = field(init=False)

    def __post_init__(self) -> None:
        """Work out how many times faster we are."""
        object.__setattr__(self, "ratio", self.peer / self.ours)

    @property
    def peer_and_way(self) -> str:
        """The name of the peer, and which of its ways this is."""
        return f"{self.peer_name}, {self.peer_way}" if self.peer_way else self.peer_name


def fastest_way(ways: Ways) -> tuple[str, Spent]:
    """Return the way that took the least seconds, and what it took."""
    return min(ways.items(), key=lambda item: item[1].seconds)


def rows_of(
    case: str, threads: int, ours: float, peers: Mapping[str, Ways], share_of_peak: float | None = None
) -> list[Row]:
    """Return a row for each peer, by its fastest way."""
    fastest = {name: fastest_way(ways) for name, ways in peers.items()}
    return [
        Row(case, threads, ours, spent.seconds, name, way, spent.once, share_of_peak)
        for name, (way, spent) in fastest.items()
    ]


def machine() -> dict[str, Any]:
    """Describe the machine: cpu, cores, instruction sets of interest, date."""
    info: dict[str, str] = {}
    if Path("/proc/cpuinfo").exists():
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            key, _, value = line.partition(":")
            info.setdefault(key.strip(), value.strip())
    flags = (info.get("flags") or info.get("Features") or "").split()
    return {
        "cpu": info.get("model name") or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "isa": [flag for flag in ISA_OF_INTEREST if flag in flags],
        "date": datetime.date.today().isoformat(),
    }


def times(ratio: float) -> str:
    """Return a ratio as it is printed."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.2f}"


def show(rows: Sequence[Row], caption: str) -> None:
    """Print a table for each case and number of threads, the ratio saying how many times faster we are."""
    console = Console()
    for case, threads, ours in dict.fromkeys((row.case, row.threads, row.ours) for row in rows):
        title = f"{case}, threads: {threads}, ours: {ours:.4g} s"
        table = Table("peer", title=title, caption=caption, title_justify="left", caption_justify="left")
        for heading in ("seconds", "once before", "ratio"):
            table.add_column(heading, justify="right")
        for row in rows:
            if (row.case, row.threads) == (case, threads):
                table.add_row(row.peer_and_way, f"{row.peer:.4g}", f"{row.peer_once:.2f}", times(row.ratio))
        console.print(table)


def document(scenario: str, rows: Iterable[DataclassInstance]) -> str:
    """Return the one line of JSON that ends a run."""
    return json.dumps({"scenario": scenario, "machine": machine(), "rows": [asdict(row) for row in rows]})
