"""What is said of the series that were left over: those that a recipe could not forecast, or a test could not hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statecast.distributed import Failure

MOST_NAMED = 5


def failure_lines(failures: Sequence[Failure], series: int, file: Path | None) -> Iterator[str]:
    """Say which series the recipe could not forecast, and what took over; the file has them all, if there is one."""
    from statecast.evaluation import spoken

    if not failures:
        return
    yield f"{len(failures):,} of {series:,} series could not be forecast by the recipe:"
    for failure in failures[:MOST_NAMED]:
        instead = "Not forecast" if failure.method == "none" else f"Forecast by {spoken(failure.method)}"
        yield f"  {failure.unique_id}: {failure.reason} {instead}."
    if (more := len(failures) - MOST_NAMED) > 0:
        yield f"  and {more:,} more: {'--json lists' if file is None else f'{file} lists'} them all."


def left_out_lines(left_out: Mapping[str, str], series: int) -> Iterator[str]:
    """Say which series a test has left out."""
    if not left_out:
        return
    yield f"{len(left_out):,} of {series:,} series cannot be tested and were left out:"
    yield from (f"  {name}: {reason}" for name, reason in list(left_out.items())[:MOST_NAMED])
    if (more := len(left_out) - MOST_NAMED) > 0:
        yield f"  and {more:,} more: --json lists them all."
