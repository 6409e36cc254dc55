"""Tests on Dask, Ray and Spark say what a test on one machine says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import statecast as sc
from statecast import distributed
from statecast.errors import DataError, ParameterError

ONE = sc.auto(epochs=3, members=2)


@pytest.fixture(scope="module")
def long(many):
    """Return the series of 20 observations and more; one value of the first is missing in the test part."""
    frame = many.groupby("unique_id").filter(lambda rows: len(rows) >= 20).reset_index(drop=True)
    frame.loc[len(frame[frame.unique_id == frame.unique_id[0]]) - 2, "y"] = np.nan
    return frame


def same(one, other):
    """Say whether two tests have the same bits, verdict included, time apart."""
    arrays = ("origins", "times", "y", "scored", "mean", "members", "lower", "upper")
    values = ("ids", "scores", "baselines", "member_scores", "p_value", "verdict", "combination.scores", "coverage")

    def value(result, name):
        return result.combination.scores if name == "combination.scores" else getattr(result, name)

    return (
        all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)
        and all(value(one, name) == value(other, name) for name in values)
        and all(np.array_equal(mean, other.baseline_means[name]) for name, mean in one.baseline_means.items())
    )


def test_refits_windows_and_intervals_on_a_cluster(cluster, long):
    plan = {"test": 4, "horizon": 2, "refit": 2, "windows": 2, "level": (80,)}
    alone = sc.backtest(long, ONE, **plan)
    spread = distributed.backtest(long, ONE, **plan, engine=cluster)
    assert same(alone, spread)
    assert not spread.scored.all()


def test_a_shared_recipe_on_a_cluster(cluster, long):
    @dataclass(frozen=True)
    class Together:
        """Adds the mean of the last values of all series to the last value of each."""

        inner: object
        name: str = "together"
        seeds: tuple[int, ...] = (1,)
        shared: bool = True

        def fit(self, data, *, threads=1, progress=None):
            fitted = self.inner.fit(data, threads=threads)
            return Known(fitted, float(data.values[data.offsets[1:] - 1].mean()))

    @dataclass(frozen=True)
    class Known:
        fitted: object
        more: float

        def decisions(self, series=0):
            return ()

        @property
        def origin(self):
            return self.fitted.origin

        def take(self, taken):
            return Known(self.fitted.take(taken), self.more)

        def forecast(self, horizon=None, level=()):
            ahead = self.fitted.forecast(horizon, level)
            return type(ahead)(ahead.ids, ahead.times, ahead.mean + self.more, ahead.members + self.more)

    recipe = Together(sc.baselines.last_value())
    alone = sc.backtest(long, recipe, test=3)
    assert same(alone, distributed.backtest(long, recipe, test=3, engine=cluster, partitions=5))


def test_without_an_engine_it_is_the_test_of_one_machine(long):
    assert same(sc.backtest(long, ONE, test=3), distributed.backtest(long, ONE, test=3))


def test_a_cluster_is_asked_for_by_its_engine(long):
    with pytest.raises(ParameterError, match="name its engine"):
        distributed.backtest(long, ONE, address="127.0.0.1:8786")


def test_what_is_too_short_is_said(many):
    with pytest.raises(DataError, match="takes a longer series, got 1 rows in 's007'"):
        distributed.backtest(many, ONE, test=3)
