"""Intervals in a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from statecast.pictures import Band


def bands(levels: Sequence[float], times: NDArray[np.generic], bounds: Mapping[str, NDArray[np.float64]]) -> list[Band]:
    """Return a band for each level, the widest first; bounds [n] go by their names in tables."""
    from statecast.pictures import Band

    return [Band(f"{level:g} %", times, bounds[f"lo-{level:g}"], bounds[f"hi-{level:g}"]) for level in reversed(levels)]
