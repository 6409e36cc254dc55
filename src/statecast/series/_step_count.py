"""Step count: how many steps new rows of all series go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError, NothingNewError
from statecast.series._alias import parse_alias
from statecast.series._grid import positions, say

if TYPE_CHECKING:
    from statecast.series._origin import Origin


def steps_to(origin: Origin, ends: NDArray[np.generic], counts: NDArray[np.int64]) -> int:
    """Return how many steps after the last observations the new rows end, the same for every series."""
    if counts.max() == 0:
        raise NothingNewError(f"expected rows after {say(origin.last.max())}, got none.")
    if counts.min() == 0:
        known = origin.ids[int(counts.argmin())]
        raise DataError(f"expected rows after {say(origin.last[counts.argmin()])}, got none for series {known!r}.")
    steps, on = positions(parse_alias(origin.frequency.alias), origin.last, ends)
    if not on.all():
        s = int(on.argmin())
        raise DataError(
            f"expected new rows of series {origin.ids[s]!r} at {say(origin.times(1)[s, 0])} and in steps of "
            f"{origin.frequency.alias} from there, got one at {say(ends[s])}. Give rows of the same frequency."
        )
    if steps.min() != steps.max():
        first, other = int(steps.argmin()), int(steps.argmax())
        raise DataError(
            f"expected as many new rows for every series, got {counts.min()} to {counts.max()}: those of "
            f"{origin.ids[first]!r} end at {say(ends[first])}, of {origin.ids[other]!r} at {say(ends[other])}. "
            "Give all series up to the same step."
        )
    return int(steps[0])
