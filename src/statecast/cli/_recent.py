"""How much of a history a picture shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statecast.series import Panel

TIMES, SEASONS = 12, 3


def recent(panel: Panel, series: int, steps: int) -> slice:
    """Return where the end of a series stands in the panel: 12 times as much as is shown beside it, or three seasons.

    All of a long history would leave no room for a few steps.
    """
    first, last = int(panel.offsets[series]), int(panel.offsets[series + 1])
    return slice(max(first, last - max(TIMES * steps, SEASONS * panel.frequency.season)), last)
