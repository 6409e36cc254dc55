"""Time reading and writing of a long table, whole and in parts, against pandas; and the peak of memory.

    python benchmarks/speed/reading/run.py [--series 100000] [--most-values 5000000] [--repeats 3] [--json]

Each series has 100 days, float64 values and a name of 14 characters; row groups have a million rows. Every side is a
fresh process on one core, its imports not counted. What pandas does is less: it makes a frame of the file, without
series.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results

LENGTH, HORIZON, BLOCK = 100, 12, 10_000


@dataclass(frozen=True)
class Row:
    """What a side took, at best."""

    side: str
    rows: int
    seconds: float
    million_rows_a_second: float
    peak_mib: int


def make(path: Path, series: int) -> None:
    """Write the table, a row group after another."""
    from statecast.storage import TableWriter

    rng, days = np.random.default_rng(1), np.datetime64("2020-01-01", "us") + np.arange(LENGTH) * np.timedelta64(1, "D")
    with TableWriter(path) as writer:
        for start in range(0, series, BLOCK):
            count = min(BLOCK, series - start)
            names = np.array([f"series_{number:07d}" for number in range(start, start + count)], dtype=object)
            values = (10 + rng.standard_normal((count, LENGTH)).cumsum(axis=1)).ravel()
            writer.write({"unique_id": np.repeat(names, LENGTH), "ds": np.tile(days, count), "y": values})


def whole(path: Path, _: int) -> int:
    """Read a panel at once."""
    from statecast.series import read

    return len(read(path).values)


def parts(path: Path, most_values: int) -> int:
    """Read panels in parts."""
    from statecast.series import read_parts

    return sum(len(panel.values) for panel in read_parts(path, most_values=most_values))


def frame(path: Path, _: int) -> int:
    """Read a frame with pandas."""
    import pandas as pd

    return len(pd.read_parquet(path))


SIDES: dict[str, Callable[[Path, int], int]] = {"read": whole, "read_parts": parts, "pandas.read_parquet": frame}


def writers(series: int) -> dict[str, Callable[[Path], object]]:
    """Return what writes the forecast of a panel, ours and pandas'."""
    from statecast.series import Forecast
    from statecast.storage import TableWriter

    rng, days = (
        np.random.default_rng(1),
        np.datetime64("2020-01-01", "us") + np.arange(HORIZON) * np.timedelta64(1, "D"),
    )
    mean, bound = rng.normal(size=(series, HORIZON)), rng.normal(size=(series, 1, HORIZON))
    ids = tuple(f"series_{number:07d}" for number in range(series))
    ahead = Forecast(ids, np.tile(days, (series, 1)), mean, mean[:, np.newaxis], (80.0,), bound, bound)

    def ours(path: Path) -> None:
        with TableWriter(path) as writer:
            writer.write(ahead.to_arrow())

    def theirs(path: Path) -> None:
        table = ahead.to_frame()
        table.to_csv(path, index=False) if path.suffix == ".csv" else table.to_parquet(path, index=False)

    return {"TableWriter": ours, "pandas": theirs}


def measured(side: str, path: Path, series: int, most_values: int) -> dict[str, float]:
    """Do the work of a side in this process."""
    import narwhals  # noqa: F401  # imports are not counted
    import pandas as pd  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    if side in SIDES:
        start = time.perf_counter()
        rows = SIDES[side](path, most_values)
    else:
        name, ending = side.split()
        write, rows = writers(series)[name], series * HORIZON
        start = time.perf_counter()
        write(path.parent / f"ahead{ending}")
    seconds = time.perf_counter() - start
    return {"rows": rows, "seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def main() -> None:
    """Run all sides and print the table."""
    parser = harness.options("Time reading and writing of a long table.", repeats=3)
    parser.add_argument("--series", type=harness.at_least_one, default=100_000)
    parser.add_argument("--most-values", type=harness.at_least_one, default=5_000_000)
    parser.add_argument("--side", help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        print(json.dumps(measured(given.side, given.path, given.series, given.most_values)))
        return
    harness.use_cores(1)
    sides = [*SIDES, *(f"{name} {ending}" for ending in (".parquet", ".csv") for name in ("TableWriter", "pandas"))]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        make(path, given.series)
        words: list[str | Path] = [
            "--path",
            path,
            "--series",
            str(given.series),
            "--most-values",
            str(given.most_values),
        ]
        for side in sides:
            runs = [
                harness.report_of([sys.executable, Path(__file__).resolve(), "--side", side, *words])
                for _ in range(given.repeats)
            ]
            best = min(runs, key=lambda run: float(run["seconds"]))
            rate = best["rows"] / best["seconds"] / 1e6
            rows.append(Row(side, best["rows"], best["seconds"], rate, best["peak"]))
            print(f"{side}: {rows[-1].seconds:.2f} s, {rate:.1f} million rows a second, peak {best['peak']} MiB")
    if given.json:
        print(results.document("reading", rows))


if __name__ == "__main__":
    main()
