"""statecast info: look first at what is in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from statecast.cli._command import options_given
from statecast.cli._options import DataOptions, File, ResultOptions

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from rich.console import Console

    from statecast.pictures import Chart
    from statecast.series import Columns, Covariates, Frequency, Panel, Records, Survey

MOST_SERIES = 6


@dataclass(frozen=True, eq=False)
class Look:
    """What was seen of one series, and where its outliers are."""

    unique_id: str
    first: object
    last: object
    survey: Survey
    outliers: list[object]


@dataclass(frozen=True, eq=False)
class Seen:
    """The series of a file, NaN where there is no value; and what there is to say about them."""

    ids: tuple[str, ...]
    offsets: NDArray[np.int64]
    times: NDArray[np.generic]
    values: NDArray[np.float64]
    frequency: Frequency
    columns: Columns
    notes: tuple[str, ...]
    covariates: Covariates | None = None

    @classmethod
    def of(cls, data: Panel | Records) -> Seen:
        """Take them from a panel, or from records that are none; what was filled was missing."""
        import numpy as np

        filled = getattr(data, "filled", None)
        values = data.values if filled is None else np.where(filled, np.nan, data.values)
        covariates = getattr(data, "covariates", None)
        return cls(data.ids, data.offsets, data.times, values, data.frequency, data.columns, data.notes, covariates)


def info(file: File, data: DataOptions, result: ResultOptions) -> None:
    """Look at FILE: what was found out, size, trend, season, stationarity, gaps and outliers; or a saved model."""
    from importlib.metadata import version

    from statecast.cli._results import Delivery, check_results, deliver
    from statecast.pictures import draw
    from statecast.series import is_saved, load, problems, to_panel

    if is_saved(file):
        from statecast.cli._model_info import info_model

        return info_model(file, [*options_given(data), *(["--plot"] if result.plot else [])], result)
    check_results(result)
    records = load(file, data.roles)
    found = [problem.message for problem in problems(records)]
    seen = Seen.of(records if found else data.extend(to_panel(records)))
    looks = _looks(seen)
    document = {
        "version": version("statecast"),
        "command": "info",
        "columns": {
            "target": seen.columns.target,
            "time": seen.columns.time,
            "id": seen.columns.id,
        },
        "covariates": _covariates(seen),
        "frequency": seen.frequency.alias,
        "season": seen.frequency.season,
        "notes": list(seen.notes),
        "problems": found,
        "series": [_row(look) for look in looks],
    }
    deliver(
        Delivery(
            document,
            lambda: _frame(looks),
            lambda: draw(_charts(seen)),
            lambda out: _show(out, seen, looks, found),
        ),
        result,
    )


def _looks(seen: Seen) -> list[Look]:
    from statecast.series import local_zone, survey
    from statecast.tables import stamp

    looks, zone = [], local_zone(seen.frequency.alias, seen.columns.time_zone)
    for s, unique_id in enumerate(seen.ids):
        part = slice(seen.offsets[s], seen.offsets[s + 1])
        times, found = seen.times[part], survey(seen.values[part], seen.frequency.season)
        outliers = [stamp(times[k], zone) for k in found.outliers]
        looks.append(Look(unique_id, stamp(times[0], zone), stamp(times[-1], zone), found, outliers))
    return looks


def _covariates(seen: Seen) -> dict[str, list[str]]:
    """Return the names of the covariates, a category's values among them."""
    known = seen.covariates
    return {} if known is None else {role: list(getattr(known, role)) for role in ("past", "known", "static")}


def _row(look: Look) -> dict[str, object]:
    seen = look.survey
    return {
        "unique_id": look.unique_id,
        "first": look.first,
        "last": look.last,
        "count": seen.count,
        "missing": seen.missing,
        "mean": seen.mean,
        "sd": seen.sd,
        "minimum": seen.minimum,
        "maximum": seen.maximum,
        "slope": seen.slope,
        "trend_strength": seen.trend_strength,
        "season_strength": seen.season_strength,
        "season_found": seen.is_seasonal,
        "logged": seen.is_logged,
        "differences": seen.differences,
        "outliers": look.outliers,
    }


def _frame(looks: list[Look]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([{**_row(look), "outliers": len(look.outliers)} for look in looks])


def _show(out: Console, file: Seen, looks: list[Look], found: list[str]) -> None:
    from statecast.cli._tables import table
    from statecast.tables import facts

    for note in file.notes:
        out.print(note)
    for role, names in _covariates(file).items():
        if names:
            out.print(f"{role.capitalize()} covariates: {', '.join(names)}.")
    if len(looks) > 1:
        lengths = sorted(look.survey.count for look in looks)
        out.print(f"{len(looks):,} series of {lengths[0]:,} to {lengths[-1]:,} rows.")
    for look in looks[:MOST_SERIES]:
        told = facts(look.survey, look.first, look.last, look.outliers)
        out.print(table(None, {look.unique_id: list(told), " ": list(told.values())}, wrapped=" "))
    if len(looks) > MOST_SERIES:
        out.print(f"The first {MOST_SERIES} of {len(looks):,} series; --out FILE or --json has them all.")
    for message in found:
        out.print(f"To put right before forecasting: {message}")


def _charts(seen: Seen) -> list[Chart]:
    from statecast.pictures import Chart, Line
    from statecast.series import local_zone

    charts, zone = [], local_zone(seen.frequency.alias, seen.columns.time_zone)
    for s, unique_id in enumerate(seen.ids[:MOST_SERIES]):
        part = slice(seen.offsets[s], seen.offsets[s + 1])
        title = unique_id if len(seen.ids) > 1 else seen.columns.target
        line = Line("observed", seen.times[part], seen.values[part])
        charts.append(Chart(title, seen.columns.target, [line], time_zone=zone))
    return charts
