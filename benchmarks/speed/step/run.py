"""Time one observation through a network of 2 layers and 32 units, from Python, by us and our peers.

    python benchmarks/speed/step/run.py [--json]

On one core, from the same parameters, in fresh processes in turn; the best run of each counts, and the outputs of the
first steps must be the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results


def main() -> None:
    """Run all sides and print the ratios."""
    given = harness.options("Time one step by us and by our peers.", peers=harness.PEERS).parse_args()
    harness.use_cores(1)
    sides = {"statecast": harness.side(sys.executable, "step.ours", {})}
    for peer in given.peers:
        sides[peer] = harness.side(harness.environment(given.env_root, peer), f"step.peers.{peer}", {})
    spent = harness.compare(sides, given.repeats)
    ours = spent.pop("statecast")["stepper"].seconds
    print(f"statecast: {ours * 1e6:.2f} microseconds a step")
    for peer, ways in spent.items():
        print(f"{peer}: " + "; ".join(f"{way} {one.seconds * 1e6:.1f}" for way, one in ways.items()))
    rows = results.rows_of("one observation, 2 layers, 32 units", 1, ours, spent)
    results.show(rows, f"Best of {given.repeats}.")
    if given.json:
        print(results.document("step", rows))


if __name__ == "__main__":
    main()
