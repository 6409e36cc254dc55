"""Three months of sales, as text, as a frame, and the check that a panel holds them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from statecast.series import Panel

SALES = "Month,Sales\n1991-01-01,266.0\n1991-02-01,145.9\n1991-03-01,183.1\n"
VALUES = [266.0, 145.9, 183.1]
MONTHS = np.array(["1991-01", "1991-02", "1991-03"], dtype="datetime64[M]").astype("datetime64[us]")


def sales_frame() -> pd.DataFrame:
    return pd.DataFrame({"Month": MONTHS, "Sales": VALUES})


def check_sales(panel: Panel) -> None:
    """Check that a panel is the three months of sales."""
    assert panel.values.dtype == np.float64
    assert panel.times.dtype == np.dtype("datetime64[us]")
    np.testing.assert_array_equal(panel.values, VALUES)
    np.testing.assert_array_equal(panel.times, MONTHS)
    np.testing.assert_array_equal(panel.offsets, [0, 3])
    assert panel.frequency.alias == "MS"
