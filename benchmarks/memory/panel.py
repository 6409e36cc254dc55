"""Measure the memory of local runs over panels of growing size, against the size of the panel.

    python benchmarks/memory/panel.py [--series 10000,20000,40000] [--recipe classic] [--json]

A Parquet file of series of 100 points is forecast, 12 steps with intervals, by ``statecast.distributed.fit_forecast``:
to a file, and to a result in memory; and fitted whole, as ``sc.classic().fit(sc.read(file))`` does, where the memory of
reading is not counted, nor are the networks. Each run is in a fresh process, after a small one that loads what is
loaded lazily; what it needs is the most memory that it has beyond that. The panel's raw size is 16 bytes an
observation, a time stamp and a value. Two epochs: memory does not depend on them. Linux only.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "speed"))
import numpy as np

import _harness as harness
import _results as results
from _made import POINTS, write_panel
from measure import peak, start_over

BYTES, HORIZON, LEVELS, EPOCHS = 16, 12, (80, 95), 2
KINDS = ("to a file", "in memory", "fitted whole")


@dataclass(frozen=True)
class Row:
    """What a run needs beyond the interpreter."""

    case: str
    series: int
    raw_mib: float
    peak_mib: float
    ratio: float = field(init=False)

    def __post_init__(self) -> None:
        """Work out how many times the panel it is."""
        object.__setattr__(self, "ratio", self.peak_mib / self.raw_mib)


def measure(kind: str, recipe: str, data: Path, small: Path) -> int:
    """Return the bytes that a run needs in this process, beyond what is there before it."""
    import statecast as sc
    from statecast.distributed import fit_forecast

    chosen = sc.classic(units=4, epochs=EPOCHS) if recipe == "classic" else sc.auto(epochs=EPOCHS)

    def run(path: Path) -> Callable[[], object]:
        if kind == "fitted whole":
            panel = sc.read(str(path))
            return lambda: chosen.fit(panel, threads=2).forecast(HORIZON, LEVELS)
        out = path.with_name(f"forecast of {path.name}") if kind == "to a file" else None
        return lambda: fit_forecast(str(path), chosen, horizon=HORIZON, level=LEVELS, threads=2, out=out)

    run(small)()
    work = run(data)
    before = start_over()
    kept = work()
    del kept
    return peak() - before


def main() -> None:
    """Measure all sizes and print a line for each."""
    parser = harness.options("Measure the memory of local runs over panels.", repeats=None)
    parser.add_argument("--series", type=harness.numbers, default=[10_000, 20_000, 40_000], help="comma-separated")
    parser.add_argument("--recipe", choices=("classic", "auto"), default="classic")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)  # kind and files: in this process
    given = parser.parse_args()
    if given.measure:
        kind, data, small = given.measure
        print(json.dumps({"bytes": measure(kind, given.recipe, Path(data), Path(small))}))
        return
    rows: list[Row] = []
    for kind in KINDS:
        for series in given.series:
            with tempfile.TemporaryDirectory() as folder:
                data, small = Path(folder) / "panel.parquet", Path(folder) / "small.parquet"
                write_panel(data, series)
                write_panel(small, 100)
                words = [sys.executable, Path(__file__).resolve(), "--recipe", given.recipe]
                got = harness.report_of([*words, "--measure", kind, data, small])
            raw = series * POINTS * BYTES / 2**20
            rows.append(Row(f"{given.recipe}, {kind}", series, raw, got["bytes"] / 2**20))
            row = rows[-1]
            said = f"{row.peak_mib:.0f} MiB for a panel of {raw:.0f}, {row.ratio:.2f} times"
            print(f"{row.case}, {series:,} series: {said}", flush=True)
        own = rows[-len(given.series) :]
        if len(own) > 1:
            slope, constant = np.polyfit([row.raw_mib for row in own], [row.peak_mib for row in own], 1)
            print(f"{own[0].case}: {constant:.0f} MiB and {slope:.2f} times the panel")
    if given.json:
        print(results.document("memory-panel", rows))


if __name__ == "__main__":
    main()
