"""Which cluster is meant, and what is said where it cannot be."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec

import pytest

import statecast as sc
from statecast.distributed import _connect, fit_forecast
from statecast.distributed._cluster import said_of
from statecast.errors import ParameterError


def installed(monkeypatch, *names: str):
    monkeypatch.setattr(_connect, "find_spec", lambda name: ModuleSpec(name, None) if name in names else None)


@pytest.mark.parametrize(("kind", "package"), [("dask", "dask"), ("ray", "ray"), ("spark", "pyspark")])
def test_an_engine_that_is_not_installed_names_its_extra(kind, package, monkeypatch):
    installed(monkeypatch, "fugue")
    with pytest.raises(ParameterError, match=rf"{package}: pip install 'statecast\[{kind}\]'"):
        fit_forecast([1.0, 2.0, 3.0, 4.0], sc.auto(), engine=kind)


def test_objects_of_a_cluster_say_which_it_is(monkeypatch):
    installed(monkeypatch, "fugue", "dask", "ray", "pyspark")
    for module, kind in (("distributed.client", "dask"), ("pyspark.sql.session", "spark"), ("ray.worker", "ray")):
        assert _connect.kind_of(type("Any", (), {"__module__": module})()) == kind
    assert _connect.kind_of(type(sys)("ray")) == "ray"


@pytest.mark.parametrize("engine", ["flink", 3, sys])
def test_another_engine_is_refused(engine):
    with pytest.raises(ParameterError, match="engine must be one of dask, ray, spark"):
        fit_forecast([1.0, 2.0, 3.0, 4.0], sc.auto(), engine=engine)


def test_a_session_of_spark_connect_is_refused(monkeypatch):
    installed(monkeypatch, "fugue", "pyspark")
    session = type("SparkSession", (), {"__module__": "pyspark.sql.connect.session"})()
    with pytest.raises(ParameterError, match="Spark Connect is not supported"):
        fit_forecast([1.0, 2.0, 3.0, 4.0], sc.auto(), engine=session)


def test_workers_that_differ_are_named():
    assert said_of({"avx2"}) == []
    assert said_of({"avx512", "avx2"}) == ["The workers compute with avx2 and avx512, which give the same bits."]
    assert said_of({"avx2", "portable"}) == ["The workers compute with avx2 and portable, so last digits may differ."]
