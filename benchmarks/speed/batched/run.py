"""Time batched training by us and our peers: 2 layers, 64 sequences of 96 steps, 20 inputs, 18 outputs.

    python benchmarks/speed/batched/run.py [--json]

Absolute loss, clipping by norm, Adam; 16 to 256 units, one thread and two. Every side runs in fresh processes, in turn,
from the same parameters, and its best run counts; the first two losses of all must agree. The share of the peak is of
fused multiply-adds as the yardstick measures them on one core, times the threads.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results
from batched import workload


def peak(source: Path) -> float | None:
    """Build the yardstick of peak arithmetic and return its best GFLOP/s on one core."""
    if not source.exists():
        harness.note(f"yardstick: no {source.name}, no share of the peak")
        return None
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "peak"
        harness.output_of(["c++", "-O2", "-march=native", "-funroll-loops", source, "-o", program])
        return max(float(value) for value in re.findall(r"([\d.]+) GFLOP/s", harness.output_of([program])))


def line(units: int, rows: list[results.Row], ours: float, share: float | None) -> str:
    """Return what is printed of a case."""
    gflop = workload.arithmetic(units) / 1e9
    of_peak = "" if share is None else f", {share:.0%} of the peak"
    peers = [f"{row.peer_and_way}: {gflop / row.peer:.1f}, ratio {row.ratio:.2f}" for row in rows]
    return "; ".join([f"{gflop / ours:.1f} GFLOP/s{of_peak}", *peers])


def main() -> None:
    """Run all cases and print a line for each."""
    parser = harness.options("Time batched training by us and by our peers.", peers=harness.PEERS)
    parser.add_argument("--units", type=harness.numbers, default=[16, 32, 64, 128, 256], help="comma-separated")
    parser.add_argument("--threads", type=harness.numbers, default=[1, 2], help="comma-separated")
    parser.add_argument("--yardstick", type=Path, default=Path("../shared/yardstick/fma_peak.cpp"))
    given = parser.parse_args()
    pythons = {peer: harness.environment(given.env_root, peer) for peer in given.peers}
    top = peak(harness.REPOSITORY / given.yardstick)
    rows = []
    for threads in given.threads:
        harness.use_cores(threads)
        for units in given.units:
            sides = {"statecast": harness.side(sys.executable, "batched.ours", {"units": units, "threads": threads})}
            for peer, python in pythons.items():
                sides[peer] = harness.side(python, f"batched.peers.{peer}", {"units": units})
            spent = harness.compare(sides, given.repeats)
            ours = spent.pop("statecast")["core"].seconds
            share = None if top is None else workload.arithmetic(units) / ours / 1e9 / (top * threads)
            rows += (case := results.rows_of(f"{units} units", threads, ours, spent, share))
            print(f"{units} units, threads: {threads}: {line(units, case, ours, share)}", flush=True)
    if given.json:
        print(results.document("batched", rows))


if __name__ == "__main__":
    main()
