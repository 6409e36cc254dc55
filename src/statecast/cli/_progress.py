"""A progress bar on the terminal, while training takes long enough to show one; silent elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statecast.series import Progress


@contextmanager
def progress_bar(label: str, quiet: bool) -> Iterator[Progress | None]:
    """Give a progress function that draws a bar on standard error, or None where nobody would see it.

    The core calls it first after a tenth of a second: a short training draws nothing.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    bar = Bar(console=Console(stderr=True), transient=True)
    tasks: list[int] = []

    def show(done: int, total: int) -> None:
        if not tasks:
            bar.start()
            tasks.append(bar.add_task(label, total=total))
        bar.update(tasks[0], completed=done, total=total)  # type: ignore[arg-type]

    try:
        yield show
    finally:
        if tasks:
            bar.stop()
