"""Time 10,000 series of 100 points with a network each, from a Parquet file to one of forecasts, as a user runs them.

    python benchmarks/speed/many/run.py [--series 10000] [--threads 2] [--repeats 3] [--json]

Four units, 300 epochs, 12 steps ahead. First the parts of it, each a call: read, fit, forecast, write; then the command
line, from the start of Python to its end, without intervals and with those of 80 and 95 %, which take another fit and a
walk over the last third; both have its test on a sample of 1,000 series in it. Then the parts of the automatic recipe,
on a tenth of the series, and of a shared network that is trained already. Fresh processes in turn, medians.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results
from _made import write_panel

EPOCHS, HORIZON = 300, 12
COMMAND = "from statecast.cli import main; main()"  # what the program `statecast` is


@dataclass(frozen=True)
class Row:
    """What a case took: wall time, the time of all cores, and both for its parts, where it has any."""

    case: str
    series: int
    threads: int
    seconds: float
    cpu: float
    parts: dict[str, dict[str, float]] = field(default_factory=dict)


def parts_of(recipe: str, data: Path, series: int, threads: int) -> Callable[[], Row]:
    """Return what reads, fits, forecasts and writes, a call each."""

    def run() -> Row:
        out = data.with_name("forecast.parquet")
        words = {"data": data, "out": out, "recipe": recipe, "epochs": EPOCHS, "threads": threads}
        line = harness.report_of(
            [sys.executable, "-m", "many.ours", *(word for n, v in words.items() for word in (f"--{n}", str(v)))]
        )
        parts = line["parts"]
        seconds, cpu = (sum(part[name] for part in parts.values()) for name in ("seconds", "cpu"))
        return Row(recipe, series, threads, seconds, cpu, parts)

    return run


def command(level: str, data: Path, series: int, threads: int) -> Callable[[], Row]:
    """Return the command line; ``level`` may be "none"."""
    out = data.with_name("forecast.parquet")
    words = ["forecast", data, "--recipe", "classic", "--units", 4, "--epochs", EPOCHS, "--horizon", HORIZON]
    words += ["--threads", threads, "--out", out, "--quiet", *(() if level == "none" else ("--level", level))]

    def run() -> Row:
        start, cpu = time.perf_counter(), cpu_of_children()
        subprocess.run([sys.executable, "-c", COMMAND, *map(str, words)], check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - start
        return Row(f"statecast forecast, intervals {level}", series, threads, seconds, cpu_of_children() - cpu)

    return run


def cpu_of_children() -> float:
    """Return the seconds of all cores in processes that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def median(rows: Sequence[Row]) -> Row:
    """Return the run of the median time."""
    return sorted(rows, key=lambda row: row.seconds)[len(rows) // 2]


def line(row: Row) -> str:
    """Return what is printed of a case."""
    ms = row.cpu / row.series * 1e3
    said = f"{row.case}: {row.series:,} series in {row.seconds:.1f} s, {ms:.3f} ms of a core a series"
    if not row.parts:
        return said
    parts = {name: part["seconds"] for name, part in row.parts.items()}
    share = (parts["read"] + parts["write"]) / row.seconds
    return f"{said}: {', '.join(f'{n} {s:.2f}' for n, s in parts.items())}; reading and writing {share:.1%}"


def main() -> None:
    """Run all cases and print a line for each."""
    parser = harness.options("Time many series with a network each, from file to file.", repeats=3)
    parser.add_argument("--series", type=harness.at_least_one, default=10_000)
    parser.add_argument("--threads", type=harness.at_least_one, default=2)
    given = parser.parse_args()
    harness.use_cores(given.threads)
    with tempfile.TemporaryDirectory() as folder:
        data, few = Path(folder) / "panel.parquet", Path(folder) / "tenth.parquet"
        tenth = -(-given.series // 10)
        write_panel(data, given.series)
        write_panel(few, tenth)
        cases = {
            "classic": parts_of("classic", data, given.series, given.threads),
            "without intervals": command("none", data, given.series, given.threads),
            "with intervals": command("80,95", data, given.series, given.threads),
            "auto": parts_of("auto", few, tenth, given.threads),
            "shared": parts_of("shared", data, given.series, given.threads),
        }
        runs: dict[str, list[Row]] = {name: [] for name in cases}
        for turn in range(given.repeats):
            for name, case in cases.items():
                harness.note(f"{turn + 1}/{given.repeats} {name}")
                runs[name].append(case())
    rows = [median(rows) for rows in runs.values()]
    for row in rows:
        print(line(row))
    if given.json:
        print(results.document("many", rows))


if __name__ == "__main__":
    main()
