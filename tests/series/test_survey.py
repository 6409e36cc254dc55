"""What a series is like, seen by hand."""

from __future__ import annotations

import numpy as np
import pytest

from statecast.series import survey


@pytest.mark.parametrize("count", range(1, 9))
def test_a_series_of_any_length_is_looked_at(count):
    seen = survey(np.arange(float(count)), season=1)
    assert (seen.count, seen.missing) == (count, 0)
    assert (seen.minimum, seen.maximum) == (0, count - 1)
    if count > 1:
        assert seen.slope == pytest.approx(1)


def test_missing_values_are_counted_and_bridged():
    seen = survey(np.array([0.0, np.nan, 2.0, 3.0]), season=1)
    assert (seen.count, seen.missing) == (4, 1)
    assert seen.slope == pytest.approx(1)
    assert seen.mean == pytest.approx(5 / 3)
