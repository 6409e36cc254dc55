"""Story: what a report tells, section by section."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from statecast.network import build_info
from statecast.pictures import Bars
from statecast.report import _html as html
from statecast.report._data import data_section
from statecast.report._plotly import Figure, bar_figure
from statecast.report._views import Views
from statecast.series import Backtest, Columns, Panel, read
from statecast.tables import (
    Table,
    coverage_table,
    forecast_table,
    impact_lines,
    influence_table,
    leaderboard_table,
    members_line,
    put_aside_table,
    relevance_table,
    scores_table,
    tuning_lines,
)

if TYPE_CHECKING:
    from statecast.explanation import Impact
    from statecast.report._report import Report
    from statecast.tuning import Tuning

_MOST_ROWS = 240  # of the table of a forecast


@dataclass(frozen=True, eq=False)
class Story:
    """A page: its title, its sections as HTML, and the charts that its script draws.

    Attributes
    ----------
    title, body : str
    charts : dict
        ``views``: the figures of each series by their places; ``fixed``: those that are the same for all.
    """

    title: str
    body: str
    charts: dict[str, Any]

    @classmethod
    def of(cls, report: Report) -> Story:
        """Tell a report."""
        panel: Panel = read(report.data)
        tested = report.backtest or (report.tuning.tested if report.tuning else None)
        views = Views.of_report(report, panel, tested)
        bars = _bars(report.impact)
        sections = [
            _verdict(report),
            _course(report, panel, views),
            _impact(report.impact, bars),
            _search(report.tuning),
            _scores(report),
            _errors(report, tested, views),
            _numbers(report, panel, views),
            html.section("What was decided", html.items(report.decisions)),
            data_section(panel, views.names),
            _made(report),
        ]
        title = report.title or _title(report, panel.columns)
        body = "\n".join([f"<h1>{html.escaped(title)}</h1>", *filter(None, sections)])
        return cls(title, body, {"views": views.figures, "fixed": bars})


def _title(report: Report, columns: Columns) -> str:
    if report.tuning is not None:
        return f"Recipes for {columns.target}"
    if report.impact is not None and report.forecast is None:
        return f"What moves {columns.target}"
    return f"{'Test of forecasts' if report.forecast is None and report.backtest else 'Forecast'} of {columns.target}"


def _verdict(report: Report) -> str:
    said = [told.verdict for told in (report.tuning, report.backtest) if told is not None]
    if report.impact is not None:
        said.append(" ".join(_relevance(report.impact)))
    return "\n".join(filter(None, [html.paragraphs(said, "verdict"), html.paragraphs(report.remarks)]))


def _relevance(impact: Impact) -> Iterator[str]:
    """Say which covariates matter."""
    by_verdict: dict[str, list[str]] = {}
    for c, name in enumerate(impact.columns):
        if impact.kinds[c] != "target":
            by_verdict.setdefault(impact.verdict(c), []).append(name)
    if not by_verdict:
        yield f"There are no covariates: the forecast rests on the past of {impact.target} alone."
    for verdict, words in {"matters": "What matters", "irrelevant": "Irrelevant", "not tested": "Not tested"}.items():
        if names := by_verdict.get(verdict):
            yield f"{words}: {', '.join(names)}."


def _course(report: Report, panel: Panel, views: Views) -> str:
    if not views.names:
        return ""
    drawn = len(views.names)
    chosen = html.selector(views.names) if views.of > 1 else ""
    left = [f"The first {drawn} of {views.of:,} series are drawn."] if views.of > drawn else []
    if report.forecast is not None:
        heading = f"History and forecast{f' by {report.by}' if report.by else ''}"
    else:
        heading = "Observed and predicted" if report.backtest or report.tuning else "History"
    text = f"{heading} of {panel.columns.target}, a line chart"
    return html.section(heading, chosen, html.paragraphs(left), html.chart("course", text))


def _bars(impact: Impact | None) -> dict[str, Figure]:
    """Return the charts of an impact, by their places."""
    if impact is None:
        return {}
    from statecast.explanation import impact_charts

    charts: list[Bars] = impact_charts(impact, impact.ends)
    return {f"impact-{step}": bar_figure(bars) for step, bars in zip(impact.ends, charts, strict=True)}


def _impact(impact: Impact | None, bars: dict[str, Figure]) -> str:
    if impact is None:
        return ""
    tables = {step: influence_table(impact, step) for step in impact.ends}
    drawn = [
        f"<h3>{html.escaped(tables[step].title)}</h3>\n{html.chart(place, tables[step].title)}"
        for step, place in zip(tables, bars, strict=True)
    ]
    relevance = relevance_table(impact)
    return html.section(
        f"What moves the forecast of {impact.unique_id}",
        *drawn,
        html.paragraphs(impact_lines(impact)),
        html.table(relevance) if relevance else "",
        html.folded("The numbers", *map(html.table, tables.values())),
    )


def _search(tuned: Tuning | None) -> str:
    if tuned is None:
        return ""
    tables = (html.table(told(tuned)) for told in (leaderboard_table, put_aside_table))
    return html.section("The recipes", *tables, html.paragraphs(tuning_lines(tuned)))


def _scores(report: Report) -> str:
    tested = report.backtest
    if tested is None:
        return ""
    scores = scores_table(tested, report.recipe, combination=True)
    said = [members_line(tested)] if tested.member_scores else []
    if report.forecast is not None and report.forecast.levels and not tested.levels:
        said.append("This test had no intervals: a backtest with levels says how many observations are within them.")
    covered = html.table(coverage_table(tested)) if tested.levels else ""
    return html.section("How good it is", html.table(scores), html.paragraphs(said), covered)


def _errors(report: Report, tested: Backtest | None, views: Views) -> str:
    if tested is None or not views.names:
        return ""
    charts = {
        "errors": "Errors over time",
        "sizes": "Sizes of the errors, a histogram",
        "autocorrelation": "Autocorrelation of the errors",
    }
    pair = "\n".join(html.chart(place, charts[place]) for place in ("sizes", "autocorrelation"))
    heading = "Errors of the test" if report.backtest else "Errors of the winner's test"
    whose = ["Of the series that is chosen above."] if len(views.names) > 1 else []
    over_time = html.chart("errors", charts["errors"])
    return html.section(heading, html.paragraphs(whose), over_time, f'<div class="pair">{pair}</div>')


def _numbers(report: Report, panel: Panel, views: Views) -> str:
    """Return the first rows of the forecast of the series that are drawn, folded away."""
    if report.forecast is None:
        return ""
    ids = report.forecast.ids
    ahead = report.forecast.select(np.array([ids.index(name) for name in views.names]))
    title, columns = forecast_table(ahead, panel.columns, report.by, many=views.of > 1)
    count = views.of * ahead.mean.shape[1]
    said = [f"The first {_MOST_ROWS} of {count:,} rows."] if count > _MOST_ROWS else []
    first = Table("", {heading: cells[:_MOST_ROWS] for heading, cells in columns.items()})
    return html.section("The forecast in numbers", html.folded(title, html.table(first), html.paragraphs(said)))


def _made(report: Report) -> str:
    command = f"<pre>{html.escaped(report.command)}</pre>" if report.command else ""
    versions = {
        "statecast": f"{version('statecast')}, {build_info().instruction_set}",
        "Python": platform.python_version(),
        "NumPy": np.__version__,
    }
    return html.section("How it was made", command, html.facts_list(versions))
