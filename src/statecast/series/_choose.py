"""Columns: which one is time, which is the target, which tells series apart. Found out where nobody says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from statecast.errors import DataError, ParameterError
from statecast.series._cells import is_missing, is_whole, shown
from statecast.series._dates import date_format
from statecast.series._numbers import is_number
from statecast.series._panel import Columns
from statecast.series._roles import Roles
from statecast.series._table import ARRAY, Table, listed, option

_FIELD = {"id": "unique_id", "time": "ds", "target": "y"}  # the field's names
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
WIDE = "value"
"""The name of the target of a wide table."""

_BESIDE = ("past", "known", "static")
_ROLES = ("target", "time", "id", *_BESIDE)


def choose_columns(table: Table, roles: Roles) -> tuple[Columns, tuple[str, ...]]:
    """Find the column of each role.

    Returns
    -------
    Columns
    tuple of str
        Names of the target columns; of a wide table, of all series.

    Raises
    ------
    DataError
        If there is no such column, or several that it could be.
    ParameterError
        If a column is named for two roles.
    """
    if table.source == ARRAY:
        return _array_columns(table, roles)
    if roles.wide and (clash := next((role for role in ("target", "id") if getattr(roles, role) is not None), None)):
        raise ParameterError(
            f"A wide table has a series in every column of numbers, so {clash} cannot be named. Leave one."
        )
    named = {role: names for role in _ROLES if (names := split_names(table, getattr(roles, role)))}
    named = _by_field(table, named, roles) | named
    for role, names in named.items():
        for name in names:
            table.require(name, role)
    _refuse_two_roles(named)
    for name in named.get("target", ()):
        if _is_time(table.sample(name)):
            cell = shown(table.sample(name)[0])
            raise DataError(f"{table.place(name, 0)}{cell} is a date, not a number. Name another target.")
    taken = {name for names in named.values() for name in names}
    time = named["time"][0] if "time" in named else _find_time(table, taken)
    if roles.wide:
        targets, target = _find_series(table, {time, *taken}), WIDE
    else:
        targets = named.get("target") or (_find_target(table, {time, *taken}),)
        target = ",".join(targets)
    columns = replace(
        roles.manner,
        target=target,
        time=time,
        id=next(iter(named.get("id", ())), None),
        past=named.get("past", ()),
        known=named.get("known", ()),
        static=named.get("static", ()),
    )
    return columns, targets


def _by_field(table: Table, named: dict[str, tuple[str, ...]], roles: Roles) -> dict[str, tuple[str, ...]]:
    """Return the columns called unique_id, ds and y, in any case, for the roles that are not named.

    All three must be there, or be named otherwise: one such name alone may mean anything.
    """
    folded = {name.casefold(): name for name in sorted(table.names, key=lambda name: name in _FIELD.values())}
    taken = {name for names in named.values() for name in names}
    found: dict[str, tuple[str, ...]] = {
        role: (folded[name],)
        for role, name in _FIELD.items()
        if role not in named and name in folded and folded[name] not in taken
    }
    return found if {*found, *named} >= {*_FIELD} and not roles.wide else {}


def split_names(table: Table, given: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the names of columns: in text, one that the table has as it stands, or several separated by commas."""
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,) if given in table.names or "," not in given else tuple(map(str.strip, given.split(",")))
    return tuple(given)


def _refuse_two_roles(named: dict[str, tuple[str, ...]]) -> None:
    """Refuse a column with two roles, several columns where there can be one, and names that cannot be put together."""
    for role in ("time", "id"):
        if len(named.get(role, ())) > 1:
            raise ParameterError(f"There can be one {role} column, got {listed(named[role])}.")
    pairs = [(role, name) for role, names in named.items() for name in names]
    counts = Counter(name for _, name in pairs)
    if twice := [f"{role} {name!r}" for role, name in pairs if counts[name] > 1]:
        raise ParameterError(f"A column can have one role, got {', '.join(twice)}.")
    targets = named.get("target", ())
    if len(targets) > 1 and (commas := [name for name in targets if "," in name]):
        raise ParameterError(f"Several targets cannot have commas in their names, got {commas[0]!r}. Rename it.")


def _array_columns(table: Table, roles: Roles) -> tuple[Columns, tuple[str, ...]]:
    """See to it that no role but the target is asked of an array."""
    for role in _ROLES[1:]:
        if getattr(roles, role) is not None:
            raise ParameterError(f"{table.source} has no columns for {role}=. Give a data frame.")
    for name in ("holidays", "calendar", "wide", "time_zone", "every"):
        if getattr(roles, name):
            raise ParameterError(f"{table.source} has no column of dates for {name}=. Give a data frame.")
    targets = split_names(table, roles.target)
    for name in targets:
        table.require(name, "target")
    _refuse_two_roles({"target": targets})
    return replace(roles.manner, target=table.names[0]), table.names[:1]


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
    """Choose the one column of numbers; those without a name, often a written index, and of folders are not meant."""
    free = [name for name in table.names if name not in taken]
    numeric = [name for name in free if _is_numeric(table.sample(name))]
    candidates = [name for name in numeric if name not in table.aside] or numeric or free
    if len(candidates) == 1:
        return candidates[0]
    found = f"several columns that could be the target, {listed(candidates)}"
    cure = f", or take each as a series with {option(table.source, 'wide')}"
    if not numeric:
        found, cure = f"no column of numbers to forecast: its columns are {listed(table.names)}", ""
    raise DataError(f"{table.source} has {found}. Name the target with {option(table.source, 'target')}{cure}.")


def _find_series(table: Table, taken: set[str]) -> tuple[str, ...]:
    """Choose every column of numbers; those without a name, often a written index, and of folders are not meant."""
    free = [name for name in table.names if name not in taken and name not in table.aside]
    series = tuple(name for name in free if _is_numeric(table.sample(name)))
    if not series:
        raise DataError(f"{table.source} has no column of numbers beside time: its columns are {listed(table.names)}.")
    return series


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
