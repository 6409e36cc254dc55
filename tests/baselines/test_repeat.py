from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from statecast.baselines import LastSeason, last_value
from statecast.errors import DataError


def test_last_value_repeats_the_last_observation():
    fitted = last_value().fit([3.0, 1.0, 4.0])
    assert fitted.forecast(3).mean.tolist() == [[4, 4, 4]]
    assert fitted.update(7.0).forecast(2).mean.tolist() == [[7, 7]]
    assert fitted.forecast(1).mean.tolist() == [[4]]


def test_last_season_is_aligned_with_the_season():
    fitted = LastSeason(3).fit([1.0, 2.0, 3.0, 4.0, 5.0])
    assert fitted.forecast(4).mean.tolist() == [[3, 4, 5, 3]]
    assert fitted.update([6.0]).forecast(3).mean.tolist() == [[4, 5, 6]]


def test_names():
    assert (last_value().name, LastSeason(12).name) == ("last_value", "last_season")


def test_too_short():
    with pytest.raises(DataError, match="takes 12 observations, got 2"):
        LastSeason(12).fit([1.0, 2.0])


def test_walk_forward_agrees_with_shifting_the_series(shampoo):
    fitted = last_value().fit(shampoo[:24])
    forecasts = []
    for value in shampoo[24:]:
        forecasts.append(fitted.forecast(1).mean[0, 0])
        fitted = fitted.update(value)
    assert_array_equal(forecasts, shampoo[23:-1])
    assert np.sqrt(np.mean((np.array(forecasts) - shampoo[24:]) ** 2)) == pytest.approx(136.761, abs=5e-4)
