"""How often rows are flagged and a refit is advised, on simulated series that go on as before, or change.

    python benchmarks/accuracy/watch/run.py [--series 200] [--json]

The automatic recipe is fitted to 180 rows of each series and updated row by row over 200 more; staleness is asked for
after every one. Change comes after 100 of them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import statecast as sc
from statecast.intervals import CHANCE

Array = NDArray[np.float64]

HISTORY, LATER, CHANGE, SEASON = 180, 200, 100, 12
SD = 3.0  # of the noise
OUTLIERS = (4.0, 6.0, 8.0)  # standard deviations of the noise
LEVELS = (80.0, 95.0, 99.0)


def autoregressive(rng: np.random.Generator, size: int) -> Array:
    """Return values of which seven tenths go on."""
    return 100 + follow(0.7, SD * rng.standard_normal((size, HISTORY + LATER)))


def seasonal(rng: np.random.Generator, size: int) -> Array:
    """Return a season of 12, a level that wanders, and noise."""
    steps = HISTORY + LATER
    season = np.tile(rng.normal(0, 8, (size, SEASON)), steps // SEASON + 1)[:, :steps]
    level = 100 + rng.normal(0, 0.3, (size, steps)).cumsum(axis=1)
    return np.asarray(level + season + SD * rng.standard_normal((size, steps)))


def restless(rng: np.random.Generator, size: int) -> Array:
    """Return noise that is calm and wild in turn, as returns of stocks are (GARCH): 0.05, 0.1 and 0.85."""
    noise, variance = np.empty((size, HISTORY + LATER)), np.full(size, SD**2)
    for step in range(HISTORY + LATER):
        noise[:, step] = np.sqrt(variance) * rng.standard_normal(size)
        variance = 0.05 * SD**2 + 0.1 * noise[:, step] ** 2 + 0.85 * variance
    return np.asarray(100 + noise)


def heavy(rng: np.random.Generator, size: int) -> Array:
    """Return noise with far outliers of its own: Student's t with 3 degrees of freedom."""
    return np.asarray(100 + SD * rng.standard_t(3, (size, HISTORY + LATER)) / np.sqrt(3))


def follow(share: float, noise: Array) -> Array:
    """Return an autoregression of this noise."""
    values = np.empty_like(noise)
    values[:, 0] = noise[:, 0] / np.sqrt(1 - share**2)
    for step in range(1, noise.shape[1]):
        values[:, step] = share * values[:, step - 1] + noise[:, step]
    return values


KINDS: Mapping[str, Callable[[np.random.Generator, int], Array]] = {
    "autoregression": autoregressive,
    "season and noise": seasonal,
    "calm and wild in turn": restless,
    "heavy tails": heavy,
}


def louder(values: Array) -> Array:
    """Return what is twice as far from its mean."""
    return np.asarray(values + (values - values.mean(axis=1, keepdims=True)))


def moved(values: Array) -> Array:
    """Return what is four standard deviations of the noise higher."""
    return values + 4 * SD


def turned(values: Array) -> Array:
    """Return the season half a season later."""
    return np.roll(values, SEASON // 2, axis=1)


CHANGES: Mapping[str, tuple[str, Callable[[Array], Array]]] = {
    "autoregression, twice as loud": ("autoregression", louder),
    "autoregression, level moved by 4 sd": ("autoregression", moved),
    "season half a season late": ("season and noise", turned),
}


@dataclass(frozen=True)
class Followed:
    """What was said after each of the later rows: score by level, whether stale, of every series, each [S, LATER]."""

    outside: Mapping[float, NDArray[np.bool_]]
    stale: NDArray[np.bool_]


def fit(values: Array) -> sc.recipes.FittedAuto:
    """Fit the automatic recipe to the history, each series on its own."""
    size = len(values)
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat([f"{s:04}" for s in range(size)], HISTORY),
            "ds": np.tile(np.arange(HISTORY), size),
            "y": values[:, :HISTORY].ravel(),
        }
    )
    return sc.auto(horizon=SEASON).fit(sc.read(frame, season=SEASON), threads=2)


def follow_on(fitted: sc.recipes.FittedAuto, later: Array) -> Followed:
    """Take in the later rows one by one, and ask after each."""
    outside: dict[float, list[NDArray[np.bool_]]] = {level: [] for level in LEVELS}
    stale = []
    for row in later.T:
        fitted = fitted.update(row)
        for level in LEVELS:
            outside[level].append(fitted.watch.rows(level).unusual[:, 0])
        stale.append(fitted.watch.health().series.is_stale(CHANCE))
    return Followed({level: np.stack(found, axis=1) for level, found in outside.items()}, np.stack(stale, axis=1))


def planted(fitted: sc.recipes.FittedAuto, later: Array, size: float) -> float:
    """Return the share of single rows moved by so much that are flagged at 99 %."""
    found = []
    for step in range(20):
        outlier = later[:, step] + size * np.where(step % 2, 1, -1)
        found.append(fitted.update(outlier).watch.rows().unusual[:, 0])
        fitted = fitted.update(later[:, step])
    return float(np.mean(found))


def main() -> None:
    """Simulate, and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", type=int, default=200, help="of each kind")
    parser.add_argument("--json", action="store_true", help="print one document at the end")
    given = parser.parse_args()
    document: dict[str, object] = {"benchmark": "watch", "series": given.series}
    fits, values = {}, {}
    for name, simulate in KINDS.items():
        values[name] = simulate(np.random.default_rng(1), given.series)
        fits[name] = fit(values[name])
        later = values[name][:, HISTORY:]
        followed = follow_on(fits[name], later)
        rates = {f"{level:g}": 100 * float(found.mean()) for level, found in followed.outside.items()}
        found = {f"{size:g}": 100 * planted(fits[name], later, size * SD) for size in OUTLIERS}
        once = 100 * float(followed.stale[:, CHANGE - 1].mean())
        ever = 100 * float(followed.stale.any(axis=1).mean())
        document[name] = {"outside": rates, "planted": found, "stale_once": once, "stale_ever": ever}
        said = ", ".join(f"{rate:.2f} % outside {level} %" for level, rate in rates.items())
        hits = ", ".join(f"{share:.0f} % of {size} sd" for size, share in found.items())
        print(
            f"{name}: {said}; planted outliers found: {hits}; refit advised without a change: {once:.1f} % of series ",
            end="",
        )
        print(f"asked once after {CHANGE} rows, {ever:.1f} % asked after each of {LATER}")
    for name, (kind, change) in CHANGES.items():
        later = values[kind][:, HISTORY:].copy()
        later[:, CHANGE:] = change(later[:, CHANGE:])
        stale = follow_on(fits[kind], later).stale[:, CHANGE:]
        within = {rows: 100 * float(stale[:, :rows].any(axis=1).mean()) for rows in (12, 25, 50, 100)}
        document[name] = {"refit_within": within}
        print(f"{name}: refit advised within " + ", ".join(f"{n} rows in {share:.0f} %" for n, share in within.items()))
    if given.json:
        print(json.dumps(document))


if __name__ == "__main__":
    main()
