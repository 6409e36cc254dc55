"""Many series with a network each, from file to file, in parts: what run.py starts.

The parts of the time are those of reading into memory, fitting, forecasting and writing, a call each. --recipe names
what is fitted; "shared" is what a shared recipe that is trained already costs, which is forecasting alone: here five
networks of two layers of 32 units, run over the last 24 values of every series.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

import statecast as sc
from _side import peak_mib
from statecast.network import Spec, initialise, run_batched
from statecast.series import Forecast, Origin, Panel
from statecast.storage import TableWriter

Result = TypeVar("Result")

HORIZON, WINDOW, MEMBERS = 12, 24, 5


@dataclass(frozen=True, eq=False)
class Shared:
    """Stands in for a shared recipe that is trained already, as a recipe whose ``fit`` trains nothing."""

    panel: Panel | None = None

    def fit(self, data: Panel, *, threads: int) -> Shared:
        """Take the panel."""
        return Shared(data)

    def forecast(self, horizon: int) -> Forecast:
        """Run five networks over the centred logs; their last outputs are the values ahead."""
        assert self.panel is not None  # fitted
        panel, origin = self.panel, Origin.of(self.panel)
        recent = np.log(panel.values[panel.offsets[1:, np.newaxis] + np.arange(-WINDOW, 0)])
        level = recent.mean(axis=1, keepdims=True)
        spec = Spec(inputs=1, units=32, layers=2, outputs=horizon)
        outputs = [run_batched(initialise(spec, seed), recent - level)[0][:, -1] for seed in range(MEMBERS)]
        by_member = np.exp(np.stack(outputs, axis=1) + level[:, np.newaxis])
        return Forecast(origin.ids, origin.times(horizon), by_member.mean(axis=1), by_member)


RECIPES: dict[str, Callable[[int], Any]] = {
    "classic": lambda epochs: sc.classic(units=4, epochs=epochs),
    "auto": lambda _: sc.auto(),
    "shared": lambda _: Shared(),
}


def main() -> None:
    """Read, fit, forecast, write; print the seconds of each, and those of all cores."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recipe", choices=RECIPES, required=True)
    for name in ("epochs", "threads"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args()
    recipe = RECIPES[given.recipe](given.epochs)
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
    fitted = part("fit", lambda: recipe.fit(panel, threads=given.threads))
    ahead = part("forecast", lambda: fitted.forecast(HORIZON))
    part("write", write)
    print(json.dumps({"parts": parts, "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main()
