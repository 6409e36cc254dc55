"""A walk-forward test of many series, on this machine or on a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from statecast.checks import cores, whole_number
from statecast.distributed._address import check_address
from statecast.distributed._cluster import everywhere
from statecast.distributed._connect import Cluster, connect, kind_of
from statecast.errors import ParameterError
from statecast.evaluation import Trial, Walks, plan_of
from statecast.series import Backtest, Panel, Recipe

A_WORKER = 4
"""Parts for every worker."""


def backtest(
    data: object,
    recipe: Recipe,
    test: int = 12,
    *,
    horizon: int = 1,
    refit: int | None = None,
    windows: int = 1,
    sliding: int | None = None,
    baselines: str | Sequence[str] = "simple",
    level: float | Sequence[float] = (),
    threads: int | None = None,
    engine: object = None,
    address: str | None = None,
    partitions: int | None = None,
) -> Backtest:
    """Test a recipe as `statecast.backtest` does, to the same bits, the series spread over a cluster.

    The panel is read here, as scores and verdict take all of it. The walks of a local recipe and of baselines, which
    take the time, are done on the workers; a shared recipe walks here.

    Parameters
    ----------
    data
        What ``read`` takes.
    recipe : Recipe
        Such as ``auto()``.
    test, horizon, refit, windows, sliding, baselines, level
        As `statecast.backtest` takes them.
    threads : int, optional
        Of this machine, where the walks are done here; all cores if None.
    engine : str or object, optional
        ``"dask"``, ``"ray"`` or ``"spark"``; or a Dask client, a Spark session, or what ``ray.init`` returns; this
        machine if None.
    address : str, optional
        Of the cluster; one is started on this machine if None.
    partitions : int, optional
        Parts that the series are divided into; 4 for every worker if None.

    Raises
    ------
    ParameterError
        If an argument has a value that it cannot have, the engine is not installed, or its address does not answer.
    DataError
        If a series is too short, or nothing was observed in the test part.

    Examples
    --------
    >>> import pandas as pd
    >>> import statecast as sc
    >>> from statecast import distributed
    >>> frame = pd.DataFrame({"unique_id": list("aaaaabbbbb"), "ds": [1, 2, 3, 4, 5] * 2, "y": [3.0, 5, 4, 6, 5] * 2})
    >>> result = distributed.backtest(frame, sc.auto(epochs=5), test=1)  # engine="dask" for a cluster
    >>> result.mean.shape
    (2, 1, 1)
    """
    started = perf_counter()
    plan = plan_of(test, horizon, refit, windows, sliding)
    if engine is None:
        if address is not None or partitions is not None:
            raise ParameterError("address and partitions are those of a cluster: name its engine as well.")
        trial = Trial.of(data, recipe, plan, baselines, level)
        return trial.judge(trial.walk(cores() if threads is None else threads), started)
    check_address(kind_of(engine), address)
    if partitions is not None:
        whole_number("partitions", partitions, 1, 1_000_000)
    trial = Trial.of(data, recipe, plan, baselines, level)
    with connect(engine, address) as cluster:
        walks = _spread(trial, cluster, partitions or A_WORKER * cluster.workers, threads)
    return trial.judge(walks, started)


def _spread(trial: Trial, cluster: Cluster, count: int, threads: int | None) -> Walks:
    """Walk through parts of the series on the workers."""
    divided = np.array_split(np.arange(len(trial.panel)), min(len(trial.panel), count))
    parts = [trial.panel.select(series) for series in divided]
    empty = replace(trial, panel=trial.panel.select(divided[0][:0]))  # goes to the workers once, with their work

    def walk(panel: Panel) -> Walks:
        return replace(empty, panel=panel).walk()

    def walk_baselines(panel: Panel) -> dict[str, NDArray[np.float64]]:
        return replace(empty, panel=panel).walk_baselines()

    if not trial.recipe.shared:
        return Walks.joined(list(everywhere(cluster, walk, parts, len(parts))))
    own = trial.walk_own(cores() if threads is None else threads)
    means = list(everywhere(cluster, walk_baselines, parts, len(parts)))
    return Walks(own, {name: np.concatenate([part[name] for part in means]) for name in trial.baselines})
