"""Time what a user waits for: import, --help, and a whole backtest, against Python and pandas alone.

    python benchmarks/speed/startup/run.py [--json]

Fresh processes in turn; the median counts, since start-up varies more than it is ever lucky.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "sales_year.csv"
STATECAST = str(Path(sys.executable).parent / "statecast")
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "python -c 'import pandas'": [sys.executable, "-c", "import pandas"],
    "import statecast": [sys.executable, "-c", "import statecast"],
    "statecast --help": [STATECAST, "--help"],
    "statecast backtest": [
        STATECAST, "backtest", str(EXAMPLE), "--recipe", "classic", "--epochs", "3000",
    ],
}  # fmt: skip
COMPARED = {
    "import statecast": "python -c pass",
    "statecast --help": "python -c 'import pandas'",
    "statecast backtest": "python -c 'import pandas'",
}


def command(words: list[str]) -> Callable[[], harness.Ways]:
    """Return the side that runs a command."""

    def side() -> harness.Ways:
        start = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        return {"": harness.Spent(time.perf_counter() - start)}

    return side


def main() -> None:
    """Run all commands and print the table."""
    parser = argparse.ArgumentParser(description="Time import, help and a whole backtest.")
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    parser.add_argument("--repeats", type=int, default=15)
    given = parser.parse_args()
    runs = harness.interleave({name: command(words) for name, words in COMMANDS.items()}, given.repeats)
    median = {name: statistics.median(run[""].seconds for run in results) for name, results in runs.items()}
    rows = [harness.Row(name, 1, median[name], median[peer], peer) for name, peer in COMPARED.items()]
    for row in rows:
        print(f"{row.case}: {row.ours * 1e3:.0f} ms, {row.ours / row.peer:.2f} times {row.peer_name}")
    if given.json:
        print(harness.document("startup", rows))


if __name__ == "__main__":
    main()
