"""Influence on a forecast of the shared recipe."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.network import sensitivity
from statecast.recipes._influence import Influence, add, along, averaged, through_levels
from statecast.recipes._shared_columns import Beside, Scales
from statecast.recipes._shared_model import Carried, Model
from statecast.recipes._standing import Seen, Standing
from statecast.series import Panel, Sequences
from statecast.transforms import FittedPipeline

Array = NDArray[np.float64]


def influence(carried: Carried, panel: Panel, window: int, share: Array | None = None) -> Influence:
    """Differentiate the forecasts of one series, in its units, by what is in its last ``window`` rows and ahead.

    The networks begin with the window; level and slope are those of the whole series.

    Parameters
    ----------
    carried : Carried
        One series.
    panel : Panel
        What it was carried over, or that up to an earlier step.
    window : int
    share : optional
        Points of the way, 0 to 1, where slopes are taken, each alone; the rule of Gauss and Legendre if None.
    """
    model, first = carried.model, max(len(panel.values) - window, 0)

    def slopes(share: Array) -> list[Influence]:
        way = _Way.of(model, carried.standing, _along(panel, model.columns, share))
        return [way.back(model, member, first) for member in range(len(model.networks))]

    return averaged(slopes, share)


@dataclass(frozen=True, eq=False)
class _Way:
    """A series at N points of the way, side by side."""

    y: Array  # as observed, [N, T]
    standing: Standing
    seen: Seen
    season: Array  # of the steps ahead, [N, h]
    beside: Beside | None

    @classmethod
    def of(cls, model: Model, one: Standing, points: Panel) -> _Way:
        """Follow the recipe from the values of a series to what the networks see; all points are adjusted as one."""
        count, steps = len(points), int(points.lengths[0])
        standing = replace(
            one,
            log=one.log.repeat(count),
            fixed=tuple(season.repeat(count) for season in one.fixed),
            season=one.season.repeat(count),
            anchor=one.anchor.repeat(count),
            floor=np.repeat(one.floor, count),
        )
        seen, ahead = standing.seen(points), np.arange(model.horizon)
        zeros = Sequences(np.zeros(steps + model.horizon), np.array([0, steps + model.horizon]))
        fixed = -FittedPipeline(one.fixed).apply(zeros).values[steps:]
        moving = seen.moved.places[:, steps + ahead % one.season.period] - seen.moved.shift[:, -1:]
        covariates = points.covariates
        beside = None if covariates is None else Beside.of(covariates, points.lengths)
        return cls(points.values.reshape(count, steps), standing, seen, fixed + moving, beside)

    def back(self, model: Model, member: int, first: int) -> Influence:
        """Return the slopes of a member at every point, in the place of members, by what is from a step on."""
        seen, log, floor = self.seen, self.standing.log, self.standing.floor[:, np.newaxis]
        X = seen.inputs(model.lags)
        if model.columns is not None and self.beside is not None:
            X = np.concatenate([X, model.columns.inputs(self.beside, X.shape[1])], axis=2)
        ran = sensitivity(model.networks.parameters(member), X[:, first:])
        gain = model.trust * self.standing.anchor.scale[:, np.newaxis]
        ahead = np.arange(1, model.horizon + 1)
        lines = seen.levels[:, -1:] + seen.slopes[:, -1:] * ahead
        free = log.invert(lines + gain * ran.outputs + self.season)
        outer = np.where(free > floor, np.where(log.logged[:, np.newaxis], free, 1.0), 0.0)[..., np.newaxis]
        by_input = gain[..., np.newaxis, np.newaxis] * ran.slopes
        by_value = self.standing.season.back(self._by_values(by_input[..., : model.lags], first))[..., first:]
        by_logged = np.where(log.logged[:, np.newaxis], 1 / self.y, 1.0)[:, np.newaxis, first:]
        known, past, static = self._by_columns(model.columns, by_input[..., model.lags :], first)
        return Influence(
            target=outer * by_value * by_logged,
            known=outer[..., np.newaxis] * known,
            past=outer[..., np.newaxis] * past,
            static=outer * static,
            forecasts=np.maximum(free, floor),
        )

    def _by_values(self, by_own: Array, first: int) -> Array:
        """Return the slopes by adjusted values, [N, h, T], from those by how far the networks see them from the level.

        The latter are [N, h, W, lags]. A value acts on the level and the slope of the line as well.
        """
        values, levels, anchor = self.seen.values, self.seen.levels, self.standing.anchor
        points, horizon, _, lags = by_own.shape
        steps = values.shape[1]
        back = np.maximum(np.arange(first, steps)[:, np.newaxis] - np.arange(lags), 0)
        scale = self.seen.scale[..., np.newaxis]
        away = (values[:, back] - levels[:, first:, np.newaxis]) / scale
        within = away == self.seen.inputs(lags)[:, first:]
        by_away = by_own * (within / scale)[:, np.newaxis]
        by_level = np.zeros((points, horizon, steps))
        by_level[..., first:] = -by_away.sum(axis=3)
        by_level[..., -1] += 1
        limit = np.where(anchor.scale > 0, anchor.reach * anchor.scale, np.inf)[:, np.newaxis]
        followed = np.ones_like(values)  # a level begins with the first value
        followed[:, 1:] = anchor.rate[:, np.newaxis] * (np.abs(values[:, 1:] - levels[:, :-1]) < limit)
        by_value = through_levels(by_level, followed)
        for lag in range(lags):
            add(by_value, back[:, lag], by_away[..., lag])
        if steps >= 3:
            centred = np.arange(steps) - (steps - 1) / 2
            by_value += np.arange(1, horizon + 1)[:, np.newaxis] * centred / (2 * np.sum(centred**2))
        return by_value

    def _by_columns(self, columns: Scales | None, by_beside: Array, first: int) -> tuple[Array, Array, Array]:
        """Return the slopes by known, past and static columns as read, from those by what the networks see of them."""
        points, horizon, window, _ = by_beside.shape
        if columns is None or self.beside is None:
            none = np.zeros((points, horizon, window + horizon, 0))
            return none, none[:, :, :window], none[:, :, 0]
        counts = np.cumsum([len(columns.past.mean), len(columns.known.mean) * columns.ahead])
        past, seen_ahead, static = np.split(by_beside, counts, axis=3)
        known = np.zeros((points, horizon, window + horizon, len(columns.known.mean)))
        by_step = seen_ahead.reshape(points, horizon, window, columns.ahead, known.shape[3])
        for step in range(columns.ahead):
            rows = np.minimum(np.arange(window) + step + 1, self.beside.known.shape[1] - 1 - first)
            add(known, rows, by_step[:, :, :, step])
        return (
            known / columns.known.deviation,
            past / columns.past.deviation,
            static.sum(axis=2) / columns.static.deviation,
        )


def _along(panel: Panel, columns: Scales | None, share: Array) -> Panel:
    """Return one series at points of the way; a static column comes from its mean over all series."""
    points, own, covariates = Panel.side_by_side([panel] * len(share)), panel.covariates, None
    if own is not None and columns is not None and points.covariates is not None:
        known, past = own.known_values, own.past_values
        covariates = replace(
            points.covariates,
            known_values=np.concatenate(along(known[np.newaxis], known[: len(past)].mean(axis=0), share)),
            past_values=np.concatenate(along(past[np.newaxis], past.mean(axis=0), share)),
            static_values=along(own.static_values, columns.static.mean, share),
        )
    y = along(panel.values[np.newaxis], panel.values.mean(), share)
    return replace(points, values=y.ravel(), covariates=covariates)
