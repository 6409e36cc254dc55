"""Panels that the benchmarks make: Parquet files of monthly series, in row groups."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

POINTS = 100  # of each series
SERIES_OF_A_GROUP = 1000


def write_panel(path: Path, series: int) -> None:
    """Write unique_id, ds and y of so many series of 100 points: a walk and a season of 12, 1,000 in a row group."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    ds = pd.date_range("2015-01-01", periods=POINTS, freq="MS").to_numpy().astype("datetime64[us]")
    wave = 10 * np.sin(2 * np.pi * np.arange(POINTS) / 12)
    schema = pa.schema([("unique_id", pa.string()), ("ds", pa.timestamp("us")), ("y", pa.float64())])
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, series, SERIES_OF_A_GROUP):
            count = min(SERIES_OF_A_GROUP, series - first)
            walks = np.random.default_rng([1, first]).normal(size=(count, POINTS)).cumsum(axis=1)
            ids = pa.array([f"s{number:09d}" for number in range(first, first + count)])
            columns = [ids.take(pa.array(np.repeat(np.arange(count), POINTS))), np.tile(ds, count)]
            writer.write_table(pa.table([*columns, (100 + wave + walks).ravel()], schema=schema))


if __name__ == "__main__":
    write_panel(Path(sys.argv[1]), int(sys.argv[2]))
