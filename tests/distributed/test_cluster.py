"""Runs on Dask, Ray and Spark, each started here with two workers: the same numbers, and no series is lost."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import statecast as sc
from statecast.distributed import Pieces, fit_forecast
from statecast.distributed._address import check_address
from statecast.distributed._connect import kind_of
from statecast.errors import ParameterError

ONE = sc.auto(epochs=3, members=2)


def same(one, other):
    """Say whether two runs have the same bits, members and bounds too."""
    a, b = one.forecast, other.forecast
    arrays = ("times", "mean", "members", "lower", "upper")
    return a.ids == b.ids and all(np.array_equal(getattr(a, name), getattr(b, name)) for name in arrays)


def test_the_bits_and_the_order_are_those_of_one_machine(cluster, many):
    alone = fit_forecast(many, ONE, horizon=4, level=80)
    spread = fit_forecast(Pieces(many, most_series=40), ONE, horizon=4, level=80, engine=cluster)
    assert same(alone, spread)
    assert spread.failures == alone.failures
    assert len(spread.failures) == 6


def test_how_a_panel_is_cut_changes_no_bit(cluster, mixed):
    alone = fit_forecast(mixed, ONE, horizon=2, level=(50, 90))
    for size in (1, 5):
        spread = fit_forecast(Pieces(mixed, most_series=size), ONE, horizon=2, level=(50, 90), engine=cluster)
        assert same(alone, spread)


def test_a_file_is_written_and_an_unfinished_run_goes_on(cluster, many, tmp_path):
    panel = sc.read(many.groupby("unique_id").filter(lambda rows: len(rows) > 2))
    alone, spread = tmp_path / "alone.parquet", tmp_path / "spread.parquet"
    pieces = Pieces(panel, most_series=40)
    fit_forecast(pieces, ONE, horizon=4, out=alone)
    count = 0

    def stop(done, total):
        nonlocal count
        count += 1
        if count == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_forecast(pieces, ONE, horizon=4, out=spread, engine=cluster, progress=stop)
    assert not spread.exists()
    run = fit_forecast(pieces, ONE, horizon=4, out=spread, engine=cluster, resume=True)
    assert 0 < run.resumed < run.series
    assert spread.read_bytes() == alone.read_bytes()


def test_a_worker_killed_in_the_middle_loses_no_series(cluster, many, tmp_path):
    marker = tmp_path / "killed"
    mortal = deadly(marker)
    spread = fit_forecast(Pieces(many, most_series=40), mortal(ONE), horizon=4, level=80, engine=cluster)
    killed = int(marker.read_text())
    assert killed != os.getpid()
    assert not alive(killed)
    assert same(spread, fit_forecast(many, ONE, horizon=4, level=80))


def deadly(marker: Path):
    """Return a kind of recipe that kills the first worker that fits it, as kill -9 does; the next one is spared."""

    @dataclass(frozen=True)
    class Deadly:  # in here, so that it is sent to the workers as it stands
        recipe: object
        name: str = "deadly"
        shortest: int = 3
        horizon: int | None = None
        seeds: tuple[int, ...] = ()
        shared: bool = False

        def fit(self, data, *, threads=1, progress=None):
            try:
                with marker.open("x") as file:
                    file.write(str(os.getpid()))
            except FileExistsError:
                return self.recipe.fit(data, threads=threads)
            os.kill(os.getpid(), signal.SIGKILL)

    return Deadly


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_shared_recipe_is_fitted_here_once_and_sent(cluster, many, tmp_path):
    fits = tmp_path / "fits"

    @dataclass(frozen=True)
    class Grand:
        """The mean of all series that it is fitted to, for ever."""

        name: str = "grand"
        shortest: int = 3
        horizon: int | None = None
        seeds: tuple[int, ...] = ()
        shared: bool = True

        def fit(self, data, *, threads=1, progress=None):
            with fits.open("a") as file:
                file.write(f"{os.getpid()} {len(data)}\n")
            return Trained(float(data.values.mean()), data)

    @dataclass(frozen=True)
    class Trained:
        value: float
        panel: object = None
        name: str = "grand"
        shortest: int = 3
        horizon: int | None = None
        seeds: tuple[int, ...] = ()
        shared: bool = False

        @property
        def pretrained(self):
            return Trained(self.value)

        def fit(self, data, *, threads=1, progress=None):
            return Trained(self.value, data)

        def forecast(self, horizon, level):
            last = sc.baselines.last_value().fit(self.panel).forecast(horizon)
            mean = np.full_like(last.mean, self.value)
            return type(last)(last.ids, last.times, mean, mean[:, np.newaxis])

    spread = fit_forecast(Pieces(many, most_series=40), Grand(), horizon=2, engine=cluster)
    assert fits.read_text() == f"{os.getpid()} 234\n"
    long_enough = many.groupby("unique_id").filter(lambda rows: len(rows) > 2)
    refused = {failure.unique_id for failure in spread.failures}
    values = [mean for name, mean in zip(spread.forecast.ids, spread.forecast.mean, strict=True) if name not in refused]
    assert values == pytest.approx(np.full((234, 2), long_enough.y.mean()), rel=1e-12)


def test_the_shared_recipe_gives_the_bits_of_one_machine(cluster, many):
    recipe = sc.shared(members=2, epochs=2, units=8)
    alone = fit_forecast(many, recipe, horizon=3, level=80)
    spread = fit_forecast(Pieces(many, most_series=40), recipe, horizon=3, level=80, engine=cluster)
    assert same(alone, spread)
    assert spread.failures == alone.failures


def test_what_is_wrong_is_said_as_on_one_machine(cluster, mixed):
    with pytest.raises(ParameterError, match="horizon") as alone:
        fit_forecast(mixed, ONE, horizon=-1)
    with pytest.raises(ParameterError, match="horizon") as spread:
        fit_forecast(mixed, ONE, horizon=-1, engine=cluster)
    assert str(spread.value) == str(alone.value)


@pytest.mark.parametrize(
    ("kind", "address"),
    [("dask", "tcp://127.0.0.1:1"), ("ray", "127.0.0.1:1"), ("ray", "ray://127.0.0.1:1"), ("spark", "spark://[::1]:1")],
)
def test_an_address_that_does_not_answer_is_named_before_anything_is_read(kind, address):
    for package in ("fugue", {"spark": "pyspark"}.get(kind, kind)):
        pytest.importorskip(package)
    with pytest.raises(ParameterError, match="nothing answers at the address") as error:
        fit_forecast("no such file", ONE, engine=kind, address=address)
    assert address in str(error.value)


def test_the_address_of_a_cluster_is_known_from_that_of_another(cluster):
    kind = kind_of(cluster)
    if kind == "dask":
        place = cluster.scheduler.address.removeprefix("tcp://")
    elif kind == "ray":
        place = cluster.address_info["gcs_address"]
    else:
        place = f"127.0.0.1:{cluster.conf.get('spark.driver.port')}"
    schemes = {"dask": "tcp://", "ray": "", "spark": "spark://"}
    check_address(kind, schemes.pop(kind) + place)
    for other, scheme in schemes.items():
        with pytest.raises(ParameterError, match=r"is not|nothing answers"):
            check_address(other, scheme + place)
