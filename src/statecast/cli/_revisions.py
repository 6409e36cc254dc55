"""What statecast update says of rows that were seen before with another value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from statecast.intervals import Track
    from statecast.series import Origin

MOST_SHOWN = 10  # that are named


def revisions_document(track: Track, origin: Origin) -> dict[str, object]:
    """Return the revisions of the last update for a JSON document: how many, how many taken in, and the first few."""
    from statecast.tables import stamp

    found, ids = track.revisions, origin.ids
    rows: list[dict[str, Any]] = []
    for s, time, old, new, _ in () if found is None else found.first(MOST_SHOWN):
        before = None if math.isnan(old) else float(old)
        rows.append({"unique_id": ids[s], "ds": stamp(time, origin.time_zone), "old": before, "new": float(new)})
    return {"count": 0 if found is None else len(found), "taken_in": track.exact, "rows": rows}


def revisions_lines(track: Track, origin: Origin) -> list[str]:
    """Say the same in words; nothing where there was none."""
    from statecast.tables import stamp

    found, ids = track.revisions, origin.ids
    if found is None:
        return []
    count = len(found)
    lines = [f"{count:,} row{'s' * (count > 1)} of it had been seen with another value: {track.use}"]
    for s, time, old, new, _ in found.first(MOST_SHOWN):
        of = f" {ids[s]}" if len(ids) > 1 else ""
        lines.append(f"  {stamp(time, origin.time_zone)}{of}: {'none' if math.isnan(old) else f'{old:g}'} -> {new:g}")
    return lines + ([f"  and {count - MOST_SHOWN:,} more"] if count > MOST_SHOWN else [])
