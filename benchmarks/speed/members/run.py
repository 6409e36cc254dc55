"""Time an ensemble: 16 members of the classic recipe (36 months, 4 units, 3000 epochs) in one call on one thread.

    python benchmarks/speed/members/run.py [--json]

Against JAX, which has the members side by side in one program; against the same 16 one call after another; and against
the yardstick's single network. Fresh processes in turn, the best of each counts, and the loss of the first epoch must
be the same for all. Keras and PyTorch have no way to train members side by side but in turn, as in classic.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results
from classic.run import yardstick
from members import workload

CASE = f"{workload.MEMBERS} members, 4 units, {workload.EPOCHS} epochs"


def main() -> None:
    """Run all sides and print the ratios."""
    parser = harness.options("Time an ensemble of 16 members.", peers=("jax",))
    parser.add_argument("--yardstick", type=Path, default=Path("../shared/yardstick/classic_step.cpp"))
    given = parser.parse_args()
    harness.use_cores(1)
    sides = {"statecast": harness.side(sys.executable, "members.ours", {})}
    for peer in given.peers:
        sides[peer] = harness.side(harness.environment(given.env_root, peer), f"members.peers.{peer}", {})
    with tempfile.TemporaryDirectory() as folder:
        if (harness.REPOSITORY / given.yardstick).exists():
            sides["yardstick, one network"] = yardstick(
                harness.REPOSITORY / given.yardstick, Path(folder), workload.EPOCHS
            )
        spent = harness.compare(sides, given.repeats)
    ours = spent["statecast"].pop("one call").seconds
    rows = results.rows_of(CASE, 1, ours, spent)
    results.show(rows, f"Best of {given.repeats}. The hand-written loop trains one network alone.")
    if given.json:
        print(results.document("members", rows))


if __name__ == "__main__":
    main()
