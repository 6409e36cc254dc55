"""Panels of many short series for runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


def table(lengths: dict[str, int], seed: int = 1) -> pd.DataFrame:
    """Return a long monthly table of seasonal series with trends; all series end with the same month."""
    rng = np.random.default_rng(seed)
    stamps = pd.date_range("2000-01-01", periods=max(lengths.values()), freq="MS")
    frames = []
    for name, length in lengths.items():
        t = np.arange(length)
        y = 100 + rng.normal(0, 1) * t + 20 * np.sin(2 * np.pi * t / 12) + rng.normal(0, 5, length)
        frames.append(pd.DataFrame({"unique_id": name, "ds": stamps[len(stamps) - length :], "y": np.abs(y).round(2)}))
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="session")
def mixed() -> pd.DataFrame:
    """Return 12 series, three of them too short for the recipes: b of 1, e of 2 and h of 2 observations."""
    lengths = dict(zip("abcdefghijkl", (40, 1, 30, 36, 2, 50, 14, 2, 25, 36, 60, 30), strict=True))
    return table(lengths)


@pytest.fixture(scope="session")
def many() -> pd.DataFrame:
    """Return 240 series of 8 to 47 observations, every 40th of them of a single one."""
    return table({f"s{k:03}": 1 if k % 40 == 7 else 8 + k % 40 for k in range(240)}, seed=2)
