"""Facts: what was found out while a table was read, and the first sentences about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from statecast.series._calendar import Frequency
from statecast.series._format import Format
from statecast.series._panel import Columns
from statecast.series._roles import Roles
from statecast.series._table import Table, counted, listed, option


@dataclass(frozen=True)
class Facts:
    """What was found out while reading: how times and numbers are written, and what else there is to say."""

    label: str
    manner: str
    notes: tuple[str, ...]
    decimal: str | None = None
    format: Format = field(default_factory=Format)


def summary(table: Table, columns: Columns, targets: Sequence[str], facts: Facts, series: int) -> str:
    """Say what was read: rows, columns and how they are written."""
    count = len(table.rows)
    if columns.time is None:
        return f"Read {counted(count, 'value')}."
    target = f"{len(targets):,} series in the" if columns.wide else "target"
    target = f"{target} column{'s' if len(targets) > 1 else ''} {listed(targets)}"
    parts = [
        f"id column {columns.id!r}" if columns.id else "",
        f"time column {columns.time!r}" + (f" ({facts.label})" if facts.label else ""),
        target + (f" ({facts.manner})" if facts.manner else ""),
        *(f"{role} {listed(names)}" for role, names in _covariate_columns(columns)),
        table.manner,
    ]
    of = f" in {series:,} series" if columns.id else ""
    return f"Read {counted(count, 'row')}{of}: {', '.join(filter(None, parts))}."


def _covariate_columns(columns: Columns) -> list[tuple[str, tuple[str, ...]]]:
    named = [("past", columns.past), ("known", columns.known), ("static", columns.static)]
    return [(f"{role} covariate{'s' if len(names) > 1 else ''}", names) for role, names in named if names]


def rhythm(frequency: Frequency, roles: Roles, source: str) -> str:
    """Say how far apart the stamps are, and what the season is."""
    seasons = " and ".join(map(str, (frequency.season, *frequency.longer)))
    season = "no season" if seasons == "1" else f"season{'s' if frequency.longer else ''} of {seasons}"
    unknown = not roles.seasons and frequency.alias.isdecimal()
    origin = f" known: {option(source, 'season')} gives one" if unknown else ", as given" if roles.seasons else ""
    return f"{frequency.word.capitalize()}{frequency.where}, {season}{origin}.{_other_days(frequency, source)}"


def _other_days(frequency: Frequency, source: str) -> str:
    """Say what to do if days without rows are to be forecast as well."""
    return f" {option(source, 'freq')} D takes such days as gaps." if frequency.alias.startswith("C-") else ""


def unused(head: Table, used: tuple[str, ...], columns: Columns, roles: Roles) -> tuple[str, ...]:
    """Say which columns were left aside, where the id column was known by its name."""
    aside = [name for name in head.names if name not in used]
    if columns.id is None or roles.id is not None or not aside:
        return ()
    return (f"{'Columns' if len(aside) > 1 else 'Column'} {listed(aside, 5)} not used.",)
