"""What a command that trains works on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from statecast.cli._results import check_results

if TYPE_CHECKING:
    from pathlib import Path

    from statecast.cli._options import Chosen, DataOptions, RecipeOptions, ResultOptions, RunningOptions
    from statecast.series import Panel


@dataclass(frozen=True, eq=False)
class Job:
    """A recipe, the panel in the file, and the threads to train on."""

    recipe: Chosen
    panel: Panel
    threads: int


def prepare(
    file: str,
    data: DataOptions,
    recipe: RecipeOptions,
    result: ResultOptions,
    running: RunningOptions,
    report: Path | None,
) -> Job:
    """Check what was asked, outputs included, then read the file: nothing is computed before all of it is right."""
    check_results(result, report)
    chosen, threads = recipe.build(), running.count
    return Job(chosen, data.read(file), threads)
