"""Part: the series of a panel that are of one size, fitted together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.network import Feed, Spec
from statecast.recipes._adjustment import Adjustment, Decided
from statecast.recipes._drivers import MOST_LAGS, Drivers
from statecast.recipes._ensemble import Running, Work, start, train
from statecast.recipes._size import Size
from statecast.recipes._trust import earned
from statecast.recipes._views import Views
from statecast.series import Covariates, Panel, Sequences
from statecast.storage import storable

Array = NDArray[np.float64]

_MOST_KEPT = 298  # rows that are run anew for a forecast, fewer than any series whose networks look ahead has


@storable
@dataclass(frozen=True, eq=False)
class Part:
    """Series of one size, the networks, and where every series stands.

    Attributes
    ----------
    size : Size
    views : Views
    adjustment : Adjustment
    drivers : tuple of Drivers, S; empty where there are no covariates
    running : Running
    count : int64 [S]
        Observations seen so far.
    believed : float64 [S], optional
        Share of the networks in the forecast of each series; that of the size if None.
    """

    size: Size
    views: Views
    adjustment: Adjustment
    drivers: tuple[Drivers, ...]
    running: Running
    count: NDArray[np.int64]
    believed: Array | None = None

    @classmethod
    def fit(
        cls, panel: Panel, size: Size, horizon: int, seeds: range, work: Work, decided: Decided | None = None
    ) -> Part:
        """Decide for every series, train its members, and run them to its end."""
        drivers = _drivers(panel)
        adjustment = Adjustment.fit(panel, drivers, size, horizon, decided)
        rows = adjustment.rows(panel, drivers, horizon)
        views = Views(*((horizon, (panel.frequency.season, *panel.frequency.longer)) if size.views else (0, ())))
        X = _all_inputs(views, drivers, rows.x, Sequences(panel.values, panel.offsets), adjustment)
        feed = Feed(X, panel.offsets, np.repeat(np.arange(len(panel)), len(seeds)))
        spec = Spec(inputs=X.shape[1], units=size.units, outputs=horizon, skip=size.skip)
        networks = train(start(spec, seeds, len(panel)), feed, rows, size, work)
        kept = 1 + min(views.horizon, _MOST_KEPT)
        running = Running.warm_up(networks, feed, rows.x, kept, work.threads)
        kept_rows = kept + MOST_LAGS
        return cls(
            size,
            views,
            adjustment,
            tuple(d.forget(kept_rows) for d in drivers),
            running,
            panel.lengths.astype(np.int64),
            earned(networks, feed, rows, size),
        )

    @property
    def trust(self) -> Array:
        """Share of the networks in the forecast of each series, [S]."""
        return np.full(len(self.count), self.size.trust) if self.believed is None else self.believed

    @property
    def known_ahead(self) -> int:
        """Steps after the origin for which the known columns of every series are known."""
        return min((driver.known_ahead for driver in self.drivers), default=np.iinfo(np.int64).max)

    @property
    def sees_covariates(self) -> bool:
        """Whether new observations must come with theirs."""
        return bool(self.drivers)

    def forecast(self, horizon: int) -> Array:
        """Forecast every series by every member, [S, M, horizon]; beyond the outputs, a member sees its own."""
        series, members = len(self.count), len(self.running.networks) // len(self.count)
        outputs = self.running.networks.spec.outputs
        effect = np.repeat(self._effect(0, -(-horizon // outputs) * outputs), members, axis=0)
        adjustment, running = self.adjustment.repeat(members), self.running
        trust = np.repeat(self.trust, members)[:, np.newaxis]
        ahead, state = running.ahead(self._inputs(running.recent, self.count))
        blocks = [adjustment.forecasts(trust * ahead, effect[:, :outputs])]
        owners = np.repeat(np.arange(series), members)
        for done in range(outputs, horizon, outputs):
            adjustment, x = adjustment.advance(blocks[-1], effect[:, done - outputs : done])
            inputs = self._inputs(x, self.count[owners] + done, owners)
            ahead, state = replace(running, state=state).ahead(inputs)
            blocks.append(adjustment.forecasts(trust * ahead, effect[:, done : done + outputs]))
        return np.concatenate(blocks, axis=1)[:, :horizon].reshape(series, members, horizon)

    def update(self, values: Array, covariates: Covariates | None) -> Part:
        """Take in observations [S, k]: level and state are carried on, nothing is trained or decided anew."""
        steps, kept = values.shape[1], self.running.recent.shape[1]
        moved = self
        if covariates is not None and self.drivers:
            moved = replace(self, drivers=tuple(d.take(covariates, s, steps) for s, d in enumerate(self.drivers)))
        effect = moved._effect(0, steps)
        adjustment, x = self.adjustment.advance(values, effect)
        effects = tuple(e.take(d.past[-steps:]) for e, d in zip(adjustment.effects, moved.drivers, strict=True))
        wide = np.concatenate([self.running.recent, x], axis=1)
        running = self.running.take(x, moved._inputs(wide, self.count + steps), kept)
        return replace(
            moved,
            adjustment=replace(adjustment, effects=effects),
            drivers=tuple(d.forget(kept + MOST_LAGS) for d in moved.drivers),
            running=running,
            count=self.count + steps,
        )

    def whole_drivers(self, panel: Panel, series: int) -> Drivers | None:
        """Return the drivers of a series from its first row on, scaled as they were fitted."""
        if panel.covariates is None or not self.drivers:
            return None
        return self.drivers[series].over(panel.covariates, panel.offsets, series)

    def foresee(self, covariates: Covariates) -> Part:
        """Replace what is known of the steps after the origin."""
        return replace(self, drivers=tuple(d.foresee(covariates.known_of(s)) for s, d in enumerate(self.drivers)))

    def _effect(self, begin: int, end: int) -> Array:
        """Return the effects on the steps from ``begin`` to ``end`` after the origin, [S, end - begin]."""
        if not self.drivers:
            return np.zeros((len(self.count), end - begin))
        pairs = zip(self.adjustment.effects, self.drivers, self.count, strict=True)
        return np.stack([effect.on(driver, count + np.arange(begin, end)) for effect, driver, count in pairs])

    def _inputs(
        self, x: Array, ends: NDArray[np.int64], owners: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """Return the inputs [N, k, I] of rows with distances x [N, k], the last of which is step ``ends`` - 1.

        Row n is of series n, or of series ``owners[n]``.
        """
        steps = ends[:, np.newaxis] + np.arange(-x.shape[1], 0)
        owners = np.arange(len(x)) if owners is None else owners
        counted = self.adjustment.places(owners[:, np.newaxis], steps)
        if not self.drivers:
            inputs = self.views.of(x.ravel(), steps.ravel(), None, counted.ravel())
            return inputs.reshape(*x.shape, -1).astype(np.float32)
        rows = zip(x, steps, owners, counted, strict=True)
        return np.stack([self.views.of(one, at, self.drivers[s], c) for one, at, s, c in rows]).astype(np.float32)


def _drivers(panel: Panel) -> tuple[Drivers, ...]:
    covariates = panel.covariates
    if covariates is None or not (covariates.known or covariates.past):
        return ()
    return tuple(Drivers.fit(covariates, panel.offsets, s) for s in range(len(panel)))


def _all_inputs(
    views: Views, drivers: tuple[Drivers, ...], x: Array, series: Sequences, adjustment: Adjustment
) -> NDArray[np.float32]:
    """Return the inputs of all rows, [R, I]."""
    counted = adjustment.places(series.of_row, series.position)
    if not drivers:
        return views.of(x, series.position, None, counted).astype(np.float32)
    bounds = zip(series.offsets[:-1], series.offsets[1:], drivers, strict=True)
    inputs = [views.of(x[a:b], np.arange(b - a), driver, counted[a:b]) for a, b, driver in bounds]
    return np.concatenate(inputs).astype(np.float32)
