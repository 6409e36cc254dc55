"""Roles: what the user says about the data. What is not said is found out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from statecast.checks import choice
from statecast.errors import ParameterError
from statecast.series._calendar import Frequency
from statecast.series._format import Format
from statecast.series._panel import Columns
from statecast.series._period import parse_period, period_of_model
from statecast.series._zones import find_zone

RULES = ("linear", "season", "last", "zero", "refuse")
"""What is done about gaps and missing values."""

MARKS = (".", ",")
"""Decimal marks."""

AGGREGATES = ("sum", "mean", "last")
"""How rows are put together."""

_MOST_SEASON = 10_000_000


@dataclass(frozen=True)
class Roles:
    """What the user says about the data; None is found out.

    Attributes
    ----------
    target, past, known, static : str, sequence of str, or None
        Names of columns, one or more; in text they are separated by commas.
    time, id : str or None
        Names of columns.
    freq : str or None
        Frequency: an alias of pandas, or a word such as "monthly".
    season : int, sequence of int, or None
        Steps in a season, or in several.
    sheet : str or None
        Sheet of an Excel workbook.
    holidays : str or None
        A country, such as DE or AU-VIC, whose holidays are a known column.
    calendar : bool
        Whether terms of the calendar are known columns.
    wide : bool
        Whether every column of numbers is a series.
    time_zone : str or None
        Of the time stamps, such as Europe/Berlin.
    every : str or None
        Period that rows are brought to, such as month or 30min.
    aggregate : str or None
        How rows of one period, or of one time stamp, are put together: sum, mean or last.
    gaps : str
        The rule by which gaps and missing values are filled: linear, season, last, zero; or refuse.
    decimal : str or None
        The decimal mark of numbers in text, a point or a comma.
    format : Format or None
        How the cells of the rows before were written, where these follow others: they are read in the same manner.
    """

    target: str | Sequence[str] | None = None
    time: str | None = None
    id: str | None = None
    freq: str | None = None
    season: int | Sequence[int] | None = None
    sheet: str | None = None
    past: str | Sequence[str] | None = None
    known: str | Sequence[str] | None = None
    static: str | Sequence[str] | None = None
    holidays: str | None = None
    calendar: bool = False
    wide: bool = False
    time_zone: str | None = None
    every: str | None = None
    aggregate: str | None = None
    gaps: str = "linear"
    decimal: str | None = None
    format: Format | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be, before anything is read."""
        self.seasons  # noqa: B018  # checks them
        choice("gaps", self.gaps, RULES)
        if self.decimal is not None:
            choice("decimal", self.decimal, MARKS)
        if self.aggregate is not None:
            choice("aggregate", self.aggregate, AGGREGATES)
        if self.time_zone is not None:
            find_zone(self.time_zone)
        if self.every is not None:
            parse_period(self.every)
            if self.freq is not None:
                raise ParameterError(
                    f"every, {self.every!r}, is the frequency already: leave freq, {self.freq!r}, out."
                )

    @classmethod
    def of(cls, columns: Columns, frequency: Frequency) -> Roles:
        """Return the roles by which new rows of a panel are read."""
        return cls(
            target=None if columns.wide else columns.target,
            time=columns.time,
            id=columns.id,
            freq=None if columns.every else frequency.alias,
            season=(frequency.season, *frequency.longer),
            past=columns.past or None,
            known=columns.known or None,
            static=columns.static or None,
            holidays=columns.holidays,
            calendar=columns.calendar,
            wide=columns.wide,
            time_zone=columns.time_zone,
            every=None if columns.every is None else period_of_model(columns.every, frequency.alias),
            aggregate=columns.aggregate,
            gaps=columns.gaps,
            decimal=columns.decimal,
            format=columns.format,
        )

    @property
    def manner(self) -> Columns:
        """How the rows are read, as a panel keeps it; the names of the columns are not chosen yet."""
        return Columns(
            target="",
            holidays=self.holidays,
            calendar=self.calendar,
            wide=self.wide,
            time_zone=self.time_zone,
            every=self.every,
            aggregate=self.aggregate or ("sum" if self.every else None),
            gaps=self.gaps,
            decimal=self.decimal,
        )

    @property
    def seasons(self) -> tuple[int, ...]:
        """The seasons that were given, the shortest first.

        Raises
        ------
        ParameterError
            If one cannot be.
        """
        if self.season is None:
            return ()
        several = isinstance(self.season, (Sequence, np.ndarray)) and not isinstance(self.season, str)
        given: list[Any] = list(self.season) if several else [self.season]  # type: ignore[arg-type]
        if not given or not all(map(_is_season, given)):
            raise ParameterError(
                f"The season must be a whole number from 1 to {_MOST_SEASON:,}, or several, got {self.season!r}. "
                "Give 12 for months with a yearly season, 1 for no season."
            )
        seasons = tuple(sorted(map(int, given)))
        if len(seasons) > 1 and (len(set(seasons)) < len(seasons) or seasons[0] == 1):
            raise ParameterError(f"Several seasons must differ and be above 1, got {self.season!r}.")
        return seasons


def _is_season(value: object) -> bool:
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    return whole and 1 <= int(value) <= _MOST_SEASON  # type: ignore[call-overload]
