"""Time the classic recipe's training (36 months, 4 units, 3000 epochs) by Statecast and by its peers.

    python benchmarks/speed/classic/run.py [--json]

Every side does the same arithmetic in fresh processes, in turn, and its best run counts. Peers live in their
own environments, made on first use. Keras and PyTorch run fewer epochs and are reckoned up: their time is
linear in them. The yardstick is a hand-written loop for this one case, built for this machine.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness

SCENARIO = Path(__file__).resolve().parent
REPOSITORY = SCENARIO.parents[2]
MOST_EPOCHS = {"keras_tensorflow": 10, "pytorch": 50, "jax_scan": 10**9}
YARDSTICK_EPOCHS = 3000  # fixed in its source

Side = Callable[[], harness.Ways]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Time the classic recipe's training by us and by our peers.")
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    parser.add_argument("--epochs", type=int, default=3000)
    parser.add_argument("--repeats", type=int, default=5, help="fresh processes a side; the best counts")
    parser.add_argument("--peers", default=",".join(MOST_EPOCHS), help="comma-separated, or none")
    parser.add_argument("--threads", type=int, default=1, help="cores that a side may use")
    parser.add_argument("--env-root", type=Path, default=REPOSITORY / "benchmarks" / ".envs")
    parser.add_argument(
        "--yardstick",
        type=Path,
        default=Path("../shared/yardstick/classic_step.cpp"),
        help="its source, relative to the repository's root; left out when it is missing",
    )
    given = parser.parse_args()
    given.peers = [] if given.peers == "none" else given.peers.split(",")
    if unknown := sorted(set(given.peers) - set(MOST_EPOCHS)):
        parser.error(f"--peers: expected some of {', '.join(MOST_EPOCHS)}, or none; got {', '.join(unknown)}")
    for name in ("epochs", "repeats", "threads"):
        if getattr(given, name) < 1:
            parser.error(f"--{name}: expected at least 1, got {getattr(given, name)}")
    return given


def script(python: str | Path, path: Path, epochs: int, measured: int) -> Side:
    """Return the side that runs a script for ``measured`` epochs, reckoned up to ``epochs``."""

    def side() -> harness.Ways:
        ways = harness.report_of([python, path, "--epochs", str(measured)])["ways"]
        return {
            way: harness.Spent(line["seconds_per_epoch"] * epochs, line["compile_seconds"])
            for way, line in ways.items()
        }

    return side


def yardstick(source: Path, folder: Path, epochs: int) -> Side:
    """Build the yardstick into a folder and return the side that runs it."""
    program = folder / "yardstick"
    harness.output_of(["c++", "-O3", "-march=native", "-ffast-math", source, "-o", program])

    def side() -> harness.Ways:
        line = re.search(r"^H=4 ([\d.]+) ms", harness.output_of([program]), re.MULTILINE)
        if line is None:
            raise SystemExit(f"{source}: expected it to print a line 'H=4 ... ms'")
        return {"hand-written": harness.Spent(float(line[1]) / 1e3 * epochs / YARDSTICK_EPOCHS)}

    return side


def main() -> None:
    """Run all sides, print the table and, if asked, the document."""
    given = arguments()
    harness.use_cores(given.threads)
    sides = {"statecast": script(sys.executable, SCENARIO / "ours.py", given.epochs, given.epochs)}
    for peer in given.peers:
        requirements = SCENARIO / "peers" / "requirements" / f"{peer}.txt"
        python = harness.environment(given.env_root, peer, requirements)
        measured = min(given.epochs, MOST_EPOCHS[peer])
        sides[peer] = script(python, SCENARIO / "peers" / f"{peer}.py", given.epochs, measured)

    with tempfile.TemporaryDirectory() as folder:
        source = REPOSITORY / given.yardstick
        if source.exists():
            sides["yardstick"] = yardstick(source, Path(folder), given.epochs)
        else:
            harness.note(f"yardstick: no {given.yardstick}, left out")
        spent = harness.best(harness.interleave(sides, given.repeats))

    ours = spent.pop("statecast")["core"].seconds
    print(f"statecast: {ours:.4g} s for {given.epochs} epochs")
    rows = [
        harness.Row(
            case=f"36 months, 4 units, {given.epochs} epochs",
            threads=given.threads,
            ours=ours,
            peer=best.seconds,
            peer_name=f"{name}, {way}",
            peer_once=best.once,
        )
        for name, ways in spent.items()
        for way, best in ways.items()
    ]
    reckoned = ", ".join(f"{peer} {MOST_EPOCHS[peer]}" for peer in given.peers if MOST_EPOCHS[peer] < given.epochs)
    harness.show(rows, f"Best of {given.repeats}. Reckoned up from fewer epochs: {reckoned or 'none'}.")
    if given.json:
        print(harness.document("classic", rows))


if __name__ == "__main__":
    main()
