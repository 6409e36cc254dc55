"""Time many series with a small network each: 1,000 series of 120 points, 4 units, 300 epochs, in one call.

    python benchmarks/speed/panel/run.py [--json]

Shows how the work spreads over threads (the peer is the same call on one thread), and that memory does not grow
with the number of epochs. Each case runs in fresh processes, in turn; the best of each counts.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness

SERIES, POINTS, UNITS, EPOCHS = 1000, 120, 4, 300


def child(threads: int, epochs: int) -> None:
    """Train the panel once and print seconds and peak memory."""
    import numpy as np

    from statecast.network import Feed, Networks, Spec
    from statecast.training import Online, train_networks

    rng = np.random.default_rng(1)
    y = rng.uniform(-1, 1, (SERIES, POINTS + 1)).astype(np.float32)
    feed = Feed(y[:, :-1].reshape(-1, 1), np.arange(SERIES + 1) * POINTS, np.arange(SERIES))
    networks = Networks.initialise(Spec(inputs=1, units=UNITS), range(SERIES))
    start = time.perf_counter()
    train_networks(networks, feed, y[:, 1:].reshape(-1, 1), Online(epochs), threads=threads)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak}))


def case(threads: int, epochs: int) -> Callable[[], harness.Ways]:
    """Return the side that trains in a fresh process."""

    def side() -> harness.Ways:
        line = harness.report_of([sys.executable, __file__, "--child", str(threads), str(epochs)])
        return {f"{line['peak_mib']:.0f} MiB": harness.Spent(line["seconds"])}

    return side


def main() -> None:
    """Run all cases and print the table."""
    parser = argparse.ArgumentParser(description="Time 1,000 small networks by threads and by epochs.")
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--child", type=int, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(*given.child)
        return
    harness.use_cores(given.threads)
    sides = {
        "one": case(1, EPOCHS),
        "many": case(given.threads, EPOCHS),
        "tenth": case(given.threads, EPOCHS // 10),
    }
    runs = harness.interleave(sides, given.repeats)
    fastest = {name: min(spent.seconds for run in results for spent in run.values()) for name, results in runs.items()}
    memory = {
        name: sorted(float(way.split()[0]) for run in results for way in run)[len(results) // 2]
        for name, results in runs.items()
    }
    steps = SERIES * POINTS * EPOCHS
    print(f"1 thread: {fastest['one']:.3f} s, {fastest['one'] / steps * 1e9:.0f} ns a step")
    print(f"peak memory: {memory['tenth']:.0f} MiB for {EPOCHS // 10} epochs, {memory['many']:.0f} for {EPOCHS}")
    rows = [
        harness.Row(
            case=f"{SERIES} series of {POINTS} points, {UNITS} units, {EPOCHS} epochs",
            threads=given.threads,
            ours=fastest["many"],
            peer=fastest["one"],
            peer_name="statecast, 1 thread",
        )
    ]
    harness.show(rows, f"Best of {given.repeats}.")
    if given.json:
        print(harness.document("panel", rows))


if __name__ == "__main__":
    main()
