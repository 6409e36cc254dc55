from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from statecast.baselines import Drift
from statecast.errors import DataError


def test_goes_on_along_the_line_from_the_first_to_the_last_observation():
    fitted = Drift().fit([1.0, 9.0, 5.0])
    assert fitted.forecast(3).mean.tolist() == [[7, 9, 11]]
    assert fitted.update(10.0).forecast(2).mean.tolist() == [[13, 16]]
    assert fitted.update([6.0, 11.0]).forecast(1).mean.tolist() == [[13.5]]
    assert fitted.forecast(1).mean.tolist() == [[7]]


def test_the_average_change_is_added_a_step_at_a_time(shampoo):
    expected = shampoo[-1] + np.diff(shampoo).mean() * np.arange(1, 7)
    assert_allclose(Drift().fit(shampoo).forecast(6).mean[0], expected)


def test_too_short():
    with pytest.raises(DataError, match="the drift takes 2 observations, got 1"):
        Drift().fit([1.0])
