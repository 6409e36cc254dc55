"""Reckon time, memory and money for many series from measured costs: the tables of docs/design/scale.md.

    python benchmarks/scale.py [--machine c7a.8xlarge] [--cores 32] [--memory 64] [--price 1.642] [--write]

The costs are those of the newest results in benchmarks/results: of speed/many (core time of reading, fitting,
forecasting and writing a series), speed/panel (what a second thread is worth), memory/million (bytes of a series in and
out, memory of a series in the process that runs the whole), and of accuracy/m3/sample.py. With --write the tables in
the page are replaced, else printed. The price is the dollars of an hour of the machine; the default is a list price
from memory, to be looked up before use.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).resolve().parent
PAGE = BENCHMARKS.parent / "docs" / "design" / "scale.md"
BEGIN, END = "<!-- made by benchmarks/scale.py -->\n", "<!-- end of what is made -->\n"
SIZES = (10_000, 1_000_000, 100_000_000, 1_000_000_000)
RECIPES = {
    "classic": "classic, 300 epochs",
    "auto": "auto, 5 networks",
    "shared": "shared, trained: forecast alone, 5 networks",
}
PARTS = ("read", "fit", "forecast", "write")
MOST_OF_A_RUN = 10_000_000  # series of one run: its process knows all their names


@dataclass(frozen=True)
class Machine:
    """A machine to reckon with: cores, GiB, dollars an hour."""

    name: str
    cores: int
    memory: float
    price: float


@dataclass(frozen=True)
class Cost:
    """Seconds of a core for the parts of a series."""

    name: str
    parts: dict[str, float]

    @property
    def total(self) -> float:
        """Seconds of a core for a series."""
        return sum(self.parts.values())


@dataclass(frozen=True)
class Sizes:
    """Bytes of a series in the input and the output, and in the process that runs the whole; what that has anyway."""

    read: float
    written: float
    kept: float
    constant: float


def newest(name: str) -> dict[str, Any]:
    """Return the newest document of a scenario, by the date at the end of its name."""
    found = sorted((BENCHMARKS / "results").glob(f"{name}-amd-*.json"), key=lambda path: path.stem[-10:])
    if not found:
        raise SystemExit(f"expected results/{name}-CPU-DATE.json: run the benchmark with --json and keep its last line")
    document: dict[str, Any] = json.loads(found[-1].read_text())
    return document


def costs() -> list[Cost]:
    """Return what a series of each recipe costs; reading and writing as in the run where they are the least.

    They are the same for all recipes, and in a run over fewer series what is loaded first counts for more.
    """
    rows = {row["case"]: row for row in newest("many")["rows"]}
    of = {name: {part: rows[name]["parts"][part]["cpu"] / rows[name]["series"] for part in PARTS} for name in RECIPES}
    same = {part: min(each[part] for each in of.values()) for part in ("read", "write")}
    return [Cost(said, of[name] | same) for name, said in RECIPES.items()]


def sizes() -> Sizes:
    """Return bytes of a series, from the smallest and the largest run through in parts."""
    rows = sorted(newest("million")["rows"], key=lambda row: float(row["series"]))
    few, many = rows[0], rows[-1]
    kept = (many["peak_mib"] - few["peak_mib"]) * 2**20 / (many["series"] - few["series"])
    constant = few["peak_mib"] * 2**20 - kept * few["series"]
    return Sizes(many["bytes_in"] / many["series"], many["bytes_out"] / many["series"], kept, constant)


def duration(seconds: float) -> str:
    """Say how long."""
    for unit, length in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{seconds:.1f} s" if seconds >= 0.1 else f"{seconds * 1e3:.0f} ms"


def amount(number: float) -> str:
    """Say bytes."""
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if number >= size:
            return f"{number / size:,.1f} {unit}"
    return f"{number / 1e3:.1f} kB"


def money(dollars: float) -> str:
    """Say dollars."""
    return f"${dollars:,.0f}" if dollars >= 10 else f"${dollars:.2f}" if dollars >= 0.01 else "below $0.01"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def page(machine: Machine) -> str:
    """Return the tables."""
    measured, per = newest("many")["machine"], sizes()
    each = [
        [cost.name, *(f"{cost.parts[part] * 1e6:,.0f}" for part in PARTS), f"{cost.total * 1e6:,.0f}"]
        for cost in costs()
    ]
    reckoned = []
    for cost in costs():
        for series in SIZES:
            runs = math.ceil(series / MOST_OF_A_RUN)
            seconds = series * cost.total / machine.cores
            memory = amount(per.constant + per.kept * min(series, MOST_OF_A_RUN))
            row = [cost.name, f"{series:,}", duration(seconds), money(seconds / 3600 * machine.price)]
            row += [f"{amount(series * per.read)} / {amount(series * per.written)}"]
            row += [
                f"{amount(per.read / cost.total * machine.cores)}/s",
                memory if runs == 1 else f"{memory}, {runs} runs",
            ]
            reckoned.append(row)
    threads = next(row["ratio"] for row in newest("panel")["rows"] if row["peer_name"] == "statecast, 1 thread")
    sample = [[f"{row['series']:,}", f"{row['smape']:.2f}", f"{row['sd']:.2f}"] for row in newest("m3-sample")["rows"]]
    return "\n\n".join(
        [
            f"Core time of a series of 100 points, microseconds, on {measured['cpu']} ({measured['date']}):",
            table(["recipe", *PARTS, "all"], each),
            f"A series is {per.read:,.0f} bytes in Parquet, its forecast of 12 steps {per.written:,.0f}. The process "
            f"that runs the whole has {amount(per.constant)} and {per.kept:,.0f} bytes for each series of its input.",
            f"One {machine.name}: {machine.cores} cores, {machine.memory:g} GiB, ${machine.price:g} an hour. All cores "
            f"are taken for busy; two train {threads:.2f} times as fast as one.",
            table(
                ["recipe", "series", "time", "money", "in / out", "it reads", "memory of the run"],
                reckoned,
            ),
            "A plain shared network (`benchmarks/accuracy/m3/sample.py`) that learns from a sample of the monthly "
            "series of M3 and forecasts the held-out ends of all, by the size of the sample:",
            table(["series learnt from", "sMAPE %", "sd over samples"], sample),
        ]
    )


def main() -> None:
    """Print the tables, or put them in the page."""
    parser = argparse.ArgumentParser(description="Reckon time, memory and money for many series.")
    parser.add_argument("--machine", default="c7a.8xlarge", help="its name")
    parser.add_argument("--cores", type=int, default=32)
    parser.add_argument("--memory", type=float, default=64, help="GiB")
    parser.add_argument("--price", type=float, default=1.642, help="dollars an hour")
    parser.add_argument("--write", action="store_true", help="into docs/design/scale.md")
    given = parser.parse_args()
    made = page(Machine(given.machine, given.cores, given.memory, given.price))
    if not given.write:
        print(made)
        return
    text = PAGE.read_text()
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        sys.exit(f"{PAGE}: expected the lines {BEGIN.strip()} and {END.strip()} once each")
    before, rest = text.split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{made}\n\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
