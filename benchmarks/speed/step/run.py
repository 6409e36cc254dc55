"""Time one observation through a network of 2 layers and 32 units, from Python, by us and PyTorch.

    python benchmarks/speed/step/run.py [--json]

Fresh processes in turn; the best run of each counts.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness

SCENARIO = Path(__file__).resolve().parent


def main() -> None:
    """Run both sides and print the ratio."""
    parser = argparse.ArgumentParser(description="Time one step by us and by PyTorch.")
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    parser.add_argument("--repeats", type=int, default=5, help="fresh processes a side; the best counts")
    parser.add_argument("--env-root", type=Path, default=SCENARIO.parents[1] / ".envs")
    given = parser.parse_args()
    python = harness.environment(given.env_root, "pytorch", SCENARIO / "peers" / "requirements" / "pytorch.txt")
    sides = {
        "ours": lambda: {
            "": harness.Spent(harness.report_of([sys.executable, SCENARIO / "ours.py"])["seconds"]),
        },
        "peer": lambda: {
            "": harness.Spent(harness.report_of([python, SCENARIO / "peers" / "pytorch_step.py"])["seconds"]),
        },
    }
    best = {name: ways[""].seconds for name, ways in harness.best(harness.interleave(sides, given.repeats)).items()}
    row = harness.Row("one observation, 2 layers, 32 units", 1, best["ours"], best["peer"], "pytorch")
    print(f"{row.ours * 1e6:.2f} microseconds a step, PyTorch {row.peer * 1e6:.1f}; ratio {row.ratio:.0f}")
    if given.json:
        print(harness.document("step", [row]))


if __name__ == "__main__":
    main()
