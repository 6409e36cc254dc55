"""Time 10,000 series of 100 points with a network each on Dask, Ray and Spark, beside one machine without them.

    python benchmarks/speed/cluster/run.py [--json] [--series 10000] [--workers 2] [--engines dask,ray,spark]

In an environment with ``statecast[dask,ray,spark]``, and Java. The classic recipe, 4 units and 300 epochs; the panel is
in memory, and so is the forecast in the end. Every engine is started on this machine with as many workers as the other
side has threads; starting it, and a first small run in which the workers load their packages, are timed apart. The two
sides take turns in one process, the best of each counts, and both must give the same bits.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np

import _harness as harness
import _results as results
import statecast as sc
from statecast.distributed import Run, fit_forecast
from statecast.series import Panel

ENGINES = ("dask", "ray", "spark")
POINTS, HORIZON, FIRST = 100, 12, 64
RECIPE = sc.classic(units=4, epochs=300)


@dataclass(frozen=True)
class Row:
    """Seconds of a run on one machine and on an engine; of starting it, and of its first small run."""

    engine: str
    series: int
    workers: int
    alone: float
    spread: float
    start: float
    first: float
    overhead: float
    load: float


def panel_of(series: int) -> Panel:
    """Make monthly series: a walk and a season of 12."""
    import pandas as pd

    walks = np.random.default_rng(1).normal(size=(series, POINTS)).cumsum(axis=1)
    wave = 10 * np.sin(2 * np.pi * np.arange(POINTS) / 12)
    stamps = pd.date_range("2015-01-01", periods=POINTS, freq="MS")
    ids = np.repeat([f"s{number:06}" for number in range(series)], POINTS)
    frame = pd.DataFrame({"unique_id": ids, "ds": np.tile(stamps, series), "y": (100 + wave + walks).ravel()})
    return sc.read(frame)


@contextmanager
def started(engine: str, workers: int) -> Iterator[object]:
    """Start an engine on this machine."""
    if engine == "dask":
        from dask.distributed import Client, LocalCluster

        with (
            LocalCluster(
                n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs="ERROR"
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
    elif engine == "ray":
        import ray

        yield ray.init("local", num_cpus=workers, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
        ray.shutdown()
    else:
        from pyspark.sql import SparkSession

        os.environ["PYSPARK_PYTHON"] = sys.executable
        builder = SparkSession.builder.master(f"local[{workers},4]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.ui.showConsoleProgress", "false")
        session = builder.config("spark.driver.host", "127.0.0.1").config("spark.log.level", "ERROR").getOrCreate()
        yield session
        session.stop()


def timed(panel: Panel, threads: int, engine: object = None) -> tuple[float, Run]:
    """Return the seconds of a run, and what came of it."""
    begun = perf_counter()
    run = fit_forecast(panel, RECIPE, horizon=HORIZON, threads=threads, engine=engine)
    return perf_counter() - begun, run


def compare(engine: str, given: argparse.Namespace, panel: Panel) -> Row:
    """Time both sides in turn."""
    load = os.getloadavg()[0]
    begun = perf_counter()
    with started(engine, given.workers) as handle:
        start = perf_counter() - begun
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        first, _ = timed(panel.select(np.arange(FIRST)), given.workers, handle)
        pairs = []
        for _ in range(given.repeats):
            (alone, one), (spread, other) = timed(panel, given.workers), timed(panel, given.workers, handle)
            assert one.forecast is not None
            assert other.forecast is not None
            if not np.array_equal(one.forecast.mean, other.forecast.mean):
                raise SystemExit(f"{engine}: the forecasts differ")
            pairs.append((alone, spread))
    alone, spread = (min(seconds) for seconds in zip(*pairs, strict=True))
    return Row(engine, len(panel), given.workers, alone, spread, start, first, spread / alone - 1, load)


def main() -> None:
    """Run all engines and print what they add."""
    parser = harness.options("Time many series on Dask, Ray and Spark.", repeats=3)
    parser.add_argument("--series", type=harness.at_least_one, default=10_000)
    parser.add_argument("--workers", type=harness.at_least_one, default=2)
    parser.add_argument("--engines", type=lambda text: text.split(","), default=list(ENGINES))
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    harness.use_cores(given.workers)
    panel = panel_of(given.series)
    rows = []
    for engine in given.engines:
        rows.append(row := compare(engine, given, panel))
        print(
            f"{engine}: {row.spread:.2f} s, on one machine {row.alone:.2f} s: {row.overhead:+.0%}; "
            f"started in {row.start:.1f} s, first small run {row.first:.1f} s; load before {row.load:.1f}"
        )
    if given.json:
        print(results.document("cluster", rows))


if __name__ == "__main__":
    main()
