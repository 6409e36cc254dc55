"""What is known ahead: the covariates of a panel, as far as its rows and the calendar tell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from statecast.series._alias import parse_alias
from statecast.series._coded import Coded, is_of
from statecast.series._covariates import Covariates
from statecast.series._grid import stamps
from statecast.series._panel import Columns
from statecast.series._records import Records
from statecast.series._table import listed
from statecast.series._terms import AHEAD, choose_terms, compute_terms


def to_covariates(records: Records, like: Covariates | None = None) -> Covariates | None:
    """Return the covariates of records, computed columns among them; None if there are none.

    `like` are covariates read before, whose computed columns these are to have.
    """
    columns, beside, future = records.columns, records.beside, records.future
    offsets, alias = records.offsets, records.frequency.alias
    read = len(beside.known.names)
    terms = choose_terms(columns, records.times, alias) if like is None else like.known[read:]
    if not (beside.past.names or read or beside.static.names or terms):
        return None
    known, counts = known_rows(beside.known, offsets, future)
    if not read:
        counts = counts + AHEAD * bool(terms)
        known = Coded((), np.empty((counts.sum(), 0)))
    known = with_terms(known, terms, rows_of(records.times[offsets[:-1]], counts, alias), alias, columns)
    return Covariates(
        past=beside.past.names,
        known=known.names,
        static=beside.static.names,
        past_values=beside.past.values[~future],
        known_values=known.values,
        known_offsets=np.concatenate([[0], np.cumsum(counts)]),
        static_values=beside.static.values,
    )


def known_rows(known: Coded, offsets: NDArray[np.int64], future: NDArray[np.bool_]) -> tuple[Coded, NDArray[np.int64]]:
    """Return the rows of every series up to the first one of the future that has a blank, and how many they are."""
    index = np.arange(len(future))
    ends = np.where(np.isnan(known.values).any(axis=1) & future, index, len(index))
    stops = np.minimum(np.minimum.reduceat(ends, offsets[:-1]), offsets[1:])
    return known.take(index < np.repeat(stops, np.diff(offsets))), stops - offsets[:-1]


def rows_of(first: NDArray[np.generic], counts: NDArray[np.int64], alias: str) -> NDArray[np.generic]:
    """Return the stamps of `counts` rows from `first` on, a series after another."""
    steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return stamps(parse_alias(alias), np.repeat(first, counts), steps)


def with_terms(known: Coded, terms: tuple[str, ...], times: NDArray[np.generic], alias: str, columns: Columns) -> Coded:
    """Return known columns and those computed from their time stamps."""
    values = compute_terms(terms, times, alias, columns.holidays)
    return Coded(known.names + terms, np.concatenate([known.values, values], axis=1))


def known_notes(columns: Columns, covariates: Covariates | None, lengths: NDArray[np.int64]) -> tuple[str, ...]:
    """Say which known columns were computed, and how far ahead others are known."""
    names = () if covariates is None else covariates.known
    computed = tuple(name for name in names if not any(is_of(name, column) for column in columns.known))
    notes = [f"Computed from the time stamps: {listed(computed)}."] if computed else []
    if columns.calendar and not set(computed) - {"holiday"}:
        notes.append("No term of the calendar fits the frequency and the length of the data, so there is none.")
    if columns.known and covariates is not None:
        notes.append(f"Known covariates go on for {_steps(np.diff(covariates.known_offsets) - lengths)}.")
    return tuple(notes)


def _steps(ahead: NDArray[np.int64]) -> str:
    low, high = int(ahead.min()), int(ahead.max())
    steps = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f"{steps} step{'' if high == 1 else 's'} after the last value"
