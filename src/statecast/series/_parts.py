"""Reading in parts: panels of whole series, one after another, of data that need not fit in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from statecast.checks import whole_number
from statecast.series._census import cuts
from statecast.series._covariates import Covariates
from statecast.series._load import Reading, read_records
from statecast.series._panel import Panel
from statecast.series._parquet import ParquetFiles
from statecast.series._parted import FilesInParts
from statecast.series._read import panel_of
from statecast.series._records import Records
from statecast.series._roles import Roles
from statecast.series._sift import Refusal, Refused, sift
from statecast.series._source import open_source

_MOST_VALUES = 1_000_000_000


class _Reader(Protocol):
    """Gives the series of a part."""

    def read(self, first: int, last: int, refused: Refusal | None) -> Panel | None:
        """Return those of the series `first` to `last` of the data, the last not included, that can be used."""
        ...


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of a panel: an iterable of panels of whole series, in the order of the data; see `read_parts`.

    Attributes
    ----------
    series : int
        Series in the data, those that cannot be used among them.
    rows : int
        Rows in the data.
    """

    series: int
    rows: int
    _edges: NDArray[np.int64]
    _reader: _Reader
    _refused: Refusal | None

    def __len__(self) -> int:
        """Return the number of parts."""
        return len(self._edges) - 1

    def __iter__(self) -> Iterator[Panel]:
        """Read part after part; one without a series that can be used is passed over."""
        for number in range(len(self)):
            panel = self.read(number)
            if panel is not None:
                yield panel

    def span(self, number: int) -> tuple[int, int]:
        """Return the number of the first series of a part among all series, and that after its last one."""
        return int(self._edges[number]), int(self._edges[number + 1])

    def read(self, number: int) -> Panel | None:
        """Read one part, the same whatever was read before; None if it has no series that can be used."""
        return self._reader.read(*self.span(number), self._refused)


def read_parts(
    source: object,
    *,
    target: str | Sequence[str] | None = None,
    time: str | None = None,
    id: str | None = None,
    freq: str | None = None,
    season: int | Sequence[int] | None = None,
    sheet: str | None = None,
    past: str | Sequence[str] | None = None,
    known: str | Sequence[str] | None = None,
    static: str | Sequence[str] | None = None,
    holidays: str | None = None,
    calendar: bool = False,
    wide: bool = False,
    time_zone: str | None = None,
    every: str | None = None,
    aggregate: str | None = None,
    gaps: str = "linear",
    decimal: str | None = None,
    most_values: int = 5_000_000,
    refused: Refusal | None = None,
) -> Parts:
    """Read many series in parts, so that the memory needed is that of a part.

    Every part is a panel of whole series, in the order in which their names come first in the data. What is found
    out is found out once: columns by the first rows, frequency, season, grid of stamps and terms of the calendar by
    most of up to 99 series of all lengths, the values of categories by all rows. So a series has the same panel
    whatever else is in its part.

    Parquet files, and folders of them, are read in parts: first the id column alone, then the rows of each part. Where
    the rows of a series lie together, every row is read once. Where they do not, as in a table that is sorted by date,
    all row groups that may have series of a part are looked through for each part, which takes longer the more parts
    there are. All else is read at once and then cut: other files, frames and arrays; also Parquet without an id
    column, with times or targets as text, with several targets, and with `every`, `time_zone` or `wide`.

    Parameters
    ----------
    source : path, data frame, Panel, ..
        All that `read` takes.
    target, time, id, freq, season, sheet, past, known, static, holidays, calendar, wide, time_zone, every, aggregate, \
gaps, decimal
        As `read` takes them.
    most_values : int
        Rows of a part at most; a series that has more is a part alone.
    refused : callable, optional
        Is told of every series that cannot be used, a `Refused`, before its part is given: a series without a value or
        with more than half of them missing, with a time stamp twice or off the grid, or a value that is infinite.
        Without it such a series is an error, as it is for `read`.

    Returns
    -------
    Parts
        An iterable of panels. Reading Parquet takes about 100 bytes a row of the largest part, of which 16 stay in
        the panel, 50 bytes a cell of covariates, and about 100 bytes a series of the data, whatever its size. Notes
        tell of the part.

    Raises
    ------
    FileError
        If a file cannot be read.
    DataError
        If the contents are wrong: the message names the series.
    ParameterError
        If an argument has a value that it cannot have.

    Examples
    --------
    >>> import pandas as pd
    >>> from statecast.series import read_parts
    >>> frame = pd.DataFrame({"unique_id": list("aaabbbcc"), "ds": [1, 2, 3, 1, 2, 3, 1, 2], "y": range(8)})
    >>> parts = read_parts(frame, most_values=5)
    >>> parts.series, len(parts)
    (3, 2)
    >>> [panel.ids for panel in parts]
    [('a',), ('b', 'c')]
    """
    roles = Roles(
        target=target,
        time=time,
        id=id,
        freq=freq,
        season=season,
        sheet=sheet,
        past=past,
        known=known,
        static=static,
        holidays=holidays,
        calendar=calendar,
        wide=wide,
        time_zone=time_zone,
        every=every,
        aggregate=aggregate,
        gaps=gaps,
        decimal=decimal,
    )
    return to_parts(source, roles, most_values=most_values, refused=refused)


def to_parts(
    source: object, roles: Roles | None = None, *, most_values: int = 5_000_000, refused: Refusal | None = None
) -> Parts:
    """Read as `read_parts` does, with what the user says in one object."""
    most = whole_number("most_values", most_values, 1, _MOST_VALUES)
    roles = roles or Roles()
    if isinstance(source, Panel):
        return _parts(source.lengths, most, _Cut(source, np.arange(len(source)), ()), refused)
    opened = open_source(source, roles.sheet)
    if isinstance(opened, ParquetFiles):
        files = FilesInParts.of(opened, roles, strict=refused is None)
        if files is not None:
            parts = _parts(files.counts, most, files, refused)
            files.settle(parts.span(0)[1])
            return parts
    return cut(read_records(opened, roles, Reading(strict=refused is None)), most, refused)


def cut(records: Records, most: int, refused: Refusal | None, like: Covariates | None = None) -> Parts:
    """Return parts of records that were read at once; their covariates have the columns of those read before."""
    told: list[Refused] = []
    kept, numbers = sift(records, 0, None if refused is None else told.append)
    panel = None if kept is None else panel_of(kept, like)
    return _parts(np.diff(records.offsets), most, _Cut(panel, numbers, tuple(told)), refused)


def _parts(counts: NDArray[np.int64], most: int, reader: _Reader, refused: Refusal | None) -> Parts:
    return Parts(len(counts), int(counts.sum()), cuts(counts, most), reader, refused)


@dataclass(frozen=True, eq=False)
class _Cut:
    """A panel that was read at once.

    Attributes
    ----------
    panel : Panel or None
        Of the series that can be used.
    numbers : int64 array
        Their numbers among all series of the data.
    told : tuple of Refused
        The others.
    """

    panel: Panel | None
    numbers: NDArray[np.int64]
    told: tuple[Refused, ...]

    def read(self, first: int, last: int, refused: Refusal | None) -> Panel | None:
        low, high = np.searchsorted(self.numbers, [first, last])
        for one in self.told:
            if refused is not None and first <= one.index < last:
                refused(one)
        if self.panel is None or low == high:
            return None
        return self.panel if high - low == len(self.panel) else self.panel.select(np.arange(low, high))
