"""Settled: how the rows of a table are read wherever they are, decided once on some of its series."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from statecast.errors import ParameterError
from statecast.series._choose import choose_columns
from statecast.series._convert import STEPS, read_times
from statecast.series._covariates import Covariates
from statecast.series._load import Reading, read_records
from statecast.series._panel import Columns
from statecast.series._parts import Parts, cut
from statecast.series._records import Records
from statecast.series._roles import Roles
from statecast.series._sift import Refusal
from statecast.series._source import open_table
from statecast.series._table import Table
from statecast.series._terms import choose_terms


@dataclass(frozen=True, eq=False)
class Settled:
    """How series of a table are read, each as if all of them were there. It can be sent to another process.

    Attributes
    ----------
    roles : Roles
        With the names of the columns.
    reading : Reading
    columns : Columns
    notes : tuple of str
        What was found out, a sentence each.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"unique_id": list("aabb"), "ds": [202001, 202002] * 2, "y": [5.0, 6, 1, 3]})
    >>> settled = Settled.on(frame)
    >>> [panel.times[0].item().year for panel in settled.parts(frame[2:])]
    [2020]
    """

    roles: Roles
    reading: Reading
    columns: Columns
    notes: tuple[str, ...]

    @classmethod
    def on(cls, sample: object, roles: Roles | None = None) -> Settled:
        """Decide on the rows of some series.

        Parameters
        ----------
        sample
            A table that `read` takes.
        roles : Roles, optional
            What the user says.

        Raises
        ------
        DataError
            If the sample cannot be understood.
        ParameterError
            If there is no id column, or something is asked for that takes all rows at once.
        """
        roles = roles or Roles()
        table = open_table(sample, roles.sheet)
        cls.columns_of(table, roles)
        records = read_records(table, roles, Reading(strict=False))
        columns = records.columns
        named = replace(
            roles,
            target=list(records.targets),
            time=columns.time,
            id=columns.id,
            past=columns.past or None,
            known=columns.known or None,
            static=columns.static or None,
            decimal=columns.decimal,
            format=replace(columns.format, categories=()),  # not all values need be in the sample
        )
        reading = Reading(
            _like(records),
            records.frequency,
            records.anchor,
            STEPS if records.times.dtype.kind in "iu" else _label(table, str(columns.time)),
            strict=False,
            among=len(records.ids),
        )
        return cls(named, reading, columns, records.notes[1:])

    @staticmethod
    def columns_of(rows: object, roles: Roles | None = None) -> Columns:
        """Find the column of each role in a few rows.

        Raises
        ------
        DataError
            If there is no such column, or several that it could be.
        ParameterError
            If there is no id column, or something is asked for that takes all rows at once.
        """
        roles = roles or Roles()
        for name in ("wide", "every", "time_zone", "sheet"):
            if getattr(roles, name):
                raise ParameterError(f"{name} takes all rows at once, and a table of many machines is read in parts.")
        columns, _ = choose_columns(rows if isinstance(rows, Table) else open_table(rows), roles)
        if columns.id is None or columns.time is None:
            raise ParameterError(
                "A table of many machines is divided by its series: name the id column with id= and the time column "
                "with time=, or call them unique_id and ds."
            )
        return columns

    def parts(self, rows: object, most_values: int = 5_000_000, refused: Refusal | None = None) -> Parts:
        """Return parts of the series in some of the rows, as `read_parts` gives them."""
        records = read_records(open_table(rows), self.roles, self.reading)
        records = replace(records, columns=replace(records.columns, format=self.columns.format))
        return cut(records, most_values, refused, self.reading.like)


def _label(table: Table, time: str) -> str:
    """Return how whole numbers are read as time; "" where there are dates."""
    return read_times(table, time).label if table.sample(time).dtype.kind in "iu" else ""


def _like(records: Records) -> Covariates:
    """Return covariates without rows: their columns, computed ones as well."""
    beside, nothing = records.beside, np.empty((0, 0))
    terms = choose_terms(records.columns, records.times, records.frequency.alias)
    known = beside.known.names + terms
    return Covariates(beside.past.names, known, beside.static.names, nothing, nothing, np.zeros(1, np.int64), nothing)
