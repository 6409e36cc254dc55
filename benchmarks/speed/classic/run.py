"""Time the classic recipe's training (36 months, 4 units, 3000 epochs) by Statecast and by its peers.

    python benchmarks/speed/classic/run.py [--json]

Every side does the same arithmetic in fresh processes, in turn, and its best run counts; the loss of the first epoch
must be the same for all. Peers live in their own environments, made on first use. Keras and PyTorch run fewer epochs
and are reckoned up: their time is linear in them. The yardstick is a hand-written loop for this one case, built for
this machine.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results
from _side import Spent, Ways

MOST_EPOCHS = {"keras": 10, "pytorch": 50, "jax": 10**9}
YARDSTICK_EPOCHS = 3000  # fixed in its source


def yardstick(source: Path, folder: Path, epochs: int) -> harness.Side:
    """Build the yardstick into a folder and return the side that runs it."""
    program = folder / "yardstick"
    harness.output_of(["c++", "-O3", "-march=native", "-ffast-math", source, "-o", program])

    def run() -> Ways:
        line = re.search(r"^H=4 ([\d.]+) ms", harness.output_of([program]), re.MULTILINE)
        if line is None:
            raise SystemExit(f"{source}: expected it to print a line 'H=4 ... ms'")
        return {"hand-written": Spent(float(line[1]) / 1e3 * epochs / YARDSTICK_EPOCHS)}

    return run


def main() -> None:
    """Run all sides, print the table and, if asked, the document."""
    parser = harness.options("Time the classic recipe's training by us and by our peers.", peers=tuple(MOST_EPOCHS))
    parser.add_argument("--epochs", type=harness.at_least_one, default=3000)
    parser.add_argument("--threads", type=harness.at_least_one, default=1, help="cores that a side may use")
    parser.add_argument(
        "--yardstick",
        type=Path,
        default=Path("../shared/yardstick/classic_step.cpp"),
        help="its source, relative to the repository's root; left out when it is missing",
    )
    given = parser.parse_args()
    harness.use_cores(given.threads)
    sides = {"statecast": harness.side(sys.executable, "classic.ours", {"epochs": given.epochs})}
    for peer in given.peers:
        python = harness.environment(given.env_root, peer)
        measured = min(given.epochs, MOST_EPOCHS[peer])
        work = {"epochs": measured}
        sides[peer] = harness.side(python, f"classic.peers.{peer}", work, times=given.epochs / measured)

    with tempfile.TemporaryDirectory() as folder:
        source = harness.REPOSITORY / given.yardstick
        if source.exists():
            sides["yardstick"] = yardstick(source, Path(folder), given.epochs)
        else:
            harness.note(f"yardstick: no {given.yardstick}, left out")
        spent = harness.compare(sides, given.repeats)

    ours = spent.pop("statecast")["core"].seconds
    print(f"statecast: {ours:.4g} s for {given.epochs} epochs")
    case = f"36 months, 4 units, {given.epochs} epochs"
    rows = [
        results.Row(case, given.threads, ours, best.seconds, name, way, best.once)
        for name, ways in spent.items()
        for way, best in ways.items()
    ]
    reckoned = ", ".join(f"{peer} {MOST_EPOCHS[peer]}" for peer in given.peers if MOST_EPOCHS[peer] < given.epochs)
    results.show(rows, f"Best of {given.repeats}. Reckoned up from fewer epochs: {reckoned or 'none'}.")
    if given.json:
        print(results.document("classic", rows))


if __name__ == "__main__":
    main()
