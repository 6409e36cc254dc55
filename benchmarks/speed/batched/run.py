"""Time batched training by us and PyTorch: 2 layers, 64 sequences of 96 steps, 20 inputs, 18 outputs.

    python benchmarks/speed/batched/run.py [--json]

Absolute loss, clipping by norm, Adam; 16 to 256 units, one thread and two. Every side runs in fresh processes, in turn,
and its best run counts. The share of the peak is of fused multiply-adds as the yardstick measures them on one core,
times the threads.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent / "peers"))
import _harness as harness
import workload

SCENARIO = Path(__file__).resolve().parent
REPOSITORY = SCENARIO.parents[2]
UNITS = (16, 32, 64, 128, 256)


def peak(source: Path) -> float | None:
    """Build the yardstick of peak arithmetic and return its best GFLOP/s on one core."""
    if not source.exists():
        harness.note(f"yardstick: no {source.name}, no share of the peak")
        return None
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "peak"
        harness.output_of(["c++", "-O2", "-march=native", "-funroll-loops", source, "-o", program])
        return max(float(value) for value in re.findall(r"([\d.]+) GFLOP/s", harness.output_of([program])))


def side(python: str | Path, script: str, units: int, threads: int) -> Callable[[], harness.Ways]:
    """Return the side that runs a script in a fresh process."""
    command = [python, SCENARIO / script, "--units", str(units), "--threads", str(threads)]
    return lambda: {"": harness.Spent(harness.report_of(command)["seconds"])}


def main() -> None:
    """Run all cases and print the table."""
    parser = argparse.ArgumentParser(description="Time batched training by us and by PyTorch.")
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    parser.add_argument("--repeats", type=int, default=5, help="fresh processes a side; the best counts")
    parser.add_argument("--threads", default="1,2", help="comma-separated")
    parser.add_argument("--env-root", type=Path, default=REPOSITORY / "benchmarks" / ".envs")
    parser.add_argument("--yardstick", type=Path, default=Path("../shared/yardstick/fma_peak.cpp"))
    given = parser.parse_args()
    python = harness.environment(given.env_root, "pytorch", SCENARIO / "peers" / "requirements" / "pytorch.txt")
    top = peak(REPOSITORY / given.yardstick)
    scripts: dict[str, tuple[str | Path, str]] = {
        "ours": (sys.executable, "ours.py"),
        "peer": (python, "peers/pytorch_batched.py"),
    }
    rows = []
    for threads in (int(n) for n in given.threads.split(",")):
        for units in UNITS:
            sides = {name: side(*where, units, threads) for name, where in scripts.items()}
            best = {
                name: ways[""].seconds for name, ways in harness.best(harness.interleave(sides, given.repeats)).items()
            }
            ours, peer = (workload.arithmetic(units) / best[name] / 1e9 for name in scripts)
            share = None if top is None else ours / (top * threads)
            rows.append(
                harness.Row(f"{units} units", threads, best["ours"], best["peer"], "pytorch", share_of_peak=share)
            )
            of_peak = "" if share is None else f", {share:.0%} of the peak"
            print(
                f"{units} units, threads: {threads}: {ours:.1f} GFLOP/s{of_peak}; PyTorch {peer:.1f}; "
                f"ratio {rows[-1].ratio:.2f}",
                flush=True,
            )
    if given.json:
        print(harness.document("batched", rows))


if __name__ == "__main__":
    main()
