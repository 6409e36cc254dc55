"""Time reading and writing of model files of 10 members, and weigh the files against their arrays.

    python benchmarks/speed/load/run.py [--json]

Against pickle, which runs whatever a file says, and against safetensors reading and writing the same arrays alone.
Asked: a load of at most 5 ms after the imports, a file of at most 1.2 times its arrays and 8 KiB. Fresh processes, the
best counts.
"""

from __future__ import annotations

import pickle
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import _harness as harness
import _results as results
import statecast as sc
from _side import Spent, Ways
from statecast.series import Recipe
from statecast.storage import read_archive

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "airline_passengers.csv"
RECIPES: dict[str, Recipe] = {
    "classic": sc.classic(units=16, members=10, epochs=50),
    "auto": sc.auto(members=10),
    "shared": sc.shared(members=10, epochs=5),
}
MOST_SECONDS = 5e-3
OURS = "statecast"


@dataclass(frozen=True)
class Measured:
    """A model file: seconds of a load, of the first load in a process, and of a save; bytes of it and of its arrays."""

    case: str
    load: float
    first_load: float
    save: float
    file: int
    arrays: int

    @classmethod
    def of(cls, case: str, path: Path, ways: Ways) -> Measured:
        """Weigh a file, beside the time that it takes."""
        load, save = ways[f"{OURS} load"], ways[f"{OURS} save"]
        arrays = sum(array.nbytes for array in read_archive(path).arrays.values())
        return cls(case, load.seconds, load.once, save.seconds, path.stat().st_size, arrays)

    def __str__(self) -> str:
        """Say it beside what is asked for."""
        return (
            f"{self.case}: load {self.load * 1e3:.2f} ms, the first one {self.first_load * 1e3:.2f} ms (at most "
            f"{MOST_SECONDS * 1e3:.0f}); save {self.save * 1e3:.2f} ms; {self.file:,} bytes, {self.arrays:,} of them "
            f"arrays (at most {1.2 * self.arrays + 8192:,.0f})"
        )


def make(folder: Path, name: str) -> Path:
    """Write a model file, and the same model as pickle has it beside it."""
    path = folder / f"{name}.statecast"
    RECIPES[name].fit(str(EXAMPLE)).save(path)
    path.with_suffix(".pickle").write_bytes(pickle.dumps(sc.load(path)))
    return path


def side(path: Path) -> Callable[[], Ways]:
    """Return the side that reads and writes a file in a fresh process, in all ways."""

    def run() -> Ways:
        ways = harness.report_of([sys.executable, "-m", "load.ours", path])["ways"]
        return {way: Spent(line["seconds"], line["once"], tuple(line["check"])) for way, line in ways.items()}

    return run


def main() -> None:
    """Run all cases and print the tables."""
    given = harness.options("Time reading and writing of model files.").parse_args()
    harness.use_cores(1)
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: make(Path(folder), name) for name in RECIPES}
        fastest = {name: harness.compare({name: side(path)}, given.repeats)[name] for name, path in paths.items()}
        measured = [Measured.of(name, path, fastest[name]) for name, path in paths.items()]
    print(*measured, sep="\n")
    rows = [
        row
        for name, ways in fastest.items()
        for verb in ("load", "save")
        for row in compared(f"{name}, {verb}", verb, ways)
    ]
    results.show(rows, f"Best of {given.repeats}.")
    if given.json:
        print(results.document("load", [*measured, *rows]))


def compared(case: str, verb: str, ways: Ways) -> list[results.Row]:
    """Return our time for a verb beside that of every other way."""
    others = {way.removesuffix(f" {verb}"): spent for way, spent in ways.items() if way.endswith(verb)}
    ours = others.pop(OURS)
    return [results.Row(case, 1, ours.seconds, spent.seconds, name) for name, spent in others.items()]


if __name__ == "__main__":
    main()
