"""The table of a forecast, with pandas and with Arrow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from statecast.series import Forecast


def test_arrow_gives_the_table_that_pandas_gives() -> None:
    rng = np.random.default_rng(1)
    days = np.arange(6).reshape(2, 3).astype("datetime64[D]").astype("datetime64[us]")
    lower, upper = rng.normal(size=(2, 2, 2, 3))
    ahead = Forecast(("b", "é"), days, rng.normal(size=(2, 3)), np.zeros((2, 1, 3)), (80.0, 95.0), lower, upper)
    table = ahead.to_arrow()
    assert table.column_names == ["unique_id", "ds", "mean", "lo-80", "hi-80", "lo-95", "hi-95"]
    assert table["unique_id"].to_pylist() == ["b"] * 3 + ["é"] * 3
    assert table["hi-95"].to_pylist() == upper[:, 1].ravel().tolist()
    frame = ahead.to_frame()
    pd.testing.assert_frame_equal(table.to_pandas(), frame.astype({"unique_id": table.to_pandas()["unique_id"].dtype}))
    steps = Forecast(("a",), np.array([[7, 8]]), np.ones((1, 2)), np.ones((1, 1, 2)))
    assert steps.to_arrow()["ds"].to_pylist() == [7, 8]
