"""Influence on a forecast of the automatic recipe."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.network import sensitivity
from statecast.recipes._anchor import Anchor
from statecast.recipes._drivers import Drivers
from statecast.recipes._influence import Influence, add, along, averaged, through_levels
from statecast.recipes._part import Part
from statecast.series import Panel

Array = NDArray[np.float64]


def influence(part: Part, panel: Panel, series: int, window: int, share: Array | None = None) -> Influence:
    """Differentiate the forecasts of one series, in its units, by what is in its last ``window`` rows and ahead.

    Parameters
    ----------
    part : Part
    panel : Panel
        What it was fitted to, or that up to an earlier step.
    series : int
    window : int
    share : optional
        Points of the way, 0 to 1, where slopes are taken, each alone; the rule of Gauss and Legendre if None.
    """
    outputs, members = part.running.networks.spec.outputs, len(part.running.networks) // len(panel)

    def slopes(share: Array) -> list[Influence]:
        way = _Way.of(part, panel, series, window, outputs, share)
        return [way.back(part, series, series * members + m) for m in range(members)]

    return averaged(slopes, share)


@dataclass(frozen=True, eq=False)
class _Way:
    """A window that begins at step ``first``, and the steps ahead, at N points of the way.

    ``drivers`` are those of each point; empty where there are no covariates.
    """

    y: Array  # as observed, [N, T]
    z: Array  # adjusted, [N, T]
    levels: Array  # before the window and after each step, [N, T + 1]
    effect: Array  # [N, T + h]
    season: Array  # [T + h]
    drivers: tuple[Drivers, ...]
    first: int
    ahead: int

    @classmethod
    def of(cls, part: Part, panel: Panel, s: int, window: int, ahead: int, share: Array) -> _Way:
        """Follow the recipe from the values of a series to the distances that the networks see."""
        start, stop = panel.offsets[s : s + 2]
        count = int(stop - start)
        window = min(window, count)
        first, adjustment = count - window, part.adjustment
        values = panel.values[start:stop]
        y = along(values[np.newaxis, first:], values.mean(), share)
        drivers = _drivers_along(part, panel, s, first, share)
        steps = np.arange(first, count + ahead)
        effect = np.zeros((len(share), len(steps)))
        if drivers:
            acting = adjustment.effects[s]
            effect = np.stack([acting.over(driver.past).on(driver, steps) for driver in drivers])
        season = adjustment.season(s, steps)
        logged = adjustment.log.of(y, np.full(y.shape, s))
        z = logged - effect[:, :window] - season[:window]
        whole = adjustment.adjusted_alone(panel, s, part.whole_drivers(panel, s))
        begun = _levels(whole[np.newaxis, :first], adjustment.anchor, s)[0, -1] if first else whole[0]
        levels = _levels(z, adjustment.anchor, s, z[:, 0] + share * (begun - whole[first]))  # on its way as well
        return cls(y, z, levels, effect, season, drivers, first, ahead)

    def back(self, part: Part, s: int, network: int) -> Influence:
        """Return the slopes of a member at every point, in the place of members."""
        anchor, window = part.adjustment.anchor, self.z.shape[1]
        scale, trust = float(anchor.scale[s]), float(part.trust[s])
        x = anchor.inputs(self.z, self.levels[:, 1:], np.array(s))
        steps = self.first + np.arange(window)
        counted = part.adjustment.places(np.full(window, s), steps)
        drivers = self.drivers or (None,) * len(x)
        X = np.stack([part.views.of(one, steps, driver, counted) for one, driver in zip(x, drivers, strict=True)])
        seen = sensitivity(part.running.networks.parameters(network), X)
        lines = self.levels[:, -1:] + anchor.drift[s] * np.arange(1, self.ahead + 1)
        forecasts = lines + trust * scale * seen.outputs + self.effect[:, window:] + self.season[window:]
        outer = np.ones_like(forecasts)
        if part.adjustment.log.logged[s]:
            outer = forecasts = np.exp(forecasts)
        within = np.abs(x) < anchor.reach if scale > 0 else np.zeros_like(x, np.bool_)
        by_distance = trust * seen.slopes[..., 0] * within[:, np.newaxis]
        near = np.abs(self.z - self.levels[:, :-1]) < (anchor.reach * scale if scale > 0 else np.inf)
        by_level = -by_distance
        by_level[..., -1] += 1  # the line starts there
        by_z = by_distance + through_levels(by_level, anchor.rate[s] * near)
        by_target = by_z / self.y[:, np.newaxis] if part.adjustment.log.logged[s] else by_z
        known, past = self._by_columns(part, s, by_z, trust * scale * seen.slopes)
        wide = outer[..., np.newaxis]
        return Influence(
            target=wide * by_target,
            known=wide[..., np.newaxis] * known,
            past=wide[..., np.newaxis] * past,
            static=np.zeros((*outer.shape, 0)),
            forecasts=forecasts,
        )

    def _by_columns(self, part: Part, s: int, by_z: Array, seen: Array) -> tuple[Array, Array]:
        """Return the slopes by known and past columns as read, through the effect and through the networks' inputs."""
        points, ahead, window = by_z.shape
        if not self.drivers:
            return np.zeros((points, ahead, window + ahead, 0)), np.zeros((points, ahead, window, 0))
        effect, driver = part.adjustment.effects[s], self.drivers[0]
        wide_known, wide_past = driver.known.shape[1], driver.past.shape[1]
        known, past = (
            np.zeros((points, ahead, window + ahead, wide_known)),
            np.zeros((points, ahead, window, wide_past)),
        )
        steps = np.arange(window + ahead)
        by_effect = np.concatenate([-by_z, np.broadcast_to(np.eye(ahead), (points, ahead, ahead))], axis=2)
        count = (effect.lags + 1) * wide_known
        blocks = effect.coefficients[:count].reshape(effect.lags + 1, wide_known)
        for lag, row in enumerate(blocks):
            add(known, np.maximum(steps - lag, 0), by_effect[..., np.newaxis] * row)
        level = np.zeros((points, ahead, wide_past))
        for lag, row in enumerate(effect.coefficients[count:].reshape(-1, wide_past or 1)[:, :wide_past], start=1):
            late = steps - lag
            add(past, np.maximum(late[late < window], 0), by_effect[:, :, late < window, np.newaxis] * row)
            level += by_effect[:, :, late >= window].sum(axis=2)[..., np.newaxis] * row
        decay = effect.rate * (1 - effect.rate) ** np.arange(window)[::-1]
        past += level[:, :, np.newaxis] * decay[:, np.newaxis]
        past += seen[..., 1 : 1 + wide_past]
        for place, step in enumerate(part.views.steps(wide_known)):
            columns = slice(1 + wide_past + place * wide_known, 1 + wide_past + (place + 1) * wide_known)
            add(known, np.clip(steps[:window] + step, 0, window + ahead - 1), seen[..., columns])
        at_known = np.stack([d.known[: window + ahead] for d in self.drivers])[:, np.newaxis]
        at_past = np.stack([d.past for d in self.drivers])[:, np.newaxis]
        return driver.known_scaling.slopes(at_known, known), driver.past_scaling.slopes(at_past, past)


def _drivers_along(part: Part, panel: Panel, s: int, first: int, share: Array) -> tuple[Drivers, ...]:
    """Return the drivers of the window at every point of the way."""
    whole, covariates = part.whole_drivers(panel, s), panel.covariates
    if whole is None or covariates is None:
        return ()
    start, stop = panel.offsets[s : s + 2]
    known = covariates.known_of(s)
    past = covariates.past_values[start:stop]
    all_known = along(known[np.newaxis, first:], known[: stop - start].mean(axis=0), share)
    all_past = along(past[np.newaxis, first:], past.mean(axis=0), share)
    return tuple(
        replace(whole, known=whole.known_scaling.apply(k), past=whole.past_scaling.apply(p), first=first)
        for k, p in zip(all_known, all_past, strict=True)
    )


def _levels(z: Array, anchor: Anchor, s: int, begun: Array | None = None) -> Array:
    """Return the levels before and after each step of z [N, T], [N, T + 1]; the first is z's if not given, [N]."""
    levels = [z[:, 0] if begun is None else begun]
    for step in z.T:
        levels.append(anchor.follow(levels[-1], step, s))
    return np.stack(levels, axis=1)
