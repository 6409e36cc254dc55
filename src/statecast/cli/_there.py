"""A forecast of Parquet at an address: a cluster reads it and writes the result, and no row comes to this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from statecast.cli._cluster import ClusterOptions
    from statecast.cli._options import DataOptions, RecipeOptions, ResultOptions


def is_there(file: str, cluster: ClusterOptions) -> bool:
    """Say whether a cluster is to read a file itself."""
    return cluster.engine is not None and "://" in file


def forecast_there(
    file: str,
    data: DataOptions,
    recipe: RecipeOptions,
    result: ResultOptions,
    cluster: ClusterOptions,
    levels: tuple[float, ...],
    here: Mapping[str, object],
) -> None:
    """Have a cluster forecast the series in a file, and say what was found and what failed.

    Raises
    ------
    ParameterError
        If there is no folder to write to, or a value among ``here``: options that take the rows on this machine.
    """
    from importlib.metadata import version

    from statecast.cli._documents import failure_rows
    from statecast.cli._left import failure_lines
    from statecast.cli._results import check_forms, say
    from statecast.distributed import forecast_table
    from statecast.errors import ParameterError

    check_forms(result)
    if taken := [option for option, value in here.items() if value is not None and value is not False]:
        raise ParameterError(
            f"{taken[0]} takes rows on this machine, and those of {file} stay where they are. Leave it out."
        )
    if result.out is None:
        raise ParameterError(f"--out FOLDER: expected one, for the cluster to write the forecast of {file} to.")
    cluster.check()
    chosen = recipe.build()
    run = forecast_table(
        file,
        chosen,
        horizon=chosen.horizon,
        level=levels,
        out=result.out,
        roles=data.roles,
        engine=cluster.engine,
        address=cluster.address,
    )
    notes = [*run.notes, f"Recipe {chosen.name}: {chosen.description}."]

    def show(out: Console) -> None:
        for line in (*notes, *failure_lines(run.failures, run.series, None)):
            out.print(line)
        out.print("Not tested, as the rows are not here: statecast backtest of some of them says how good this is.")
        out.print(f"Forecast {run.series:,} series in {run.seconds:.1f} s.", style="dim")
        out.print(f"Table written to {run.folder}.")

    document = {
        "version": version("statecast"),
        "command": "forecast",
        "recipe": {"name": chosen.name, **asdict(chosen)},
        "decisions": notes,
        "series": run.series,
        "failures": failure_rows(run.failures),
        "out": str(run.folder),
    }
    say(document, show, result)
