"""The space that a search draws recipes from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from statecast.errors import ParameterError
from statecast.recipes import Auto, Classic, Shared

Tunable = Auto | Classic | Shared

LOCAL = ("auto", "classic")
"""Recipes that are searched where none is named: those that fit each series on its own."""

_TRIES = 50  # draws for a new recipe, on average, before a space is taken to hold no more
_WINDOW, _MOST_LAGS = 5, 1000  # of a shared recipe: its own lags where there is no season, and the most it takes
_ENSEMBLE = 5  # members of every candidate: a search over single networks would find the luckiest seed


@dataclass(frozen=True)
class LogRange:
    """Numbers from ``low`` to ``high``, every order of magnitude as likely; whole ones if both ends are.

    Examples
    --------
    >>> LogRange(10, 1000).draw(np.random.default_rng(1))
    106
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high < math.inf:
            raise ParameterError(f"a range must go from a number above 0 up, got {self.low!r} to {self.high!r}.")

    def draw(self, rng: np.random.Generator) -> float:
        """Return a number, of three digits unless it is whole."""
        number = math.exp(rng.uniform(math.log(self.low), math.log(self.high)))
        if isinstance(self.low, int) and isinstance(self.high, int):
            return round(number)
        return float(f"{number:.3g}")


@dataclass(frozen=True)
class Space:
    """Recipes that are like a base but for some of their values.

    Parameters
    ----------
    base : Auto, Classic or Shared
        What is not searched stays as it is here. It is a candidate itself, and what the winner is compared with.
    values : mapping of str to a tuple or LogRange
        For each value that is searched, what it can be: one of a few, or any in a range.

    Raises
    ------
    ParameterError
        If the recipe has no such value, or it can not be so.

    Examples
    --------
    >>> space = Space(Classic(epochs=100), {"units": (4, 8), "learning_rate": LogRange(1e-4, 1e-2)})
    >>> space.draw(np.random.default_rng(1)).units
    4
    """

    base: Tunable
    values: Mapping[str, tuple[Any, ...] | LogRange]

    def __post_init__(self) -> None:
        known = {field.name for field in fields(self.base)}
        for name, options in self.values.items():
            if name not in known:
                raise ParameterError(f"the recipe {self.base.name} has no {name!r} to search.")
            ends = (options.low, options.high) if isinstance(options, LogRange) else tuple(options)
            if not ends:
                raise ParameterError(f"{name}: expected a value at least to search, got none.")
            for value in ends:
                replace(self.base, **{name: value})

    def draw(self, rng: np.random.Generator) -> Tunable:
        """Return a recipe."""
        drawn: dict[str, Any] = {
            name: options.draw(rng) if isinstance(options, LogRange) else options[rng.integers(len(options))]
            for name, options in self.values.items()
        }
        return replace(self.base, **drawn)


def usual_spaces(season: int, rows: int, horizon: int) -> dict[str, Space]:
    """Return the usual space of every recipe, by its name.

    Parameters
    ----------
    season : int
        Steps in a season; differences and lags of a season are searched where there are two to learn from.
    rows : int
        Observations of the shortest series that a candidate is fitted to.
    horizon : int
        Steps ahead that are forecast.
    """
    seasons = (season,) if 1 < season <= rows // 2 else ()
    lags = sorted({*(lag for lag in (1, 2, 3, 6) if lag <= max(1, rows // 4)), *seasons})
    auto = Space(
        Auto(horizon=horizon),
        {
            "units": (2, 4, 6, 8, 12),
            "epochs": LogRange(20, 200),
            "learning_rate": LogRange(0.005, 0.05),
            "trust": (0.25, 0.5, 0.75, 1.0),
        },
    )
    classic = Space(
        Classic(members=_ENSEMBLE, horizon=horizon),
        {
            "units": (1, 2, 4, 8),
            "epochs": LogRange(100, 3000),
            "learning_rate": LogRange(3e-4, 3e-2),
            "lags": tuple(lags),
            "fill": ("zero", "drop"),
            "difference": (0, 1, *seasons),
            "bptt": (1, 4, 12),
        },
    )
    window = season + 1 if season > 1 else _WINDOW
    shared = Space(  # epochs and trust are found out by every candidate
        Shared(horizon=horizon),
        {
            "units": (8, 16, 24, 32, 48),
            "layers": (1, 2),
            "lags": (None, *(min(lags, _MOST_LAGS) for lags in (2 * window // 3, 3 * window // 2))),
            "loss": ("absolute", "squared", "huber"),
            "batch": (8, 16, 32, 64),
            "learning_rate": LogRange(0.003, 0.05),
        },
    )
    return {space.base.name: space for space in (auto, classic, shared)}


def draw(spaces: Sequence[Space], trials: int, seed: int) -> list[Tunable]:
    """Return different recipes: the bases first, then drawn from every space in turn.

    There are fewer than ``trials`` where the spaces do not hold as many.
    """
    rng = np.random.default_rng(seed)
    found = dict.fromkeys(space.base for space in spaces)
    for turn in range(_TRIES * trials):
        if len(found) >= trials:
            break
        found.setdefault(spaces[turn % len(spaces)].draw(rng))
    return list(found)[:trials]
