"""What every speed scenario shares: the machine, its cores, peers' environments, runs in turn, tables."""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ISA_OF_INTEREST = ("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512dq", "avx512vl", "asimd", "sve", "sve2")


@dataclass(frozen=True)
class Spent:
    """Seconds that a side took for the work, and those that it spends once before it (tracing, compiling)."""

    seconds: float
    once: float = 0.0


Ways = dict[str, Spent]  # a side may do its work in several ways, each with a name


@dataclass(frozen=True)
class Row:
    """One comparison: seconds for the same work by us and a peer, and what the peer spends once before it."""

    case: str
    threads: int
    ours: float
    peer: float
    peer_name: str
    peer_once: float = 0.0
    share_of_peak: float | None = None
    ratio: float = field(init=False)

    def __post_init__(self) -> None:
        """Work out how many times faster we are."""
        object.__setattr__(self, "ratio", self.peer / self.ours)


def note(text: str) -> None:
    """Say something beside the results."""
    print(text, file=sys.stderr, flush=True)


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


def use_cores(threads: int) -> None:
    """Hold this process and all that it starts to ``threads`` cores, the same for every side."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    if hasattr(os, "sched_setaffinity"):  # Linux
        free = sorted(os.sched_getaffinity(0))
        if threads > len(free):
            raise SystemExit(f"--threads: expected at most {len(free)}, the cores of this machine, got {threads}")
        os.sched_setaffinity(0, free[-threads:])


def environment(root: Path, name: str, requirements: Path) -> Path:
    """Return the Python of a peer's own environment, made with venv and pip if missing or out of date."""
    folder, wanted = root / name, requirements.read_text()
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    done = folder / "installed.txt"  # written last, so an installation that broke off is done again
    if not done.exists() or done.read_text() != wanted:
        note(f"{name}: making its environment in {folder}")
        if not python.exists():
            venv.create(folder, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "-r", str(requirements)]
        if subprocess.run(pip, stdout=sys.stderr, check=False).returncode != 0:
            raise SystemExit(f"{name}: pip could not install {requirements}; leave it out with --peers")
        done.write_text(wanted)
    return python


def output_of(command: Sequence[str | Path]) -> str:
    """Run a command in a fresh process and return what it prints; if it fails, stop with what it says."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = " ".join(str(part) for part in command)
        raise SystemExit(f"{words} failed with exit code {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def report_of(command: Sequence[str | Path]) -> dict[str, Any]:
    """Run a command and return the JSON document of its last line."""
    document: dict[str, Any] = json.loads(output_of(command).splitlines()[-1])
    return document


def interleave(sides: Mapping[str, Callable[[], Ways]], repeats: int) -> dict[str, list[Ways]]:
    """Call every side in turn, ``repeats`` times over, so that a slow spell of the machine meets them all."""
    results: dict[str, list[Ways]] = {name: [] for name in sides}
    for turn in range(repeats):
        for name, side in sides.items():
            note(f"{turn + 1}/{repeats} {name}")
            results[name].append(side())
    return results


def best(results: Mapping[str, list[Ways]]) -> dict[str, Ways]:
    """Return for every side and every way its fastest run."""
    return {
        name: {way: min((run[way] for run in runs), key=lambda spent: spent.seconds) for way in runs[0]}
        for name, runs in results.items()
    }


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
                ratio = f"{row.ratio:,.0f}" if row.ratio >= 100 else f"{row.ratio:.2f}"
                table.add_row(row.peer_name, f"{row.peer:.4g}", f"{row.peer_once:.2f}", ratio)
        console.print(table)


def document(scenario: str, rows: Iterable[Row]) -> str:
    """Return the one line of JSON that ends a run."""
    return json.dumps({"scenario": scenario, "machine": machine(), "rows": [asdict(row) for row in rows]})
