"""Reading the file that a command names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statecast.cli._options import DataOptions
    from statecast.series import Panel


def read_panel(file: str, data: DataOptions) -> Panel:
    """Return the panel in a file, with what the options say about its columns."""
    from statecast.series import read

    roles = data.roles
    return read(
        file,
        target=roles.target,
        time=roles.time,
        id=roles.id,
        freq=roles.freq,
        season=roles.season,
        sheet=roles.sheet,
    )
