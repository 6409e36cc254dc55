"""Clusters: the one that a user names, started on this machine where there is none."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from statecast.checks import choice, cores
from statecast.distributed._address import NO_CONNECT, PATIENCE, check_address, unreachable
from statecast.errors import ParameterError

KINDS = ("dask", "ray", "spark")
"""The kinds of clusters, which are also the names of the extras that bring them."""

_PACKAGES = {"dask": "dask", "ray": "ray", "spark": "pyspark"}
_OF_PACKAGE = {"dask": "dask", "distributed": "dask", "ray": "ray", "pyspark": "spark"}
_LOST = 4  # Spark tries a task so many times where it is the machine itself; elsewhere that is its own default


@dataclass(frozen=True, eq=False)
class Cluster:
    """A cluster that answers.

    Attributes
    ----------
    kind : {"dask", "ray", "spark"}
    engine : fugue.ExecutionEngine
        As Fugue takes it.
    workers : int
        Tasks that it does at the same time.
    lasts : bool
        Whether it was there before, and stays.
    """

    kind: str
    engine: Any
    workers: int
    lasts: bool


def kind_of(engine: object) -> str:
    """Return the kind of a cluster by its name, or that of a client, session, context or table of it.

    Raises
    ------
    ParameterError
        If there is no such kind, or its packages are not installed.
    """
    if isinstance(engine, str):
        kind = choice("engine", engine, KINDS)
    else:
        name = getattr(engine, "__name__", None) if isinstance(engine, type(sys)) else type(engine).__module__
        found = _OF_PACKAGE.get(str(name).partition(".")[0])
        if found is None:
            raise ParameterError(
                f"engine must be one of {', '.join(KINDS)}, or a client or session of them, got {engine!r}."
            )
        kind = found
        if type(engine).__module__.startswith("pyspark.sql.connect."):
            raise ParameterError(f"engine: {NO_CONNECT}")
    for package in ("fugue", _PACKAGES[kind]):
        if find_spec(package) is None:
            raise ParameterError(f"engine {kind} takes the package {package}: pip install 'statecast[{kind}]'.")
    return kind


@contextmanager
def connect(engine: object, address: str | None = None) -> Iterator[Cluster]:
    """Connect to a cluster for a while.

    A client or session is used as it is, and so is one that is active already; else one is made for the address; else
    a cluster is started on this machine, a worker a core. What is made or started here is closed at the end.

    Parameters
    ----------
    engine : str or object
        Its kind; or a Dask client, a Spark session, what ``ray.init`` returns, or the module ``ray``.
    address : str, optional
        Such as tcp://host:8786 for Dask, ray://host:10001 for Ray, spark://host:7077 for Spark.

    Raises
    ------
    ParameterError
        If it is not installed or does not answer.
    """
    kind = kind_of(engine)
    check_address(kind, address)
    try:
        handle, close = _MAKE[kind](None if isinstance(engine, str) else engine, address)
    except Exception as error:  # every engine has its own
        if address is None:
            raise
        raise unreachable(kind, address, str(error).partition("\n")[0]) from None
    try:
        from fugue import make_execution_engine

        made = make_execution_engine(handle)
        with _manner(kind):
            yield Cluster(kind, made, max(made.get_current_parallelism(), 1), close is _leave)
    finally:
        close()


@contextmanager
def _manner(kind: str) -> Iterator[None]:
    """Keep Dask from taking bytes for text, and Ray from holding workers back for later steps, and from talking."""
    if kind == "dask":
        import dask

        with dask.config.set({"dataframe.convert-string": False}):
            yield
    elif kind == "ray":
        from ray.data import DataContext

        context, log = DataContext.get_current(), logging.getLogger("ray.data")
        before, level = context.op_resource_reservation_enabled, log.level
        context.op_resource_reservation_enabled = False
        log.setLevel(max(level, logging.ERROR))
        try:
            yield
        finally:
            context.op_resource_reservation_enabled = before
            log.setLevel(level)
    else:
        yield


Made = tuple[object, Callable[[], object]]
"""What Fugue makes its engine of, and what closes it."""


def _dask(given: object, address: str | None) -> Made:
    from dask.distributed import Client, LocalCluster, default_client

    if given is not None:
        return given, _leave
    if address is not None:
        client = Client(address, timeout=PATIENCE)
        return client, client.close
    try:
        return default_client(), _leave
    except ValueError:
        pass
    cluster = LocalCluster(
        n_workers=cores(), threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs="ERROR"
    )
    client = Client(cluster)

    def close() -> None:
        client.close()
        cluster.close()

    return client, close


def _ray(given: object, address: str | None) -> Made:
    import ray

    if ray.is_initialized():
        return "ray", _leave
    local: dict[str, Any] = {
        "num_cpus": cores(),
        "include_dashboard": False,
        "_node_ip_address": "127.0.0.1",
    }
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    ray.init(
        address=address or "local",
        log_to_driver=False,
        logging_level="ERROR",
        **({} if address else local),
    )
    return "ray", ray.shutdown


def _spark(given: object, address: str | None) -> Made:
    from pyspark.sql import SparkSession

    if (there := given or SparkSession.getActiveSession()) is not None:
        return there, _leave
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("statecast")
    builder = builder.master(address or f"local[{cores()},{_LOST}]")
    for name, value in (_HERE if address is None else {}).items():
        builder = builder.config(name, value)
    session = builder.config("spark.sql.execution.arrow.pyspark.enabled", "true").getOrCreate()
    return session, session.stop


_HERE = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.session.timeZone": "UTC",
    "spark.log.level": "ERROR",
}
_MAKE: dict[str, Callable[[object, str | None], Made]] = {"dask": _dask, "ray": _ray, "spark": _spark}


def _leave() -> None:
    """Leave what was there before."""
