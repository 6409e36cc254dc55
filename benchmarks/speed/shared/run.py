"""Time one shared LSTM for a panel like M3's monthly one, by us, neuralforecast and darts.

    python benchmarks/speed/shared/run.py [--units 32] [--updates 100,500] [--threads 1,2] [--as-it-comes] [--json]

1,428 monthly series of 48 to 126 points, made by this script (or --data FILE, Parquet of unique_id, ds and y, each
series of at least 42 points). Every side reads the file, trains on 128 windows of 24 steps an update, 2 layers, Adam,
forecasts 18 steps and writes a Parquet file, in fresh processes in turn; medians count. Against neuralforecast we train
its way, all steps ahead at once; against darts its way, a step ahead. Training alone is from the first batch to the
last one, making the windows included; the whole is from the start of Python to its end. Parameters and windows are
drawn by each side on its own, so that forecasts are alike, not the same: their mean absolute errors on the ends of the
made series are printed. With --as-it-comes also ``sc.shared`` against neuralforecast's LSTM, each told the horizon and
no more: other networks, other work, and what a user waits for.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results
from shared import workload

WAYS = {"neuralforecast": "direct", "darts": "recursive"}
AS_IT_COMES = "as_it_comes"


@dataclass(frozen=True)
class Run:
    """What one process took, in seconds, and how far its forecasts are off, in percent; None with the user's data."""

    train: float
    whole: float
    error: float | None


@dataclass(frozen=True)
class Case:
    """A peer, and what both sides are asked to do."""

    peer: str
    way: str
    units: int
    updates: int
    threads: int

    @property
    def name(self) -> str:
        """What the output calls it."""
        if self.way == AS_IT_COMES:
            return "each as it comes"
        return f"{self.units} units, {self.updates} updates, {self.way}"

    @property
    def work(self) -> dict[str, object]:
        """What each side is told."""
        return {"units": self.units, "updates": self.updates, "threads": self.threads, "way": self.way}


def write_panel(path: Path) -> np.ndarray:
    """Write the training parts of the made series, and return what follows, [S, 18]."""
    ids, values = workload.panel()
    lengths = [len(y) - workload.HORIZON for y in values]
    table = pd.DataFrame(
        {
            "unique_id": np.repeat(ids, lengths),
            "ds": np.concatenate([pd.date_range("1990-01-01", periods=n, freq="MS") for n in lengths]),
            "y": np.concatenate([y[: -workload.HORIZON] for y in values]),
        }
    )
    table.to_parquet(path, index=False)
    return np.stack([y[-workload.HORIZON :] for y in values])


def run(python: str | Path, module: str, data: Path, truth: np.ndarray | None, given: Mapping[str, object]) -> Run:
    """Run a side in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "forecast.parquet"
        words = [word for name, value in {**given, "data": data, "out": out}.items() for word in (f"--{name}", value)]
        start = time.perf_counter()
        ways = harness.report_of([python, "-m", module, *map(str, words)])["ways"]
        whole = time.perf_counter() - start
        table = pd.read_parquet(out)
    error = None
    if truth is not None:
        ids = [f"s{number}" for number in range(len(truth))]
        ahead = table.pivot(index="unique_id", columns="step", values="mean").loc[ids].to_numpy()
        error = 100 * float(np.mean(np.abs(ahead / truth - 1)))
    (spent,) = ways.values()
    return Run(spent["seconds"], whole, error)


def rows_of(case: Case, ours: Sequence[Run], theirs: Sequence[Run]) -> list[results.Row]:
    """Return a row for the training alone and one for the whole, of medians."""
    rows = []
    for name, what in (("train", "training alone"), ("whole", "whole process")):
        our, their = (statistics.median(getattr(one, name) for one in runs) for runs in (ours, theirs))
        rows.append(results.Row(f"{case.name}, {what}", case.threads, our, their, case.peer, case.way))
    return rows


def main() -> None:
    """Run all sides and print a line for each comparison."""
    parser = harness.options("Time a shared LSTM by us and by our peers.", repeats=3, peers=tuple(WAYS))
    parser.add_argument("--units", type=harness.numbers, default=[32], help="comma-separated")
    parser.add_argument("--updates", type=harness.numbers, default=[100, 500], help="comma-separated")
    parser.add_argument("--threads", type=harness.numbers, default=[1, 2], help="comma-separated")
    parser.add_argument("--data", type=Path, help="Parquet file of unique_id, ds and y; made if not given")
    parser.add_argument("--as-it-comes", action="store_true", help="also the recipe against the peer's own defaults")
    given = parser.parse_args()
    pythons = {peer: harness.environment(given.env_root, peer) for peer in given.peers}
    cases = [
        Case(peer, WAYS[peer], units, updates, threads)
        for threads in given.threads
        for units in given.units
        for updates in given.updates
        for peer in given.peers
    ]
    if given.as_it_comes and "neuralforecast" in given.peers:
        cases += [Case("neuralforecast", AS_IT_COMES, 0, 0, threads) for threads in given.threads]
    rows: list[results.Row] = []
    with tempfile.TemporaryDirectory() as folder:
        data, truth = given.data, None
        if data is None:
            data = Path(folder) / "panel.parquet"
            truth = write_panel(data)
        for case in cases:
            harness.use_cores(case.threads)
            ours, theirs = [], []
            for turn in range(given.repeats):
                harness.note(f"{turn + 1}/{given.repeats} {case.name}, {case.peer}, threads: {case.threads}")
                ours.append(run(sys.executable, "shared.ours", data.absolute(), truth, case.work))
                theirs.append(run(pythons[case.peer], f"shared.peers.{case.peer}", data.absolute(), truth, case.work))
            for row in rows_of(case, ours, theirs):
                rows.append(row)
                times = f"{row.ours:.2f} s, {case.peer} {row.peer:.2f} s, ratio {row.ratio:.2f}"
                print(f"{row.case}, threads: {case.threads}: {times}", flush=True)
            if truth is not None:
                print(f"    mean absolute errors: {ours[0].error:.1f} %, {case.peer} {theirs[0].error:.1f} %")
    if given.json:
        print(results.document("shared", rows))


if __name__ == "__main__":
    main()
