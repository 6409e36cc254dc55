"""Origins: the forecasts of one series from many steps, in one run of its networks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from statecast.network import Feed, Networks, State, run_networks
from statecast.recipes._drivers import Drivers, Effect, smooth
from statecast.recipes._part import Part
from statecast.series import Panel

Array = NDArray[np.float64]


def forecasts_from(part: Part, panel: Panel, series: int) -> Array:
    """Forecast from the end of what a part has seen, and from every later step of a panel that is known to go on.

    Parameters
    ----------
    part : Part
        Fitted to the first steps of the panel.
    panel : Panel
    series : int

    Returns
    -------
    [K, M, h]
        From the origins ``count - 1`` up to the last one all of whose h steps are in the panel: K is the number of
        later steps less h, plus 1. What would come of ``update`` and ``forecast`` a step at a time.
    """
    networks, members = _of_series(part, series)
    count, horizon = int(part.count[series]), networks.spec.outputs
    start, stop = panel.offsets[series : series + 2]
    end = int(stop - start)
    adjustment, anchor = part.adjustment, part.adjustment.anchor
    drivers, steps = part.whole_drivers(panel, series), np.arange(count, end)
    z = adjustment.adjusted_alone(panel, series, drivers)[count:]
    levels = [anchor.level[series]]
    for value in z:
        levels.append(anchor.follow(levels[-1], value, series))
    x = anchor.inputs(z, np.array(levels[1:]), np.full(len(z), series))
    recent = part.running.recent[series]
    rows = np.arange(count - len(recent), end)
    counted = adjustment.places(np.full(len(rows), series), rows)
    seen = part.views.of(np.append(recent, x), rows, drivers, counted).astype(np.float32)
    state = State(*(a[members] for a in (part.running.state.hidden, part.running.state.cell)))
    feed = Feed(seen, np.array([0, len(seen)]), np.zeros(len(networks), np.int64))
    outputs = run_networks(networks, feed, state)[0].reshape(len(networks), len(seen), horizon)
    origins = len(steps) - horizon + 1
    ahead_of = outputs[:, len(recent) - 1 : len(recent) - 1 + origins].astype(np.float64)  # [M, K, h]
    ahead = count + np.arange(origins)[:, np.newaxis] + np.arange(horizon)  # [K, h]
    lines = np.array(levels[:origins])[:, np.newaxis] + anchor.drift[series] * np.arange(1, horizon + 1)
    added = adjustment.season(series, ahead.ravel()).reshape(ahead.shape)
    if drivers is not None:
        added = added + _effects(adjustment.effects[series], drivers, ahead)
    forecasts = (lines + added)[:, np.newaxis] + part.trust[series] * anchor.scale[series] * ahead_of.transpose(1, 0, 2)
    in_units = np.exp(forecasts) if adjustment.log.logged[series] else forecasts
    return np.asarray(np.maximum(in_units, adjustment.floor[series]))


def _effects(effect: Effect, drivers: Drivers, ahead: NDArray[np.int64]) -> Array:
    """Return the effects on the steps ahead [K, h], known from each origin as they were then."""
    if drivers.past.shape[1] == 0:
        steps = np.arange(ahead[0, 0], ahead[-1, -1] + 1)
        return np.asarray(effect.on(drivers, steps)[ahead - ahead[0, 0]])
    levels = smooth(drivers.past, effect.rate)
    return np.stack([replace(effect, level=levels[s[0] - 1]).on(drivers.until(s[0]), s) for s in ahead])


def _of_series(part: Part, series: int) -> tuple[Networks, slice]:
    """Return the networks of a series, and where they stand."""
    all_networks = part.running.networks
    members = len(all_networks) // len(part.count)
    place = slice(series * members, (series + 1) * members)
    return Networks(all_networks.spec, all_networks.weights[place]), place
