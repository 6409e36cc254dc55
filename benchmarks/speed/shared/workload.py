"""What all sides of the shared scenario do: one network for a panel like M3's monthly one; for all environments.

A side reads the Parquet file, trains one LSTM on windows of the logged series, each centred on its mean, forecasts and
writes unique_id, step and mean. There are two ways. Direct: a window's last ``horizon`` steps give the next ``horizon``
values, absolute loss, as neuralforecast has it. Recursive: every step gives the next value, squared loss, and
forecasts are fed back, as darts has it. As it comes: what the library does that is told the horizon and no more.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SERIES, SHORTEST, LONGEST = 1428, 48, 126  # of the training parts of M3, monthly
HORIZON, WINDOW, LAYERS, BATCH = 18, 24, 2, 128
LEARNING_RATE = 1e-3


@dataclass(frozen=True)
class Given:
    """What the command line says: files, and the size of the work."""

    data: Path
    out: Path
    units: int
    updates: int
    threads: int
    way: str


def given() -> Given:
    """Read the command line."""
    parser = argparse.ArgumentParser()
    for name in ("data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("units", "updates", "threads"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--way", choices=("direct", "recursive", "as_it_comes"), default="direct")
    return Given(**vars(parser.parse_args()))


def panel(series: int = SERIES) -> tuple[list[str], list[np.ndarray]]:
    """Return ids and values of series with a trend, a season of 12 and noise, all above zero; the last 18 to test."""
    rng = np.random.default_rng(1)
    ids, values = [], []
    for number in range(series):
        steps = np.arange(rng.integers(SHORTEST, LONGEST + 1) + HORIZON)
        season = rng.uniform(0, 0.3) * np.sin(2 * np.pi * (steps / 12 + rng.random()))
        walk = np.cumsum(rng.normal(rng.normal(0, 0.003), 0.03, len(steps)))
        values.append(np.exp(rng.uniform(6, 9) + season + walk + rng.normal(0, 0.03, len(steps))))
        ids.append(f"s{number}")
    return ids, values


def windows(logs: np.ndarray, offsets: np.ndarray, updates: int, ahead: int) -> np.ndarray:
    """Draw windows of the centred logs, as many as all updates take: [updates * 128, 24 + ahead].

    Series s is ``logs[offsets[s]:offsets[s + 1]]``.
    """
    rng = np.random.default_rng(1)
    size = WINDOW + ahead
    chosen = rng.integers(len(offsets) - 1, size=updates * BATCH)
    begins = offsets[chosen] + rng.integers(np.diff(offsets)[chosen] - size + 1)
    return np.asarray(logs[begins[:, np.newaxis] + np.arange(size)], np.float32)
