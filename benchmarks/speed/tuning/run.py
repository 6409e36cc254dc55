"""Time a search over 200 recipes, ensembles of 5, on series of 36 and of 144 months.

    python benchmarks/speed/tuning/run.py [--json] [--threads 2]

Against the same recipes with a backtest each, one after another, as one would do without a search; and successive
halving against random search. Fresh processes in turn, the best of each counts, and both must find the same best error.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results
from tuning import workload

TRIALS = 200


def main() -> None:
    """Run all cases and print the ratios."""
    parser = harness.options("Time a search over 200 recipes.", repeats=3)
    parser.add_argument("--threads", type=harness.at_least_one, default=2)
    given = parser.parse_args()
    harness.use_cores(given.threads)
    rows: list[results.Row] = []
    for case, path in enumerate(workload.CASES):
        work = {"case": case, "trials": TRIALS, "threads": given.threads}
        ways = harness.compare({"statecast": harness.side(sys.executable, "tuning.ours", work)}, given.repeats)[
            "statecast"
        ]
        random, halving = ways.pop("random"), ways.pop("halving")
        print(f"{path.name}: {TRIALS / random.seconds:.0f} recipes a second, by halving {TRIALS / halving.seconds:.0f}")
        name = f"{path.name}, {TRIALS} recipes"
        rows += results.rows_of(name, given.threads, random.seconds, {"statecast, one thread": ways})
        rows.append(results.Row(f"{name}, halving", given.threads, halving.seconds, random.seconds, "random search"))
    results.show(rows, f"Best of {given.repeats}.")
    if given.json:
        print(results.document("tuning", rows))


if __name__ == "__main__":
    main()
