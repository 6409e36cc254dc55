"""Time many series with a small network each: 1,000 series of 120 points, 4 units, 300 epochs, in one call.

    python benchmarks/speed/panel/run.py [--json]

Against JAX and PyTorch, which have all networks side by side in one program, on one core and on several; against the
same call on one thread; and memory against epochs, with which it must not grow. Fresh processes in turn, the best of
each counts, and the loss of the first epoch must be the same for all. PyTorch runs fewer epochs and is reckoned up.
Keras has no way to train many networks at once.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results
from panel import workload

EPOCHS = 300
MOST_EPOCHS = {"pytorch": 10, "jax": EPOCHS}
CASE = f"{workload.SERIES} series of {workload.POINTS} points, {workload.UNITS} units, {EPOCHS} epochs"


def main() -> None:
    """Run all cases and print the tables."""
    parser = harness.options("Time 1,000 small networks by us and by our peers.", peers=tuple(MOST_EPOCHS))
    parser.add_argument("--threads", type=harness.at_least_one, default=2, help="beside one")
    given = parser.parse_args()
    pythons = {peer: harness.environment(given.env_root, peer) for peer in given.peers}
    rows: list[results.Row] = []
    ours: dict[int, float] = {}
    for threads in dict.fromkeys((1, given.threads)):
        harness.use_cores(threads)
        work = {"epochs": EPOCHS, "threads": threads}
        sides = {"statecast": harness.side(sys.executable, "panel.ours", work)}
        for peer, python in pythons.items():
            few = {"epochs": MOST_EPOCHS[peer]}
            sides[peer] = harness.side(python, f"panel.peers.{peer}", few, times=EPOCHS / MOST_EPOCHS[peer])
        spent = harness.compare(sides, given.repeats)
        ours[threads] = spent.pop("statecast")["core"].seconds
        rows += results.rows_of(CASE, threads, ours[threads], spent)
    if given.threads > 1:
        rows.append(results.Row(CASE, given.threads, ours[given.threads], ours[1], "statecast, 1 thread"))

    steps = workload.SERIES * workload.POINTS * EPOCHS
    print(f"1 thread: {ours[1]:.3f} s, {ours[1] / steps * 1e9:.0f} ns a step")
    for epochs in (EPOCHS // 10, EPOCHS):
        line = harness.run_module(sys.executable, "panel.ours", {"epochs": epochs, "threads": given.threads})
        print(f"peak memory for {epochs} epochs: {line['peak_mib']:.0f} MiB")
    few_epochs = ", ".join(f"{peer} {most}" for peer, most in MOST_EPOCHS.items() if most < EPOCHS)
    results.show(rows, f"Best of {given.repeats}. Reckoned up from fewer epochs: {few_epochs}.")
    if given.json:
        print(results.document("panel", rows))


if __name__ == "__main__":
    main()
