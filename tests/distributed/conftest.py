"""Panels of many short series for runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes a cluster as slow, and let the engines' own warnings pass."""
    for item in items:
        if "cluster" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"))
            item.add_marker(pytest.mark.filterwarnings("ignore:.*ray_remote_args:DeprecationWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))


def start_dask() -> Iterator[object]:
    """Start Dask with two workers, each a process."""
    distributed = pytest.importorskip("dask.distributed")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs="CRITICAL"
    )
    with cluster, distributed.Client(cluster) as client:
        yield client


def start_ray() -> Iterator[object]:
    """Start Ray with two workers."""
    ray = pytest.importorskip("ray")
    yield ray.init(
        "local",
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="CRITICAL",
        _node_ip_address="127.0.0.1",
    )
    ray.shutdown()


def start_spark() -> Iterator[object]:
    """Start Spark with two workers; a task is tried four times."""
    sql = pytest.importorskip("pyspark.sql")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = sql.SparkSession.builder.master("local[2,4]")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.log.level": "OFF",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session", params=["dask", "ray", "spark"])
def cluster(request) -> Iterator[object]:
    """Start a cluster of two workers on this machine; give its client, context or session."""
    pytest.importorskip("fugue")
    yield from {"dask": start_dask, "ray": start_ray, "spark": start_spark}[request.param]()
