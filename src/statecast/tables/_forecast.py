"""What a forecast says, a row a step."""

from __future__ import annotations

from statecast.series import Columns, Forecast
from statecast.tables._figures import alike, moments, stamp
from statecast.tables._table import Table


def forecast_table(ahead: Forecast, columns: Columns, by: str = "", many: bool = False) -> Table:
    """Return every step with its bounds; with the names of the series where there are many, and who forecast them."""
    steps = ahead.mean.shape[1]
    rows = {
        **({"series": [name for name in ahead.ids for _ in range(steps)]} if many else {}),
        columns.time or "step": moments(str(stamp(time, ahead.time_zone)) for time in ahead.times.ravel()),
        **alike({"forecast": ahead.mean, **ahead.bounds}),
    }
    return Table(f"Forecast of {columns.target}{f' by {by}' if by else ''}", rows)
