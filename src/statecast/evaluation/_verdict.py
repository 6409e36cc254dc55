"""The verdict, and how far a single seed can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from statecast.metrics import Scores, skill

TIE = 0.01
"""Errors that differ by less than this share are called as good."""

CHANCE = 0.01
"""The network beats a baseline where chance alone is less likely than this to make it as much better.

Not the usual 0.05: people look at several series and recipes, and one false claim in twenty would be too many.
"""


@dataclass(frozen=True)
class Spread:
    """RMSE over the members of an ensemble: what one lucky seed hides."""

    mean: float
    sd: float
    best: float
    worst: float

    @classmethod
    def of(cls, members: Sequence[Scores]) -> Spread:
        """Return the spread over the scores of two members or more."""
        errors = np.array([member.rmse for member in members])
        return cls(float(errors.mean()), float(errors.std(ddof=1)), float(errors.min()), float(errors.max()))


def best(scores: Mapping[str, Scores]) -> str:
    """Return the name with the smallest RMSE."""
    return min(scores, key=lambda name: scores[name].rmse)


def spoken(name: str) -> str:
    """Return the name of a baseline as it stands in a sentence.

    Examples
    --------
    >>> spoken("last_value"), spoken("last_season_168"), spoken("AutoETS")
    ('the last value', 'the last season of 168', 'AutoETS')
    """
    if not name.islower():
        return name
    words, _, steps = name.rpartition("_")
    return f"the {words} of {steps}".replace("_", " ") if steps.isdigit() else f"the {name.replace('_', ' ')}"


def told(error: float) -> str:
    """Return an error with four digits, as it stands in a sentence; whole from a thousand on.

    Examples
    --------
    >>> told(83.7512), told(12345.6), told(0.65)
    ('83.75', '12,346', '0.65')
    """
    return f"{error:,.0f}" if 1000 <= error < 1e15 else f"{error:.4g}"


def verdict(own: Scores, baselines: Mapping[str, Scores], p_value: float | None = None) -> str:
    """Say who wins by RMSE, the network or the best of the baselines, and what to use.

    Parameters
    ----------
    own : Scores
        Of the network; of the average of its members where there are several.
    baselines : mapping of name to Scores
        At least one.
    p_value : float, optional
        The probability that chance alone makes the network as much better as it is; None if there are too few
        origins to tell.

    Examples
    --------
    >>> poor, good = Scores(20.0, 20.0, 20.0, 2.0), Scores(10.0, 10.0, 10.0, 1.0)
    >>> verdict(good, {"last_value": poor}, 0.002)
    'The network beats the last value: RMSE 10 against 20 (skill 0.50, p = 0.002). Use the network.'
    >>> verdict(poor, {"last_value": good})
    'A baseline wins: the last value has RMSE 10, the network 20 (skill -1.00), so prefer the last value here.'
    """
    name = best(baselines)
    other, said = baselines[name], spoken(name)
    ours, theirs = told(own.rmse), told(other.rmse)
    gain = skill(own.rmse, other.rmse)
    if abs(own.rmse - other.rmse) <= TIE * other.rmse:
        return f"No winner: the network and {said} are as good, RMSE {ours} and {theirs}. Use either."
    if own.rmse > other.rmse:
        in_skill = f" (skill {gain:.2f})" if np.isfinite(gain) else ""
        return f"A baseline wins: {said} has RMSE {theirs}, the network {ours}{in_skill}, so prefer {said} here."
    if p_value is not None and p_value < CHANCE:
        chance = f"p = {p_value:.2g}" if p_value >= 0.001 else "p < 0.001"
        return f"The network beats {said}: RMSE {ours} against {theirs} (skill {gain:.2f}, {chance}). Use the network."
    why = (
        "Too few origins to rule out chance (--windows gives more)"
        if p_value is None
        else f"Chance may give as much (p = {p_value:.2g})"
    )
    return (
        f"The network was better in this test: RMSE {ours} against {theirs} of {said} (skill {gain:.2f}). "
        f"{why}: a hint to use the network, no proof."
    )


def without_season(period: int, short: int, series: int, longest: int) -> str:
    """Say that fits of a test saw too little for the season that a fit to all rows may have.

    Parameters
    ----------
    period : int
        Steps in the season.
    short : int
        Series with less than two seasons before the test, and two or more with it.
    series : int
        All that were tested.
    longest : int
        Rows that the fits saw of these, at most.

    Examples
    --------
    >>> without_season(12, 1, 1, 18)  # doctest: +ELLIPSIS
    'Its fits saw 18 rows, less than two seasons of 12, and so no season; a fit to all rows may have one, ...'
    """
    where = "" if series == 1 else f" of {short:,} of {series:,} series"
    return (
        f"Its fits saw {longest:,} rows{where}, less than two seasons of {period}, and so no season; "
        "a fit to all rows may have one, and is not what was tested."
    )
