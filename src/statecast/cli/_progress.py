"""A progress bar on the terminal, while training takes long enough to show one; silent elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import ProgressColumn

    from statecast.series import Progress


@contextmanager
def progress_bar(label: str, quiet: bool, unit: str | None = None) -> Iterator[Progress | None]:
    """Give a progress function that draws a bar on standard error, or None where nobody would see it.

    With a unit, what is counted is said, how many of them a second, and how long the rest takes.

    The core calls it first after a tenth of a second: a short training draws nothing.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    columns = () if unit is None else _columns(unit)
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    tasks: list[int] = []

    def show(done: int, total: int) -> None:
        if not tasks:
            bar.start()
            tasks.append(bar.add_task(label, total=total, completed=done))
        bar.update(tasks[0], completed=done, total=total)  # type: ignore[arg-type]

    try:
        yield show
    finally:
        if tasks:
            bar.stop()


def _columns(unit: str) -> tuple[ProgressColumn, ...]:
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many are done a second."""

        def render(self, task: Task) -> Text:
            """Say it, once it is known."""
            return Text(f"{task.speed:,.0f} {unit}/s" if task.speed else "")

    counted = TextColumn("{task.completed:,.0f} of {task.total:,.0f} " + unit)
    return TextColumn("{task.description}"), BarColumn(), counted, Rate(), TimeRemainingColumn()
