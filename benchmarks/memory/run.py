"""Measure the memory that training and losses need beside the caller's arrays, against what buffers need on paper.

    python benchmarks/memory/run.py [--json]

Each case runs in a fresh process, over 3 epochs and over 30 (calls, for a loss), with which memory must not grow. The
formula is that of docs/design/core.md, in formula.py. Cases are large enough that the allocator's rounding and
leftovers, 1 or 2 MiB, do not count. Linux only.
"""

from __future__ import annotations

import sys
from dataclasses import astuple, dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "speed"))
import _harness as harness
import _results as results
from formula import Case, needed

MEASURE = Path(__file__).resolve().parent / "measure.py"
EPOCHS = (3, 30)
STEPS, ROWS = 96, 4096
CASES = (  # units, layers, sequences, steps, window
    Case("BatchedTrainer", 64, 1, 64, STEPS, STEPS),
    Case("BatchedTrainer", 64, 4, 512, STEPS, STEPS),
    Case("BatchedTrainer", 64, 1, 512, STEPS, 24),
    Case("BatchedTrainer", 256, 1, 64, STEPS, STEPS),
    Case("BatchedTrainer", 256, 4, 64, STEPS, 24),
    Case("batched_loss, gradient", 64, 1, 512, STEPS, STEPS),
    Case("batched_loss, gradient", 64, 4, 64, STEPS, STEPS),
    Case("batched_loss, gradient", 256, 4, 64, STEPS, STEPS),
    Case("batched_loss", 64, 4, 512, STEPS, STEPS),
    Case("batched_loss", 256, 1, 512, STEPS, STEPS),
    Case("batched_loss", 256, 4, 64, STEPS, STEPS),
    Case("train_online", 64, 1, 1, ROWS, ROWS),
    Case("train_online", 64, 4, 1, ROWS, ROWS),
    Case("train_online", 256, 1, 1, ROWS, ROWS),
    Case("train_online", 256, 4, 1, ROWS, 24),
)


@dataclass(frozen=True)
class Row:
    """What a case needs, measured and on paper."""

    case: str
    threads: int
    epochs: int
    measured_mib: float
    formula_mib: float
    ratio: float = field(init=False)

    def __post_init__(self) -> None:
        """Work out how many times more is needed than on paper."""
        object.__setattr__(self, "ratio", self.measured_mib / self.formula_mib)


def row_of(case: Case, epochs: int, threads: int) -> Row:
    """Measure a case in a fresh process."""
    line = harness.report_of([sys.executable, MEASURE, *map(str, astuple(case)), str(epochs), str(threads)])
    name = f"{case.call}: {case.units} units x {case.layers}, {case.sequences} x {case.steps} steps in {case.window}"
    return Row(name, threads, epochs, line["bytes"] / 2**20, needed(case, threads) / 2**20)


def main() -> None:
    """Measure all cases and print a line for each."""
    parser = harness.options("Measure memory against what the buffers need on paper.", repeats=None)
    parser.add_argument("--threads", type=harness.at_least_one, default=2)
    given = parser.parse_args()
    rows = []
    for case in CASES:
        few, many = (row_of(case, epochs, given.threads) for epochs in EPOCHS)
        rows += [few, many]
        print(
            f"{few.case}: {few.measured_mib:.2f} MiB, after {many.epochs} epochs {many.measured_mib:.2f}; "
            f"formula {few.formula_mib:.2f}; ratio {many.ratio:.3f}",
            flush=True,
        )
    print(f"at most {max(row.ratio for row in rows):.3f} times what the buffers need on paper")
    if given.json:
        print(results.document("memory", rows))


if __name__ == "__main__":
    main()
