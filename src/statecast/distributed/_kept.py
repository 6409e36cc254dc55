"""What becomes of the pieces of a run: kept in memory, or in a folder beside the result, where a killed run goes on."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from statecast.distributed._part import Failure, Part, in_order
from statecast.distributed._table import failures_of, from_table, to_table
from statecast.errors import FileError, ParameterError
from statecast.series import Forecast
from statecast.storage import TABLES, TableWriter, check_writable, write_whole

_JOURNAL = "run.json"


class Kept(Protocol):
    """Where pieces are kept."""

    @property
    def done(self) -> frozenset[int]:
        """The numbers of those that are there already."""
        ...

    def keep(self, number: int, part: Part) -> None:
        """Keep what became of a piece."""
        ...

    def failures(self, numbers: Sequence[int]) -> tuple[Failure, ...]:
        """Return the failures of the pieces, in this order."""
        ...

    def head(self, numbers: Sequence[int]) -> Forecast:
        """Return the forecast of the first piece that has one."""
        ...

    def finish(self, numbers: Sequence[int]) -> Forecast | None:
        """Put the pieces together, in this order: the forecast, or None where it was written to a file."""
        ...

    def discard(self) -> None:
        """Forget them."""
        ...


class InMemory:
    """Pieces in memory."""

    def __init__(self) -> None:
        self._parts: dict[int, Part] = {}

    @property
    def done(self) -> frozenset[int]:
        """None."""
        return frozenset()

    def keep(self, number: int, part: Part) -> None:
        """Keep a piece."""
        self._parts[number] = part

    def failures(self, numbers: Sequence[int]) -> tuple[Failure, ...]:
        """Return the failures of the pieces."""
        return tuple(failure for number in numbers for failure in self._parts[number].failures)

    def head(self, numbers: Sequence[int]) -> Forecast:
        """Return the first forecast."""
        return next(f for number in numbers if len((f := self._parts[number].forecast).ids))

    def finish(self, numbers: Sequence[int]) -> Forecast:
        """Return the forecast of all pieces."""
        forecasts = [f for number in numbers if len((f := self._parts[number].forecast).ids)]
        ends = np.cumsum([len(f.ids) for f in forecasts])
        return in_order([(np.arange(end - len(f.ids), end), f) for end, f in zip(ends, forecasts, strict=True)])

    def discard(self) -> None:
        """Forget them."""
        self._parts.clear()


class Folder:
    """Pieces in a folder beside the file that is to be written: one file each, written whole or not at all.

    It is made when the first piece is done, holds a journal that says what run it is, and goes when the result is
    whole.

    Parameters
    ----------
    out : Path
        The file.
    journal : mapping
        What the run is, as JSON holds it.

    Raises
    ------
    FileError
        If something else is there.
    ParameterError
        If the unfinished run there is another one.
    """

    def __init__(self, out: Path, journal: Mapping[str, object]) -> None:
        self._out, self._folder = out, _folder(out)
        self._journal = json.loads(json.dumps(journal))
        if self._folder.exists():
            self._check()

    def _check(self) -> None:
        anew = f"remove the folder {self._folder} to start anew"
        try:
            found = json.loads((self._folder / _JOURNAL).read_bytes())
        except (OSError, ValueError):
            raise FileError(f"{self._folder}: expected an unfinished run, got something else; {anew}.") from None
        for key, value in self._journal.items():
            if found.get(key) != value:
                raise ParameterError(
                    f"--resume: the unfinished run differs in {key}{_compared(found.get(key), value)}. "
                    f"Run it as it was, or {anew}."
                )

    @property
    def done(self) -> frozenset[int]:
        """The numbers of the pieces that are there."""
        return frozenset(int(path.stem) for path in self._folder.glob("[0-9]*.parquet"))

    def keep(self, number: int, part: Part) -> None:
        """Write a piece."""
        import pyarrow.parquet as pq

        if not self._folder.exists():
            self._folder.mkdir()
            text = json.dumps(self._journal, indent=2) + "\n"
            write_whole(self._folder / _JOURNAL, lambda new: new.write_text(text, encoding="utf-8"))
        write_whole(self._piece(number), lambda new: pq.write_table(to_table(part), new))

    def failures(self, numbers: Sequence[int]) -> tuple[Failure, ...]:
        """Read the failures of the pieces."""
        import pyarrow.parquet as pq

        return tuple(
            failure for number in numbers for failure in failures_of(pq.read_schema(self._piece(number)).metadata)
        )

    def head(self, numbers: Sequence[int]) -> Forecast:
        """Read the first forecast."""
        import pyarrow.parquet as pq

        return next(f for n in numbers if len((f := from_table(pq.read_table(self._piece(n))).forecast).ids))

    def finish(self, numbers: Sequence[int]) -> None:
        """Put the pieces together into the file, the failures into one beside it, and remove the folder."""
        import pyarrow.parquet as pq

        whole = self._folder / f"whole{self._out.suffix.lower()}"
        with TableWriter(whole) as writer:
            for number in numbers:
                table = pq.read_table(self._piece(number))
                if len(table):
                    writer.write(table.replace_schema_metadata(None))
        _write_failures(failures_file(self._out), self.failures(numbers))
        whole.replace(self._out)
        self.discard()

    def discard(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder)

    def _piece(self, number: int) -> Path:
        return self._folder / f"{number:012}.parquet"


def check_out(out: Path, data: object, resume: bool) -> None:
    """Refuse, before any work, a file that a run cannot write.

    Raises
    ------
    FileError
        If it cannot be written, or an unfinished run to it is kept that is not to be resumed.
    ParameterError
        If it is in the folder that is read.
    """
    if out.suffix.lower() not in TABLES:
        raise FileError(f"{out}: expected a name that ends in {' or '.join(TABLES)}.")
    check_writable(out)
    source = Path(data) if isinstance(data, (str, os.PathLike)) else None
    if source is not None and source.is_dir() and out.resolve().is_relative_to(source.resolve()):
        raise ParameterError(f"--out {out}: expected a place outside the folder that is read, {source}.")
    if _folder(out).exists() and not resume:
        raise FileError(
            f"{out}: an unfinished run is kept. Go on with it with --resume, or remove the folder {_folder(out)} to "
            "start anew."
        )


def _folder(out: Path) -> Path:
    return out.with_name(f"{out.name}.parts")


def failures_file(out: Path) -> Path:
    """Return where the failures of a run are written: NAME.failures.csv beside NAME.parquet."""
    return out.with_name(f"{out.stem}.failures.csv")


def _write_failures(path: Path, failures: Sequence[Failure]) -> None:
    """Write a row a failure; without any, remove those of an earlier run."""
    if not failures:
        path.unlink(missing_ok=True)
        return

    def write(new: Path) -> None:
        with new.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("unique_id", "reason", "method"))
            rows.writerows((failure.unique_id, failure.reason, failure.method) for failure in failures)

    write_whole(path, write)


def _compared(old: object, new: object) -> str:
    """Say two values that differ, where they are short."""
    said = f": {json.dumps(old)} there, {json.dumps(new)} here"
    return said if len(said) < 120 else ""
