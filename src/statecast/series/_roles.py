"""Roles: which column is time, which is the target, which tells series apart. Found out where nobody says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from statecast.errors import DataError, ParameterError
from statecast.series._cells import is_missing, is_whole, shown
from statecast.series._dates import date_format
from statecast.series._numbers import is_number
from statecast.series._panel import Columns
from statecast.series._table import ARRAY, Table, listed, option

_FIELD = ("unique_id", "ds", "y")  # the field's names for id, time and target
_TIME_NAMES = frozenset(
    [
        "ds",
        "time",
        "t",
        "date",
        "datetime",
        "timestamp",
        "period",
        "step",
        "index",
        "year",
        "quarter",
        "month",
        "week",
        "day",
        "hour",
        "no",
        "nr",
        "obs",
    ]
)
_MOST_SEASON = 10_000_000


@dataclass(frozen=True)
class Roles:
    """What the user says about the data; None is found out.

    Attributes
    ----------
    target, time, id : str or None
        Names of columns.
    freq : str or None
        Frequency: an alias of pandas, or a word such as "monthly".
    season : int or None
        Steps in a season.
    sheet : str or None
        Sheet of an Excel workbook.
    """

    target: str | None = None
    time: str | None = None
    id: str | None = None
    freq: str | None = None
    season: int | None = None
    sheet: str | None = None

    def __post_init__(self) -> None:
        """Refuse a season that cannot be."""
        whole = isinstance(self.season, (int, np.integer)) and not isinstance(self.season, bool)
        if self.season is not None and not (whole and 1 <= self.season <= _MOST_SEASON):
            raise ParameterError(
                f"The season must be a whole number from 1 to {_MOST_SEASON:,}, got {self.season!r}. "
                "Give 12 for months with a yearly season, 1 for no season."
            )


def choose_columns(table: Table, roles: Roles) -> Columns:
    """Find the column of each role.

    Raises
    ------
    DataError
        If there is no such column, or several that it could be.
    ParameterError
        If a column is named for two roles.
    """
    if table.source == ARRAY:
        return _array_columns(table, roles)
    named = {role: name for role in ("target", "time", "id") if (name := getattr(roles, role)) is not None}
    if set(table.names) == set(_FIELD):
        named = {"id": "unique_id"} | named if "unique_id" not in named.values() else named
    for role, name in named.items():
        table.require(name, role)
    if len(set(named.values())) < len(named):
        raise ParameterError(f"A column can have one role, got {', '.join(f'{r} {n!r}' for r, n in named.items())}.")
    if roles.target is not None and _is_time(table.sample(roles.target)):
        cell = shown(table.sample(roles.target)[0])
        raise DataError(f"{table.place(roles.target, 0)}{cell} is a date, not a number. Name another target.")
    time = named.get("time") or _find_time(table, set(named.values()))
    target = named.get("target") or _find_target(table, {time, *named.values()})
    return Columns(target=target, time=time, id=named.get("id"))


def _array_columns(table: Table, roles: Roles) -> Columns:
    """See to it that no role but the target is asked of an array."""
    for role in ("time", "id"):
        if getattr(roles, role) is not None:
            raise ParameterError(f"{table.source} has no columns for {role}=. Give a data frame.")
    if roles.target is not None:
        table.require(roles.target, "target")
    return Columns(target=table.names[0])


def _find_time(table: Table, taken: set[str]) -> str:
    """Choose the first column of dates; else the first that counts, if another column is left to forecast."""
    free = [name for name in table.names if name not in taken]
    for name in free:
        if _is_time(table.sample(name)):
            return name
    numeric = [name for name in table.names if _is_numeric(table.sample(name))]
    counts = [name for name in free if _is_whole(table.sample(name)) and set(numeric) - {name}]
    counts.sort(key=lambda name: name.casefold() not in _TIME_NAMES)  # those that are called like time first
    for name in counts:
        if name.casefold() in _TIME_NAMES or _rises_evenly(table.sample(name)):
            return name
    dubious = [name for name in free if not _is_numeric(table.sample(name))]
    seen = ""
    if dubious:
        seen = f"; column {dubious[0]!r}, row {table.rows[0]}, holds {shown(table.sample(dubious[0])[0])}"
    raise DataError(
        f"{table.source} has no column of dates in a known format{seen}. Write dates such as 1991-01-31, or "
        f"name the time column with {option(table.source, 'time')}. Its columns are {listed(table.names)}."
    )


def _find_target(table: Table, taken: set[str]) -> str:
    """Choose the one column of numbers; a column without a name, often a written index, is not meant."""
    free = [name for name in table.names if name not in taken]
    numeric = [name for name in free if _is_numeric(table.sample(name))]
    candidates = [name for name in numeric if name not in table.unnamed] or numeric or free
    if len(candidates) == 1:
        return candidates[0]
    found = f"several columns that could be the target, {listed(candidates)}"
    if not numeric:
        found = f"no column of numbers to forecast: its columns are {listed(table.names)}"
    raise DataError(f"{table.source} has {found}. Name the target with {option(table.source, 'target')}.")


def _is_time(cells: np.ndarray) -> bool:
    if cells.dtype != object:
        return cells.dtype.kind == "M"
    return _most(date_format(cell) is not None for cell in cells if not is_missing(cell))


def _is_numeric(cells: np.ndarray) -> bool:
    """Say whether most cells are numbers: a word among them is then an error to point at."""
    if cells.dtype != object:
        return cells.dtype.kind in "iuf"
    return _most(is_number(cell) for cell in cells if not is_missing(cell))


def _is_whole(cells: np.ndarray) -> bool:
    return cells.dtype.kind in "iu" or (cells.dtype == object and all(map(is_whole, cells)))


def _rises_evenly(cells: np.ndarray) -> bool:
    """Say whether whole numbers count something: they rise, mostly by the same step."""
    steps = np.diff(cells.astype(np.int64))
    if len(steps) == 0 or steps.min() <= 0:
        return False
    return bool(np.unique(steps, return_counts=True)[1].max() * 2 > len(steps))


def _most(facts: Iterable[bool]) -> bool:
    facts = list(facts)
    return sum(facts) * 2 >= len(facts) > 0
