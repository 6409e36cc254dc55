"""Time an ensemble: 16 members of the classic recipe, trained in one call on one thread.

    python benchmarks/speed/members/run.py [--json]

Against the same 16 trained one call after another, and against the yardstick's single network. Fresh processes in turn;
the best run of each counts.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results
from _side import Spent, Ways
from classic.run import yardstick

MEMBERS, ROWS, EPOCHS = 16, 23, 3000


def child() -> None:
    """Train both ways and print what they took."""
    import numpy as np

    from statecast.network import Feed, Networks, Spec
    from statecast.training import Online, train_networks

    y = (0.8 * np.sin(0.7 * np.arange(ROWS + 1))).astype(np.float32)
    networks = Networks.initialise(Spec(inputs=1, units=4), range(MEMBERS))
    alone = [Networks(networks.spec, networks.weights[n : n + 1]) for n in range(MEMBERS)]

    def train(part: Networks) -> None:
        feed = Feed(y[:-1, None], np.array([0, ROWS]), np.zeros(len(part), np.int64))
        train_networks(part, feed, y[1:, None], Online(EPOCHS))

    train(alone[0])
    start = time.perf_counter()
    train(networks)
    together = time.perf_counter() - start
    start = time.perf_counter()
    for one in alone:
        train(one)
    print(json.dumps({"together": together, "one by one": time.perf_counter() - start}))


def ours() -> Ways:
    """Train in a fresh process."""
    line = harness.report_of([sys.executable, __file__, "--child"])
    return {way: Spent(seconds) for way, seconds in line.items()}


def main() -> None:
    """Run both sides and print the ratios."""
    parser = harness.options("Time an ensemble of 16 members.")
    parser.add_argument("--yardstick", type=Path, default=Path("../shared/yardstick/classic_step.cpp"))
    parser.add_argument("--child", action="store_true", help="used by itself")
    given = parser.parse_args()
    if given.child:
        child()
        return
    harness.use_cores(1)
    with tempfile.TemporaryDirectory() as folder:
        sides = {"statecast": ours}
        if (harness.REPOSITORY / given.yardstick).exists():
            sides["yardstick"] = yardstick(harness.REPOSITORY / given.yardstick, Path(folder), EPOCHS)
        best = harness.best(harness.interleave(sides, given.repeats))
    together, one_by_one = (best["statecast"][way].seconds for way in ("together", "one by one"))
    case = f"{MEMBERS} members, 4 units, {EPOCHS} epochs"
    rows = [results.Row(case, 1, together, one_by_one, "statecast, one call a member")]
    for way, spent in best.get("yardstick", {}).items():
        rows.append(results.Row(case, 1, together, spent.seconds, f"yardstick, {way}, a single network"))
    for row in rows:
        print(f"{row.case}: {row.ours * 1e3:.1f} ms, {row.ours / row.peer:.2f} times {row.peer_name}")
    if given.json:
        print(results.document("members", rows))


if __name__ == "__main__":
    main()
