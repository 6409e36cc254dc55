"""What is known ahead: the covariates of a panel, as far as its rows and the calendar tell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.series._alias import parse_alias
from statecast.series._categories import refusal
from statecast.series._coded import Coded, is_of
from statecast.series._covariates import Covariates
from statecast.series._fill import fill_coded
from statecast.series._grid import positions, stamps
from statecast.series._panel import Columns
from statecast.series._records import Records
from statecast.series._table import listed
from statecast.series._terms import AHEAD, choose_terms, compute_terms


def to_covariates(records: Records, offsets: NDArray[np.int64], like: Covariates | None = None) -> Covariates | None:
    """Return the covariates of regular records, blanks filled; None if there are none.

    Past covariates are filled by their last value, as a line to a later one would tell of it; known ones by a straight
    line, and categories by their last value.

    Parameters
    ----------
    records : Records
        With a row for every step.
    offsets : int64 [S + 1]
        Where each series starts among the rows that are not of the future.
    like : Covariates, optional
        Those read before, whose computed columns these are to have.

    Raises
    ------
    DataError
        If a column is blank throughout a series, or a category has a value in the future that it never had before.
    """
    columns, beside, future = records.columns, records.beside, records.future
    if like is None:
        _refuse_unseen(records, future)
    alias, read = records.frequency.alias, len(beside.known.names)
    terms = choose_terms(columns, records.times, alias) if like is None else like.known[read:]
    past = with_siblings(records, beside.past).take(~future)
    if not (past.names or read or beside.static.names or terms):
        return None
    past = fill_coded(past, offsets, np.zeros(len(past.names), dtype=bool))
    known, counts = known_rows(beside.known, records.offsets, future)
    if read:
        numbers = np.array([name in columns.known for name in known.names])
        known = fill_coded(known, np.concatenate([[0], np.cumsum(counts)]), numbers)
    else:
        counts = np.diff(offsets) + AHEAD * bool(terms)
        known = Coded((), np.empty((counts.sum(), 0)))
    known_offsets = np.concatenate([[0], np.cumsum(counts)])
    _refuse_blank(records, past, offsets)
    _refuse_blank(records, known, known_offsets)
    known = with_terms(known, terms, rows_of(records.times[records.offsets[:-1]], counts, alias), alias, columns)
    return Covariates(
        past=past.names,
        known=known.names,
        static=beside.static.names,
        past_values=past.values,
        known_values=known.values,
        known_offsets=known_offsets,
        static_values=beside.static.values,
    )


def _refuse_unseen(records: Records, future: NDArray[np.bool_]) -> None:
    """Refuse a value of a category that rows of the future have and no other row, so that nothing is learnt of it."""
    coded = records.beside.known
    for column, values in records.columns.format.categories if future.any() else ():
        if column not in records.columns.known:
            continue
        own = [c for c, name in enumerate(coded.names) if is_of(name, column)]
        is_value, named = coded.values[:, own], [coded.names[c].removeprefix(f"{column}=") for c in own]
        if others := [value for value in values if value not in named]:  # of two values one has no column
            is_value, named = np.column_stack([is_value, 1 - is_value.sum(axis=1)]), [*named, *others]
        seen, ahead = ((is_value[rows] == 1).any(axis=0) for rows in (~future, future))
        if (unseen := ahead & ~seen).any():
            known = [value for value, is_seen in zip(named, seen, strict=True) if is_seen]
            reason = refusal(column, named[int(unseen.argmax())], known)
            raise DataError(f"{records.source}, column {column!r}: {reason}")


def with_siblings(records: Records, past: Coded) -> Coded:
    """Return past covariates with the targets before them, where there are several that are forecast together."""
    targets = records.targets
    if len(targets) < 2 or records.columns.wide:
        return past
    first = positions(parse_alias(records.frequency.alias), records.times[0], records.times[records.offsets[:-1]])[0]
    last = first + np.diff(records.offsets)
    values = np.full((len(records.values), len(targets)), np.nan)
    for s in range(len(records.ids)):
        for t in range(len(targets)):
            other = s - s % len(targets) + t
            low, high = max(first[s], first[other]), min(last[s], last[other])
            to, of = (records.offsets[k] - first[k] for k in (s, other))
            values[to + low : to + high, t] = records.values[of + low : of + high]
    return Coded(targets + past.names, np.concatenate([values, past.values], axis=1))


def _refuse_blank(records: Records, coded: Coded, offsets: NDArray[np.int64]) -> None:
    if np.isnan(coded.values).any():
        row, c = np.argwhere(np.isnan(coded.values))[0]
        name = records.ids[int(np.searchsorted(offsets, row, side="right")) - 1]
        raise DataError(
            f"{records.source}: the covariate {coded.names[c]!r} is blank for all of series {name!r}. Fill it in, or "
            "leave it out."
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
    values = compute_terms(terms, times, alias, columns)
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
