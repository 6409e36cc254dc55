"""Levels of intervals, in percent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from statecast.checks import number
from statecast.errors import ParameterError

LOWEST, HIGHEST = 1.0, 99.9

Levels = float | Sequence[float]
"""One level or several."""


def in_percent(level: Levels) -> tuple[float, ...]:
    """Return levels in ascending order, each once.

    Parameters
    ----------
    level : float or sequence of float
        In percent, from 1 to 99.9.

    Raises
    ------
    ParameterError
        If one is no number in that range.

    Examples
    --------
    >>> in_percent((95, 80, 95)), in_percent(90), in_percent(())
    ((80.0, 95.0), (90.0,), ())
    """
    levels = sorted({number("level", one) for one in np.ravel(level).tolist()})
    if wrong := [one for one in levels if not LOWEST <= one <= HIGHEST]:
        raise ParameterError(f"level must be in percent, from {LOWEST:g} to {HIGHEST:g}, got {wrong[0]:g}.")
    return tuple(levels)
