"""Time taking in new observations, classic recipe of 16 units and 10 members, after short and long histories.

    python benchmarks/speed/update/run.py [--json]

One number, and a frame of 1,000 rows; beside PyTorch with the state carried by hand, or with a window read anew, and
beside a refit. On one core, from the same parameters, in fresh processes in turn; medians of many calls, the best run
of each counts, and the forecasts after 50 observations must be the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results

HISTORIES = (100, 100_000)


def main() -> None:
    """Run all sides and print the ratios."""
    parser = harness.options("Time taking in new observations.", repeats=3, peers=("pytorch",))
    given = parser.parse_args()
    harness.use_cores(1)
    rows: list[results.Row] = []
    for history in HISTORIES:
        work = {"history": history}
        sides = {"statecast": harness.side(sys.executable, "update.ours", work)}
        for peer in given.peers:
            sides[peer] = harness.side(harness.environment(given.env_root, peer), f"update.peers.{peer}", work)
        spent = harness.compare(sides, given.repeats)
        ours = spent.pop("statecast")
        number, frame = ours.pop("number"), ours.pop("frame")
        print(f"{history:,} observations before: a number {number.seconds * 1e6:.1f} microseconds, ", end="")
        print(f"a frame of 1,000 rows {frame.seconds * 1e3:.2f} milliseconds")
        case = f"one observation after {history:,}"
        for peer, ways in (spent | ({"statecast": ours} if ours else {})).items():
            rows += [results.Row(case, 1, number.seconds, one.seconds, peer, way) for way, one in ways.items()]
    results.show(rows, f"Medians; best of {given.repeats}.")
    if given.json:
        print(results.document("update", rows))


if __name__ == "__main__":
    main()
