"""Forecast: what recipes give back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Forecast:
    """A forecast of every series of a panel.

    Attributes
    ----------
    ids : tuple of str, S
    times : [S, h]
        Time stamps that are forecast; in UTC where there is a time zone.
    mean : float64 [S, h]
        The point forecast, in the units of the series; the average of the members where there are several.
    members : float64 [S, M, h]
        The forecast of every member of the ensemble.
    levels : tuple of float, L
        Of the intervals, in percent.
    lower, upper : float64 [S, L, h], or None where no level was asked for
        The bounds of every interval.
    time_zone : str or None
        Tables have the local time of this zone, with its distance from UTC.
    """

    ids: tuple[str, ...]
    times: NDArray[np.generic]
    mean: NDArray[np.float64]
    members: NDArray[np.float64]
    levels: tuple[float, ...] = ()
    lower: NDArray[np.float64] | None = None
    upper: NDArray[np.float64] | None = None
    time_zone: str | None = None

    @property
    def bounds(self) -> dict[str, NDArray[np.float64]]:
        """The bounds [S, h] by their names in tables: lo-80, hi-80 and so on."""
        return bounds_of(self.levels, self.lower, self.upper)

    def select(self, series: NDArray[np.int64]) -> Forecast:
        """Return the forecast of some of the series, by their numbers."""
        return replace(
            self,
            ids=tuple(self.ids[s] for s in series),
            times=self.times[series],
            mean=self.mean[series],
            members=self.members[series],
            lower=None if self.lower is None else self.lower[series],
            upper=None if self.upper is None else self.upper[series],
        )

    def to_frame(self) -> pd.DataFrame:
        """Return a table with the columns unique_id, ds, mean, and lo-80, hi-80 and so on, a row a step."""
        import pandas as pd

        return pd.DataFrame(
            {
                "unique_id": np.repeat(np.array(self.ids, dtype=object), self.times.shape[1]),
                "ds": in_zone(self.times.ravel(), self.time_zone),
                "mean": self.mean.ravel(),
                **{name: bound.ravel() for name, bound in self.bounds.items()},
            }
        )

    def to_arrow(self) -> pa.Table:
        """Return the table of `to_frame` as Arrow's, which is quicker to make and to write for many series."""
        import pyarrow as pa

        repeated = np.repeat(np.arange(len(self.ids)), self.times.shape[1])
        return pa.table(
            {
                "unique_id": pa.array(self.ids, pa.string()).take(pa.array(repeated)),
                "ds": _in_zone_arrow(self.times.ravel(), self.time_zone),
                "mean": self.mean.ravel(),
                **{name: bound.ravel() for name, bound in self.bounds.items()},
            }
        )

    def plot(self, history: object = None, *, series: str | Sequence[str] | None = None, by: str = "") -> Figure:
        """Draw the forecast after the end of the history, a chart for each series.

        Parameters
        ----------
        history
            What it was fitted to: all that ``read`` takes; without it the forecast stands alone.
        series : str or sequence of str, optional
            Names of the series to draw; the first six if None.
        by : str
            What made the forecast, for the title.

        Returns
        -------
        matplotlib.figure.Figure
            Not shown anywhere: ``figure.savefig("sales.png")`` writes it, a notebook shows it.

        Raises
        ------
        ParameterError
            If there is no such series.

        Examples
        --------
        >>> import statecast as sc
        >>> sales = [266.0, 145.9, 183.1, 119.3, 180.3, 168.5, 231.8, 224.5]
        >>> figure = sc.auto(epochs=1).fit(sales).forecast(3, level=80).plot(sales)
        >>> figure.axes[0].get_title(loc="left")
        'y: history and forecast'
        """
        from statecast.pictures import draw
        from statecast.series._charts import forecast_charts

        return draw(forecast_charts(self, history, series, by))


def in_zone(times: NDArray[np.generic], zone: str | None) -> Any:  # noqa: ANN401  # a column of a table
    """Return time stamps in UTC as pandas' of a time zone; as they are where there is none."""
    import pandas as pd

    return times if zone is None else pd.DatetimeIndex(times).tz_localize("UTC").tz_convert(zone)


def _in_zone_arrow(times: NDArray[np.generic], zone: str | None) -> Any:  # noqa: ANN401
    import pyarrow as pa

    if zone is None:
        return times
    return pa.array(times.astype("datetime64[us]").view(np.int64), pa.timestamp("us", tz=zone))


def bounds_of(
    levels: tuple[float, ...], lower: NDArray[np.float64] | None, upper: NDArray[np.float64] | None
) -> dict[str, NDArray[np.float64]]:
    """Return bounds [..., L, h], level by level, by their names in tables."""
    if lower is None or upper is None:
        return {}
    return {
        f"{side}-{level:g}": bound[..., k, :]
        for k, level in enumerate(levels)
        for side, bound in (("lo", lower), ("hi", upper))
    }
