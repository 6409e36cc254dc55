"""A run over many series: read, forecast and kept piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from statecast.checks import cores
from statecast.distributed._engine import to_engine
from statecast.distributed._journal import journal
from statecast.distributed._kept import Folder, InMemory, Kept, check_out
from statecast.distributed._part import Failure, Part
from statecast.distributed._pieces import Pieces, Task
from statecast.distributed._trained import trained
from statecast.errors import DataError, ParameterError
from statecast.intervals import in_percent
from statecast.series import Forecast, Progress, Recipe
from statecast.storage import check_writable

PARTITIONS = 16
"""Pieces that series are cut into at least for a cluster."""


@dataclass(frozen=True, eq=False)
class Run:
    """What became of a run over many series.

    Attributes
    ----------
    series : int
        How many there are in the input.
    failures : tuple of Failure
        Those that the recipe could not forecast, in the input's order, with the reason and what took over.
    head : Forecast
        Of the first series, those of the first piece.
    forecast : Forecast or None
        Of all series that have one, in the input's order, its members averaged; None where it was written to a file.
    resumed : int
        Series that an earlier run had done.
    seconds : float
        Wall time.
    notes : tuple of str
        What there is to say of the workers of a cluster, a sentence each.
    """

    series: int
    failures: tuple[Failure, ...]
    head: Forecast
    forecast: Forecast | None
    resumed: int = 0
    seconds: float = field(default=0.0, compare=False)
    notes: tuple[str, ...] = ()


def fit_forecast(
    data: object,
    recipe: Recipe,
    *,
    horizon: int | None = None,
    level: float | Sequence[float] = (),
    out: str | Path | None = None,
    resume: bool = False,
    save: str | Path | None = None,
    threads: int | None = None,
    engine: object = None,
    address: str | None = None,
    partitions: int | None = None,
    progress: Progress | None = None,
) -> Run:
    """Forecast every series of an input of any size, piece by piece; what fails is named, and the rest is done.

    A series that the recipe refuses, or that cannot be read, gets the best simple baseline that its length allows. The
    forecast of a local recipe is the same whatever series are beside it; a shared recipe is fitted once, to all.

    Parameters
    ----------
    data
        What ``read`` takes, or ``Pieces`` of it, which say how it is read and how much of it at once.
    recipe : Recipe
        Such as ``auto()``.
    horizon : int, optional
        Steps ahead; the recipe's own horizon, else a season, if None.
    level : float or sequence of float
        Of the intervals, in percent; none if empty.
    out : path, optional
        A file that ends in .csv or .parquet. It is written when all is done, and the failures beside it, to
        NAME.failures.csv; until then finished pieces are kept in the folder NAME.parquet.parts. Without it the
        forecast is in the result.
    resume : bool
        Whether to go on with an unfinished run to the same file: what is done is not done again. It must be the same
        run: input, recipe and options, the version of Statecast and the instruction set. Without it an unfinished run
        is not touched, but refused.
    save : path, optional
        A model file for ``statecast.load``, of all series that the recipe can forecast. They are then read and fitted
        at once, in memory and on this machine, to the same numbers.
    threads : int, optional
        To train on; the numbers do not depend on it. All cores if None.
    engine : str or object, optional
        What the pieces are forecast on: ``"dask"``, ``"ray"`` or ``"spark"``; or a Dask client, a Spark session, or
        what ``ray.init`` returns; this machine if None.
    address : str, optional
        Of the cluster; one is started on this machine, and stopped at the end, if None.
    partitions : int, optional
        Pieces that the series are cut into at least for a cluster, of 500 series or more; 16 if None. Give four times
        the workers, where there are more than four.
    progress : callable, optional
        Gets the number of series that are done, and of all, before the first piece and after every one.

    Raises
    ------
    FileError
        If the input cannot be read, the file cannot be written, or an unfinished run to it is there.
    DataError
        If the input is wrong, or none of its series can be forecast with the recipe.
    ParameterError
        If an argument has a value that it cannot have, or the unfinished run is another one.

    Examples
    --------
    >>> import pandas as pd
    >>> import statecast as sc
    >>> from statecast.distributed import fit_forecast
    >>> frame = pd.DataFrame({"unique_id": list("aaaaab"), "ds": [1, 2, 3, 4, 5, 5], "y": [3.0, 5, 4, 6, 5, 7]})
    >>> run = fit_forecast(frame, sc.auto(epochs=5), horizon=2)
    >>> run.series, len(run.forecast.to_frame())
    (2, 4)
    >>> run.failures
    (Failure(unique_id='b', reason='the recipe takes at least 3 observations, got 1.', method='last_value'),)
    """
    started = perf_counter()
    if save is not None:
        check_save(Path(save), engine, resume)
    levels, on = in_percent(level), to_engine(engine, address, partitions)
    if out is not None:
        check_out(Path(out), data.data if isinstance(data, Pieces) else data, resume)
    pieces = _cut(data, engine, partitions, in_one=save is not None)
    kept: Kept = InMemory()
    if out is not None:
        kept = Folder(Path(out), journal(pieces, recipe, {"horizon": horizon, "level": levels}, resume))
    elif resume:
        raise ParameterError("--resume goes on with a run to a file: name it with --out.")
    sizes, done, total = pieces.sizes, kept.done, pieces.series
    resumed = finished = sum(sizes[number] for number in done)
    if len(done) < len(sizes):
        count = cores() if threads is None else threads
        local = trained(recipe, pieces.thinned(), horizon, levels, count) if recipe.shared else recipe
        task = Task(local, horizon, levels, count, keep=save is not None)
        if progress is not None:
            progress(finished, total)
        for number, part in on.run(task, pieces.read(done)):
            kept.keep(number, part if save is None else _saved(part, save))
            finished += sizes[number]
            if progress is not None:
                progress(finished, total)
    numbers = [*sizes]
    failures = kept.failures(numbers)
    if len(failures) == total:
        kept.discard()
        first = failures[0]
        raise DataError(
            f"none of the {total:,} series can be forecast with the recipe {recipe.name}: {first.unique_id!r}, "
            f"for one, as {first.reason}"
        )
    head = kept.head(numbers)
    return Run(total, failures, head, kept.finish(numbers), resumed, perf_counter() - started, tuple(on.notes))


def check_save(save: Path, engine: object, resume: bool) -> None:
    """Refuse, before any work, a model file that a run cannot write.

    Raises
    ------
    FileError
        If it cannot be written.
    ParameterError
        If the run is on a cluster, or goes on with another.
    """
    if engine is not None or resume:
        given = "--resume" if engine is None else "--engine"
        raise ParameterError(
            f"--save and {given}: a model is fitted to all series at once, on this machine, so expected one of them. "
            f"Leave {given} out; or save a model of some of the series."
        )
    check_writable(save)


def _cut(data: object, engine: object, partitions: int | None, in_one: bool) -> Pieces:
    pieces = data if isinstance(data, Pieces) else Pieces(data)
    if in_one:
        return pieces.in_one()
    return pieces if engine is None else pieces.finer(PARTITIONS if partitions is None else partitions)


def _saved(part: Part, path: str | Path) -> Part:
    """Write the model of a part, and return the part without it."""
    if part.fitted is not None:
        part.fitted.save(path)
    return replace(part, fitted=None)
