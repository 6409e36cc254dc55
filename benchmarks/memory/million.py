"""Run a million series through in parts, and 50,000 beside it: classic, 20 epochs, 12 steps, Parquet to Parquet.

    python benchmarks/memory/million.py [--series 50000,1000000] [--threads 2] [--folder FOLDER] [--json]

The file, 100 points a series, is made first if it is not in the folder yet, in a process of its own; a million series
are 0.9 GB. Then ``statecast.distributed.fit_forecast`` in a fresh process; printed are its time and the most memory
that it had, interpreter and all, which is to be below 4 GiB.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "speed"))
import _harness as harness
import _results as results
from _made import POINTS, write_panel
from _side import peak_mib

EPOCHS, HORIZON = 20, 12


@dataclass(frozen=True)
class Row:
    """What the run took: wall time, the time of all cores, the most memory, and bytes read and written."""

    case: str
    series: int
    threads: int
    seconds: float
    cpu: float
    peak_mib: float
    bytes_in: int
    bytes_out: int


def run(data: Path, out: Path, threads: int) -> Row:
    """Forecast the file in this process."""
    import statecast as sc
    from statecast.distributed import fit_forecast

    start = time.perf_counter()
    recipe = sc.classic(units=4, epochs=EPOCHS)
    done = fit_forecast(str(data), recipe, horizon=HORIZON, out=out, threads=threads)
    seconds = time.perf_counter() - start
    if done.failures:
        raise SystemExit(f"expected no failures, got {len(done.failures)}, the first {done.failures[0]}")
    case = f"classic, {EPOCHS} epochs"
    sizes = data.stat().st_size, out.stat().st_size
    return Row(case, done.series, threads, seconds, time.process_time(), peak_mib(), *sizes)


def main() -> None:
    """Make the file, run, print."""
    parser = harness.options("Run a million series through in parts.", repeats=None)
    parser.add_argument("--series", type=harness.numbers, default=[50_000, 1_000_000], help="comma-separated")
    parser.add_argument("--threads", type=harness.at_least_one, default=2)
    parser.add_argument("--folder", type=Path, help="where the files are kept; one that goes away if not given")
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--run", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.make:
        write_panel(given.make, *given.series)
        print("{}")
        return
    if given.run:
        data, out = given.run
        print(json.dumps(vars(run(data, out, given.threads))))
        return
    rows = []
    with tempfile.TemporaryDirectory() as gone:
        folder = given.folder or Path(gone)
        folder.mkdir(parents=True, exist_ok=True)
        for series in given.series:
            data, out = folder / f"panel-{series}.parquet", folder / "forecast.parquet"
            script: list[str | Path] = [sys.executable, Path(__file__).resolve(), "--series", str(series)]
            if not data.exists():
                harness.note(f"making {series:,} series of {POINTS} points")
                new = data.with_name(f"new-{data.name}")
                harness.report_of([*script, "--make", new])
                new.rename(data)
            row = Row(**harness.report_of([*script, "--threads", str(given.threads), "--run", data, out]))
            rows.append(row)
            rate, ms = row.series / row.seconds, row.cpu / row.series * 1e3
            print(f"{row.case}: {row.series:,} series of {POINTS} points in {row.seconds:.0f} s, {rate:,.0f} a second")
            read, written = row.bytes_in / 1e6, row.bytes_out / 1e6
            print(f"{ms:.3f} ms of a core a series; {read:.0f} MB read, {written:.0f} MB written")
            print(f"peak memory of the process {row.peak_mib:.0f} MiB, {row.peak_mib / 4096:.0%} of 4 GiB", flush=True)
    if given.json:
        print(results.document("million", rows))


if __name__ == "__main__":
    main()
