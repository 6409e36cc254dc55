"""Many series with a network each, from file to file, in parts: what run.py starts.

The parts of the time are those of reading into memory, fitting, forecasting and writing, a call each. --recipe names
what is fitted; "shared" is a shared recipe that is trained already, on a hundred of the series, so that its fit
adjusts every series and runs the networks over it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

import statecast as sc
from _side import peak_mib
from statecast.series import Panel, Recipe
from statecast.storage import TableWriter

Result = TypeVar("Result")

HORIZON = 12


RECIPES = ("classic", "auto", "shared")


def chosen(name: str, epochs: int, panel: Panel) -> Recipe:
    """Return a recipe; the shared one is trained here, and its time does not count."""
    if name == "shared":
        return sc.shared(horizon=HORIZON, epochs=1).fit(panel.select(np.arange(100))).pretrained
    return sc.classic(units=4, epochs=epochs) if name == "classic" else sc.auto()


def main() -> None:
    """Read, fit, forecast, write; print the seconds of each, and those of all cores."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recipe", choices=RECIPES, required=True)
    for name in ("epochs", "threads"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args()
    parts: dict[str, dict[str, float]] = {}

    def part(name: str, call: Callable[[], Result]) -> Result:
        start, cpu = time.perf_counter(), time.process_time()
        result = call()
        parts[name] = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
        return result

    def write() -> None:
        with TableWriter(given.out) as writer:
            writer.write(ahead.to_arrow())

    panel = part("read", lambda: sc.read(given.data))
    recipe = chosen(given.recipe, given.epochs, panel)
    fitted = part("fit", lambda: recipe.fit(panel, threads=given.threads))
    ahead = part("forecast", lambda: fitted.forecast(HORIZON))
    part("write", write)
    print(json.dumps({"parts": parts, "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main()
