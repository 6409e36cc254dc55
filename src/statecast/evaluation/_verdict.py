"""The verdict, and how far a single seed can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from statecast.metrics import Scores, skill

TIE = 0.01
"""Errors that differ by less than this share are called as good."""


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


def verdict(own: Scores, baselines: Mapping[str, Scores]) -> str:
    """Say in a sentence who wins by RMSE: the network, or the best of the baselines.

    Parameters
    ----------
    own : Scores
        Of the network; of the average of its members where there are several.
    baselines : mapping of name to Scores
        At least one.

    Examples
    --------
    >>> poor, good = Scores(20.0, 20.0, 20.0, 2.0), Scores(10.0, 10.0, 10.0, 1.0)
    >>> verdict(good, {"last_value": poor})
    'The network beats the last value: RMSE 10 against 20 (skill 0.50).'
    >>> verdict(poor, {"last_value": good})
    'A baseline wins: the last value has RMSE 10, the network 20 (skill -1.00), so prefer the last value here.'
    """
    name, best = min(baselines.items(), key=lambda item: item[1].rmse)
    said = f"the {name.replace('_', ' ')}"
    own_rmse, best_rmse = f"{own.rmse:.4g}", f"{best.rmse:.4g}"
    gain = skill(own.rmse, best.rmse)
    if abs(own.rmse - best.rmse) <= TIE * best.rmse:
        return f"No winner: the network and {said} are as good, RMSE {own_rmse} and {best_rmse}."
    if own.rmse < best.rmse:
        return f"The network beats {said}: RMSE {own_rmse} against {best_rmse} (skill {gain:.2f})."
    in_skill = f" (skill {gain:.2f})" if np.isfinite(gain) else ""
    return f"A baseline wins: {said} has RMSE {best_rmse}, the network {own_rmse}{in_skill}, so prefer {said} here."
