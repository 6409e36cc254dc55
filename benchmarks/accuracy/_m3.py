"""The subsets of the M3 competition, and how they are cut into training and test parts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

REPOSITORY = Path(__file__).resolve().parents[2]
SUBSETS = {"monthly": (18, 12), "quarterly": (8, 4), "yearly": (6, 1), "other": (8, 1)}  # horizon, season


def load(folder: Path, subset: str, held_out: bool) -> pd.DataFrame:
    """Return unique_id, ds, y and split; with held_out the training parts alone, their ends as the test."""
    table = pd.read_parquet(REPOSITORY / folder / f"{subset}.parquet")[["unique_id", "ds", "y", "split"]]
    return held_out_ends(table, SUBSETS[subset][0]) if held_out else table


def held_out_ends(table: pd.DataFrame, horizon: int) -> pd.DataFrame:
    """Return the training parts alone, the last ``horizon`` steps of each for the test."""
    train = table[table.split == "train"]
    ends = train.groupby("unique_id").cumcount(ascending=False) < horizon
    return train.assign(split=ends.map({True: "test", False: "train"}))
