"""Errors of a test, looked at: over time, how often which size, and whether one tells of the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.pictures import Chart, Line
from statecast.report._plotly import Figure, column_figure, level_lines, line_figure
from statecast.series import Backtest
from statecast.tables import figures

_MOST_LAGS = 24
_LEAST_ORIGINS = 8  # in a row, for an autocorrelation
_MOST_BINS = 30
_FEW = 8  # a number each on the axis of counts


@dataclass(frozen=True, eq=False)
class Errors:
    """What was observed less what was forecast, one for each moment; NaN where nothing was observed.

    Attributes
    ----------
    times : [W, n]
    values : float64 [W, n]
        Of each test part in turn: a step ahead from all its origins, or all steps ahead where it has one origin.
    ahead : str
        Which steps these are.
    follow : bool
        Whether each comes an origin after the one before, so that their autocorrelation means something.
    time_zone : str or None
        By whose local time they are told.
    """

    times: NDArray[np.generic]
    values: NDArray[np.float64]
    ahead: str
    follow: bool
    time_zone: str | None = None

    @classmethod
    def of(cls, tested: Backtest, s: int) -> Errors:
        """Take those of a series from its test."""
        errors = np.where(tested.scored[s], tested.y[s] - tested.mean[s], np.nan)  # [K, h]
        if tested.times.shape[1] == tested.windows:
            return cls(tested.times[s], errors, f"1 to {tested.horizon} steps ahead", False, tested.time_zone)
        shape = (tested.windows, -1)
        return cls(
            tested.times[s, :, 0].reshape(shape), errors[:, 0].reshape(shape), "1 step ahead", True, tested.time_zone
        )

    @property
    def known(self) -> NDArray[np.float64]:
        """Those that there are, in time order."""
        return self.values[np.isfinite(self.values)]

    def over_time(self, rows: int) -> Figure:
        """Draw the last ones, one after another."""
        times, values = self.times.ravel()[-rows:], self.values.ravel()[-rows:]
        figure = line_figure(Chart("", "error", [Line("error", times, values)], time_zone=self.time_zone))
        figure["layout"]["shapes"] = level_lines(0.0)
        if (count := len(self.known)) > 1:
            mean, sd = figures([float(self.known.mean()), float(self.known.std(ddof=1))])
            figure["caption"] = f"Observed less forecast, {self.ahead}: {count:,} errors, mean {mean}, sd {sd}."
        return figure

    def sizes(self) -> Figure:
        """Draw how often errors of which size came."""
        if len(self.known) < 2:
            return {"caption": "Sizes of errors take two errors or more."}
        bins = min(len(np.histogram_bin_edges(self.known, "auto")) - 1, _MOST_BINS)
        counts, edges = np.histogram(self.known, max(bins, 5))
        middles = (edges[1:] + edges[:-1]) / 2
        rounded = [float(f"{middle:.6g}") for middle in middles]
        figure = column_figure(rounded, counts.astype(np.float64), "error", "count", float(edges[1] - edges[0]))
        if counts.max() <= _FEW:
            figure["layout"]["yaxis"]["dtick"] = 1
        return figure | {"caption": "How often errors of each size came. Around zero: no bias."}

    def autocorrelation(self) -> Figure:
        """Draw how each error goes with the ones before it, and what chance gives."""
        if not self.follow or self.values.shape[1] < _LEAST_ORIGINS or len(np.unique(self.known)) < 2:
            why = f"Autocorrelation takes errors a step ahead from {_LEAST_ORIGINS} origins in a row or more."
            return {"caption": why}
        found, bound = autocorrelation(self.values)
        figure = column_figure(list(range(1, len(found) + 1)), found, "lag", "autocorrelation", 0.25)
        figure["layout"]["shapes"] = level_lines(-bound, bound)
        beyond = int(np.sum(np.abs(found) > bound))
        verdict = "none is" if beyond == 0 else f"{beyond} of {len(found)} {'is' if beyond == 1 else 'are'}"
        caption = f"Chance alone keeps 95 of 100 within the dashed lines; {verdict} beyond."
        return figure | {"caption": f"{caption} More say that the errors hold something still to be forecast."}


def autocorrelation(errors: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return the autocorrelation of errors [W, n] at lags from 1 on, and the bound that chance keeps within.

    Pairs are taken within each row, and where both are known. The bound is 1.96 over the square root of their number
    (Bartlett, 1946, "On the theoretical specification and sampling properties of autocorrelated time-series").
    """
    known = np.isfinite(errors)
    centred = np.where(known, errors - errors[known].mean(), 0.0)
    lags = range(1, min(_MOST_LAGS, errors.shape[1] // 2) + 1)
    products = [float(np.sum(centred[:, lag:] * centred[:, :-lag])) for lag in lags]
    return np.array(products) / float(np.sum(centred**2)), 1.96 / float(np.sqrt(known.sum()))
