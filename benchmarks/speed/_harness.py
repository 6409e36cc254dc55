"""How every run.py has the work done: options, cores, peers' environments, sides in turn, whether they agree."""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from _side import Spent, Ways

SPEED = Path(__file__).resolve().parent
REPOSITORY = SPEED.parents[1]
PEERS = ("pytorch", "jax", "keras")
ALL_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []  # Linux alone tells
TOLERANCE = 1e-4  # how far, relatively, results of the sides may lie apart

Side = Callable[[], Ways]


def note(text: str) -> None:
    """Say something beside the results."""
    print(text, file=sys.stderr, flush=True)


def at_least_one(text: str) -> int:
    """Read a number of the command line."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text}")
    return int(text)


def numbers(text: str) -> list[int]:
    """Read comma-separated numbers of the command line."""
    return [at_least_one(part) for part in text.split(",")]


def options(description: str, *, repeats: int | None = 5, peers: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return the options that scenarios share; those of a scenario can be added."""

    def chosen(text: str) -> list[str]:
        names = [] if text == "none" else text.split(",")
        if unknown := sorted(set(names) - set(peers)):
            raise argparse.ArgumentTypeError(f"expected some of {', '.join(peers)}, or none; got {', '.join(unknown)}")
        return names

    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    if repeats:
        parser.add_argument("--repeats", type=at_least_one, default=repeats, help="fresh processes a side")
    if peers:
        parser.add_argument("--peers", type=chosen, default=list(peers), help="comma-separated, or none")
        parser.add_argument(
            "--env-root",
            type=Path,
            default=REPOSITORY / "benchmarks" / ".envs",
            help="folder in which each peer's environment is made on first use",
        )
    return parser


def use_cores(threads: int) -> None:
    """Hold this process and all that it starts to ``threads`` cores, the same for every side.

    TensorFlow and XLA make a thread for each core that the process may use, where the system tells; PyTorch goes by
    OMP_NUM_THREADS.
    """
    for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "NPROC"):
        os.environ[name] = str(threads)
    if ALL_CORES:
        if threads > len(ALL_CORES):
            raise SystemExit(f"--threads: expected at most {len(ALL_CORES)}, the cores of this machine, got {threads}")
        os.sched_setaffinity(0, ALL_CORES[-threads:])


def environment(root: Path, name: str) -> Path:
    """Return the Python of a peer's own environment, made with venv and pip if missing or out of date."""
    requirements = SPEED / "requirements" / f"{name}.txt"
    folder, wanted = root.absolute() / name, requirements.read_text()
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    done = folder / "installed.txt"  # written last, so an installation that broke off is done again
    if not done.exists() or done.read_text() != wanted:
        note(f"{name}: making its environment in {folder}")
        if not python.exists():
            venv.create(folder, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "-r", str(requirements)]
        if subprocess.run(pip, stdout=sys.stderr, check=False).returncode != 0:
            raise SystemExit(f"{name}: pip could not install {requirements}; leave it out with --peers")
        done.write_text(wanted)
    return python


def output_of(command: Sequence[str | Path]) -> str:
    """Run a command in a fresh process and return what it prints; if it fails, stop with what it says."""
    words = [str(part) for part in command]
    fresh = os.environ | {"TORCHINDUCTOR_FORCE_DISABLE_CACHES": "1"}  # or only the first process would compile
    done = subprocess.run(words, cwd=SPEED, env=fresh, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)} failed with exit code {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def report_of(command: Sequence[str | Path]) -> dict[str, Any]:
    """Run a command and return the JSON document of its last line."""
    document: dict[str, Any] = json.loads(output_of(command).splitlines()[-1])
    return document


def run_module(python: str | Path, module: str, given: Mapping[str, int]) -> dict[str, Any]:
    """Run a module in this folder with options; run so, a file may have the name of the package that it is about."""
    words = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    return report_of([python, "-m", module, *words])


def side(python: str | Path, module: str, given: Mapping[str, int], times: float = 1) -> Side:
    """Return the side that runs a module in a fresh process, its seconds reckoned up to so many times the work."""

    def run() -> Ways:
        ways = run_module(python, module, given)["ways"]
        return {way: Spent(line["seconds"] * times, line["once"], tuple(line["check"])) for way, line in ways.items()}

    return run


def interleave(sides: Mapping[str, Side], repeats: int) -> dict[str, list[Ways]]:
    """Call every side in turn, ``repeats`` times over, so that a slow spell of the machine meets them all."""
    results: dict[str, list[Ways]] = {name: [] for name in sides}
    for turn in range(repeats):
        for name, call in sides.items():
            note(f"{turn + 1}/{repeats} {name}")
            results[name].append(call())
    return results


def best(results: Mapping[str, list[Ways]]) -> dict[str, Ways]:
    """Return for every side and every way its fastest run."""
    return {
        name: {way: min((run[way] for run in runs), key=lambda spent: spent.seconds) for way in runs[0]}
        for name, runs in results.items()
    }


def compare(sides: Mapping[str, Side], repeats: int) -> dict[str, Ways]:
    """Run all sides in turn and return the fastest run of each; stop if their results are not the same."""
    fastest = best(interleave(sides, repeats))
    runs = ((f"{name}, {way}", spent.check) for name, ways in fastest.items() for way, spent in ways.items())
    (first, expected), *others = (run for run in runs if run[1])
    for other, got in others:
        if not all(math.isclose(a, b, rel_tol=TOLERANCE) for a, b in zip(got, expected, strict=True)):
            raise SystemExit(f"the sides do not do the same work: {first} gives {expected}, {other} {got}")
    return fastest
