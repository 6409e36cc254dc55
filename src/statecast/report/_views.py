"""Views: the charts of each series that a report draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from statecast.pictures import Chart, Line
from statecast.report._errors import Errors
from statecast.report._plotly import Figure, line_figure
from statecast.series import Backtest, Panel, backtest_charts, forecast_charts, predicted, recent

if TYPE_CHECKING:
    from statecast.report._report import Report

MOST_SERIES = 20
"""Series that a report draws."""

_MOST_POINTS = 3000  # of each line, over all series: the page stays below 6 MB


@dataclass(frozen=True, eq=False)
class Views:
    """The series that are drawn, by name, of how many; and the figures of each, by their places in the page."""

    names: tuple[str, ...]
    of: int
    figures: tuple[dict[str, Figure], ...]

    @classmethod
    def of_report(cls, report: Report, panel: Panel, tested: Backtest | None) -> Views:
        """Draw the first series, of which there is a history first; none where it is an impact that is told."""
        if report.forecast is not None:
            ids: Sequence[str] = report.forecast.ids
        elif tested is not None:
            ids = tested.ids
        else:
            ids = () if report.impact else panel.ids
        known = set(panel.ids)
        names = tuple(([name for name in ids if name in known] or list(ids))[:MOST_SERIES])
        drawing = _Drawing(report, panel, tested, _MOST_POINTS // max(len(names), 1))
        return cls(names, report.series or len(ids), tuple(drawing.of(name) for name in names))


@dataclass(frozen=True, eq=False)
class _Drawing:
    report: Report
    panel: Panel
    tested: Backtest | None
    rows: int

    def of(self, name: str) -> dict[str, Figure]:
        """Return the figures of a series."""
        figures = {"course": self._course(name)}
        if self.tested is not None:
            if name in self.tested.ids:
                errors = Errors.of(self.tested, self.tested.ids.index(name))
                figures |= {
                    "errors": errors.over_time(self.rows),
                    "sizes": errors.sizes(),
                    "autocorrelation": errors.autocorrelation(),
                }
            else:
                missing: Figure = {"caption": "This series was not tested."}
                figures |= dict.fromkeys(("errors", "sizes", "autocorrelation"), missing)
        return figures

    def _course(self, name: str) -> Figure:
        """Draw the history of a series, its forecast, and the forecasts of the test."""
        chart, steps = self._chart(name)
        if name not in self.panel.ids:
            return line_figure(ending(chart, self.rows))
        s = self.panel.ids.index(name)
        since = self.panel.times[recent(self.panel, s, steps)][0]
        figure = line_figure(ending(chart, self.rows), since)
        if (count := int(self.panel.lengths[s])) > self.rows:
            figure["caption"] = f"The last {self.rows:,} of {count:,} rows."
        return figure

    def _chart(self, name: str) -> tuple[Chart, int]:
        """Return what is drawn of a series, and the steps beside which its history stands."""
        ahead, tested, tuned = self.report.forecast, self.tested, self.report.tuning
        if ahead is not None:
            (chart,) = forecast_charts(ahead, self.panel, name, rows=self.rows)
            lines = predicted(tested, tested.ids.index(name)) if tested is not None and name in tested.ids else []
            tests = [replace(line, label=f"test: {line.label}") for line in lines]
            return replace(chart, lines=[*chart.lines, *tests]), ahead.mean.shape[1]
        if tested is None:
            part = slice(*self.panel.offsets[self.panel.ids.index(name) :][:2])
            line = Line("observed", self.panel.times[part], self.panel.values[part])
            return Chart(name, self.panel.columns.target, [line], time_zone=self.panel.time_zone), 1
        if tuned is None:
            (chart,) = backtest_charts(tested, self.panel, name, self.rows)
        else:
            from statecast.tuning import tuning_charts

            (chart,) = tuning_charts(tuned, self.panel, name, self.rows)
        return chart, tested.times.shape[1] + tested.windows * (tested.horizon - 1)


def ending(chart: Chart, rows: int) -> Chart:
    """Return a chart with the last points of each line and band."""
    last = slice(-rows, None)
    lines = [replace(line, times=line.times[last], values=line.values[last]) for line in chart.lines]
    bands = [
        replace(band, times=band.times[last], lower=band.lower[last], upper=band.upper[last]) for band in chart.bands
    ]
    return replace(chart, lines=lines, bands=bands)
