"""Time what a user waits for: import, --help, a whole backtest, a whole forecast, against the imports of others alone.

    python benchmarks/speed/startup/run.py [--json]

Fresh processes in turn; the median counts, since start-up varies more than it is ever lucky.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results
from _side import Spent, Ways

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "sales_year.csv"
STATECAST = str(Path(sys.executable).parent / "statecast")
PICTURE = "forecast.png"  # in a folder that goes away
PANDAS, BOTH = "python -c 'import pandas'", "python -c 'import pandas, matplotlib.pyplot'"
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    PANDAS: [sys.executable, "-c", "import pandas"],
    BOTH: [sys.executable, "-c", "import pandas, matplotlib.pyplot"],
    "import statecast": [sys.executable, "-c", "import statecast"],
    "statecast --help": [STATECAST, "--help"],
    "statecast backtest": [
        STATECAST, "backtest", str(EXAMPLE), "--recipe", "classic", "--epochs", "3000",
    ],
    "statecast forecast --plot": [STATECAST, "forecast", str(EXAMPLE), "--plot", PICTURE],
}  # fmt: skip
COMPARED = {
    "import statecast": "python -c pass",
    "statecast --help": PANDAS,
    "statecast backtest": PANDAS,
    "statecast forecast --plot": BOTH,
}


def command(words: list[str], folder: str) -> Callable[[], Ways]:
    """Return the side that runs a command in a folder."""

    def side() -> Ways:
        start = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        return {"": Spent(time.perf_counter() - start)}

    return side


def main() -> None:
    """Run all commands and print the table."""
    given = harness.options("Time import, help, a backtest and a forecast.", repeats=15).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs = harness.interleave({name: command(words, folder) for name, words in COMMANDS.items()}, given.repeats)
    median = {name: statistics.median(run[""].seconds for run in turns) for name, turns in runs.items()}
    rows = [results.Row(name, 1, median[name], median[peer], peer) for name, peer in COMPARED.items()]
    for row in rows:
        print(f"{row.case}: {row.ours * 1e3:.0f} ms, {row.ours / row.peer:.2f} times {row.peer_name}")
    if given.json:
        print(results.document("startup", rows))


if __name__ == "__main__":
    main()
