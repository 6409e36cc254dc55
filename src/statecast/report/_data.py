"""The data of a report: what was found out, and what the series are like."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from statecast.report import _html as html
from statecast.report._views import MOST_SERIES
from statecast.series import Panel, survey
from statecast.tables import Table, facts, figures, stamp


def data_section(panel: Panel, drawn: Collection[str]) -> str:
    """Return the section: of several series there is a table of those that are drawn, else of the first few."""
    found = _found(panel)
    if len(panel) == 1:
        return html.section("The data", html.items(panel.notes), html.facts_list(found | _survey(panel)))
    lengths = sorted(int(length) for length in panel.lengths)
    found |= {"series": f"{len(panel):,} of {lengths[0]:,} to {lengths[-1]:,} rows"}
    if panel.filled is not None:
        found["missing"] = f"{int(panel.filled.sum()):,}, filled in"
    chosen = [s for s, name in enumerate(panel.ids) if name in drawn] or [*range(len(panel))]
    each = html.folded("Each series", html.table(_each(panel, chosen[:MOST_SERIES])))
    return html.section("The data", html.items(panel.notes), html.facts_list(found), each)


def _found(panel: Panel) -> dict[str, str]:
    columns, covariates, frequency = panel.columns, panel.covariates, panel.frequency
    found = {"target": columns.target, "time": columns.time, "told apart by": columns.id}
    for role in ("past", "known", "static"):
        found[f"{role} columns"] = "" if covariates is None else ", ".join(getattr(covariates, role))
    season = " and ".join(str(steps) for steps in (frequency.season, *frequency.longer))
    found["frequency"] = f"{frequency.word} ({frequency.alias}), season of {season}"
    return {name: fact for name, fact in found.items() if fact}


def _values(panel: Panel, s: int) -> NDArray[np.float64]:
    """Return the values of a series, NaN where they were filled in."""
    part = slice(panel.offsets[s], panel.offsets[s + 1])
    return panel.values[part] if panel.filled is None else np.where(panel.filled[part], np.nan, panel.values[part])


def _survey(panel: Panel) -> dict[str, str]:
    seen = survey(_values(panel, 0), panel.frequency.season)
    first, last = (str(stamp(time, panel.time_zone)) for time in panel.times[[0, -1]])
    return facts(seen, first, last, [str(stamp(panel.times[place], panel.time_zone)) for place in seen.outliers])


def _each(panel: Panel, series: list[int]) -> Table:
    values = [_values(panel, s) for s in series]
    columns = {
        "series": [panel.ids[s] for s in series],
        "rows": [f"{len(one):,}" for one in values],
        "first": [str(stamp(panel.times[panel.offsets[s]], panel.time_zone)) for s in series],
        "last": [str(stamp(panel.times[panel.offsets[s + 1] - 1], panel.time_zone)) for s in series],
        "missing": [f"{int(np.isnan(one).sum()):,}" for one in values],
    }
    columns["lowest"] = figures(float(np.nanmin(one)) for one in values)
    columns["mean"] = figures(float(np.nanmean(one)) for one in values)
    columns["highest"] = figures(float(np.nanmax(one)) for one in values)
    return Table("", columns)
