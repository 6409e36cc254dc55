"""Parquet files in parts: whole series of them, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from statecast.series._census import are_plain, coding, count_series, time_label
from statecast.series._choose import choose_columns
from statecast.series._convert import STEPS
from statecast.series._load import Reading, read_records, used
from statecast.series._majority import jury
from statecast.series._panel import Columns, Panel
from statecast.series._parquet import FIRST_ROW, Arrow, Group, ParquetFiles
from statecast.series._read import panel_of
from statecast.series._records import Records
from statecast.series._roles import Roles
from statecast.series._sift import Refusal, sift
from statecast.series._terms import choose_terms


class FilesInParts:
    """Series in Parquet files, of which only the names are held in memory.

    Attributes
    ----------
    counts : int64 [S]
        Rows of each series, in the order in which their names come first.
    """

    def __init__(self, files: ParquetFiles, roles: Roles, columns: Columns, *, strict: bool) -> None:
        """Find out, by what takes a pass over the files, what is the same for all parts."""
        assert columns.id is not None
        assert columns.time is not None
        self._files, self._columns = files, columns
        self._roles = replace(
            roles,
            target=[columns.target],
            time=columns.time,
            id=columns.id,
            past=columns.past or None,
            known=columns.known or None,
            static=columns.static or None,
        )
        self._names = used(files.head, columns, (columns.target,))
        census = count_series(files, columns.id)
        self._ids, self.counts = census.result()
        self._together = census.runs == len(self.counts)
        self._starts = np.concatenate([[0], np.cumsum(self.counts)])
        like, written = coding(files, columns)
        self._roles = replace(self._roles, format=written)
        label = STEPS if str(roles.freq).isdecimal() else time_label(files, columns.time)
        self._reading = Reading(like, label=label, strict=strict, among=len(self.counts))
        self._stream = _Stream(files, files.own(self._names), files.own([columns.id]))
        self._first: tuple[int, int, Records] | None = None

    @classmethod
    def of(cls, files: ParquetFiles, roles: Roles, *, strict: bool) -> FilesInParts | None:
        """Return the series in files; None if these cannot be read in parts."""
        columns, targets = choose_columns(files.head, roles)
        whole = roles.wide or roles.every or roles.time_zone or roles.sheet or len(targets) > 1
        if whole or columns.id is None or columns.time is None or not are_plain(files, columns):
            return None
        return cls(files, roles, columns, strict=strict)

    def settle(self, last: int) -> None:
        """Find out what is to be the same for all parts: by all series if these are `last`, else by some of them."""
        records = self._records(0, last) if last == len(self.counts) else self._some()
        like = self._reading.like
        assert like is not None
        terms = choose_terms(records.columns, records.times, records.frequency.alias)
        like = replace(like, known=like.known + terms)
        self._reading = replace(self._reading, like=like, frequency=records.frequency, anchor=records.anchor)
        self._first = (0, last, records) if last == len(self.counts) else None

    def _some(self) -> Records:
        """Read the series that decide the frequency of all."""
        numbers = np.sort(jury(self.counts))
        if self._together:
            spans = [self._following(int(s), int(s) + 1) for s in numbers]
            batches = [batch for found, _ in spans for batch in found]
            rows = np.concatenate([found for _, found in spans])
        else:
            batches, rows = self._searched(self._ids.take(numbers))
        return read_records(self._files.to_table(batches, self._names, rows), self._roles, self._reading)

    def read(self, first: int, last: int, refused: Refusal | None) -> Panel | None:
        """Return those of the series `first` to `last`, the last not included, that can be used."""
        kept, _ = sift(self._records(first, last), first, refused)
        return None if kept is None else panel_of(kept, self._reading.like)

    def _records(self, first: int, last: int) -> Records:
        """Read the rows of some series, once if they are those that were read to settle things."""
        if self._first is not None:
            (start, stop, records), self._first = self._first, None
            if (start, stop) == (first, last):
                return records
        following = self._together
        batches, rows = self._following(first, last) if following else self._searched(self._ids[first:last])
        return read_records(self._files.to_table(batches, self._names, rows), self._roles, self._reading)

    def _following(self, first: int, last: int) -> tuple[list[Arrow], NDArray[np.int64]]:
        """Read the rows of series that lie together, and their numbers."""
        start, stop = self._starts[first], self._starts[last]
        return self._stream.read(start, stop), np.arange(FIRST_ROW + start, FIRST_ROW + stop)

    def _searched(self, ids: Arrow) -> tuple[list[Arrow], NDArray[np.int64]]:
        """Look for the rows of series in all row groups."""
        batches, rows = [], []
        for group in self._files.groups:
            for numbers, batch in self._found(group, ids):
                batches.append(batch)
                rows.append(numbers + FIRST_ROW)
        return batches, np.concatenate(rows)

    def _found(self, group: Group, wanted: Arrow) -> Iterator[tuple[NDArray[np.int64], Arrow]]:
        """Yield the rows of a row group whose name is among those wanted, and their numbers from the first of all."""
        import pyarrow.compute as pc

        names, stop = self._files.own(self._names), group.start + group.rows
        (unique_id,) = self._files.own([self._columns.id])
        if not self._files.may_hold(group, unique_id, wanted):
            return
        named = [(start, batch.column(0)) for start, batch in self._files.batches([unique_id], (), group.start, stop)]
        hits = [np.flatnonzero(pc.is_in(ids.cast(wanted.type), value_set=wanted)) for _, ids in named]
        if not any(map(len, hits)):
            return
        others = self._files.batches([name for name in names if name != unique_id], (), group.start, stop)
        for (start, ids), hit, (_, batch) in zip(named, hits, others, strict=True):
            yield start + hit, batch.append_column(unique_id, ids).select(names).take(hit)


class _Stream:
    """Rows read one after another; what was read beyond the rows asked for is kept for the next."""

    def __init__(self, files: ParquetFiles, names: list[str], categories: list[str]) -> None:
        self._files, self._names, self._categories = files, names, categories
        self._batches: Iterator[tuple[int, Arrow]] = iter(())
        self._at = -1
        self._left: Arrow | None = None

    def read(self, start: int, stop: int) -> list[Arrow]:
        """Return the rows from `start` to `stop`, the last not included."""
        if start != self._at:
            self._batches, self._left = self._files.batches(self._names, self._categories, start), None
        self._at, read, count = -1, [], stop - start
        while count:
            batch = next(self._batches)[1] if self._left is None else self._left
            taken = batch.slice(0, count)
            self._left = batch.slice(count) if len(batch) > count else None
            read.append(taken)
            count -= len(taken)
        self._at = stop
        return read
