"""Influence: how a forecast changes with what it is made from, on the way from the means to the values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from statecast.series import Panel

Array = NDArray[np.float64]

_POINTS = 8  # of the Gauss-Legendre rule along the way


@dataclass(frozen=True, eq=False)
class Influence:
    """Slopes of the forecasts of one series: change of the forecast k + 1 steps ahead for one unit of an input.

    The window holds the last T observations; h steps follow. Averages over the way from the means of the training part
    to what was observed (integrated gradients: Sundararajan, Taly and Yan, 2017, "Axiomatic attribution for deep
    networks").

    Attributes
    ----------
    target : float64 [M, h, T]
        By the observations, for every member.
    known : float64 [M, h, T + h, K]
    past : float64 [M, h, T, P]
    static : float64 [M, h, Q]
        Q is 0 where the recipe sees no static columns.
    forecasts : float64 [M, h]
        At the end of the way; those of the fitted recipe but for what lies before the window.
    """

    target: Array
    known: Array
    past: Array
    static: Array
    forecasts: Array


class Explained(Protocol):
    """A recipe, fitted to a panel of one series, that can say what its forecasts are made of."""

    def influence(self, panel: Panel, window: int) -> Influence:
        """Return how forecasts change with what is in the last rows of a panel and ahead.

        Parameters
        ----------
        panel : Panel
            What the recipe was fitted to, or that up to an earlier step.
        window : int
            Rows at the end of the panel.
        """
        ...

    def forecasts_from(self, panel: Panel) -> Array:
        """Forecast from where the recipe was fitted, and from every later step of a panel that goes on.

        Returns
        -------
        [K, M, h]
            What ``update`` and ``forecast`` give a step at a time, as long as h steps follow in the panel.
        """
        ...


def averaged(slopes: Callable[[Array], Sequence[Influence]], share: Array | None = None) -> Influence:
    """Average slopes over the way.

    Parameters
    ----------
    slopes : callable
        Takes points of the way, 0 to 1, and gives slopes there for every member: the points stand where an
        ``Influence`` has its members.
    share : optional
        Points where slopes are taken, each alone; the rule of Gauss and Legendre if None.
    """
    if share is None:
        nodes, weights = np.polynomial.legendre.leggauss(_POINTS)
        share, weights = (nodes + 1) / 2, weights / 2
    else:
        weights = np.full(len(share), 1 / len(share))
    members = slopes(np.append(share, 1.0))

    def mean(of: Callable[[Influence], Array]) -> Array:
        return np.stack([np.tensordot(weights, of(one)[:-1], 1) for one in members])

    return Influence(
        target=mean(lambda one: one.target),
        known=mean(lambda one: one.known),
        past=mean(lambda one: one.past),
        static=mean(lambda one: one.static),
        forecasts=np.stack([one.forecasts[-1] for one in members]),
    )


def along(values: Array, mean: Array | float, share: Array) -> Array:
    """Return values [1, ..] at points of the way from their mean, [N, ..]."""
    share = share.reshape(-1, *[1] * (values.ndim - 1))
    return (1 - share) * mean + share * values  # at a share of 1 the values, however small they are beside the mean


def through_levels(by_level: Array, followed: Array) -> Array:
    """Return the slopes by values [N, h, T] through levels that follow them, from those by each level itself.

    ``followed`` is the share of each step that the level followed, [N, T].
    """
    total = np.zeros(by_level.shape[:2])
    by_value = np.empty_like(by_level)
    for t in reversed(range(by_level.shape[2])):
        share = followed[:, np.newaxis, t]
        total = total + by_level[..., t]
        by_value[..., t] = share * total
        total = (1 - share) * total
    return by_value


def add(to: Array, places: NDArray[np.int64], slopes: Array) -> None:
    """Add slopes [N, h, n, ..] to the steps ``places`` [n] of others [N, h, T, ..]; a step may come twice."""
    np.add.at(np.moveaxis(to, 2, 0), places, np.moveaxis(slopes, 2, 0))
