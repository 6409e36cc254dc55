"""Model: the networks of a shared recipe, and the series of a panel that they forecast."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.network import Networks, State, run_batched
from statecast.recipes._shared_columns import Beside, Scales
from statecast.recipes._standing import Standing
from statecast.series import Covariates, Panel
from statecast.storage import storable

Array = NDArray[np.float64]
Rows = NDArray[np.float32]

_MOST_STEPS = 1_000_000  # of series side by side, that are held at once


@storable
@dataclass(frozen=True, eq=False)
class Model:
    """What was learnt from all series: it forecasts any series, those that it has never seen too.

    Attributes
    ----------
    networks : Networks
        One a member.
    lags : int
        Adjusted values that a network sees at a step.
    columns : Scales or None
        How it sees covariates.
    trust : float
        Share of the networks in the forecast, beside the line.
    """

    networks: Networks
    lags: int
    columns: Scales | None
    trust: float

    @property
    def horizon(self) -> int:
        """Steps that are forecast at once."""
        return self.networks.spec.outputs


@storable
@dataclass(frozen=True, eq=False)
class Carried:
    """Series side by side, and the state of every network before the last rows of each.

    What is known of the steps ahead may still change for these rows: they are run anew for every forecast.

    Attributes
    ----------
    model : Model
    standing : Standing
    own : float32 [S, kept, lags]
        What the last rows show of the series itself.
    beside : Beside or None
        Their covariates, and what is known after them.
    states : tuple of State, M
    """

    model: Model
    standing: Standing
    own: Rows
    beside: Beside | None
    states: tuple[State, ...]

    @classmethod
    def over(cls, model: Model, panel: Panel) -> Carried:
        """Adjust series, and run the networks over them from their start; nothing is trained."""
        standing, lengths = Standing.fit(panel, model.lags), panel.lengths
        own = standing.seen(panel).inputs(model.lags).astype(np.float32)
        beside = None if model.columns is None or panel.covariates is None else Beside.of(panel.covariates, lengths)
        kept = int(min(_kept(model), lengths.min()))
        index = lengths[:, np.newaxis] - kept + np.arange(kept)
        before = np.arange(own.shape[1]) < (lengths - kept)[:, np.newaxis]
        rows = np.where(np.isnan(own), np.float32(0), own)
        start = (State.zeros(model.networks.spec, np.float32, len(panel)),) * len(model.networks)
        _, states = _run(model, _rows(model, rows, beside), start, before)
        last = np.take_along_axis(own, index[:, :, np.newaxis], axis=1)
        return cls(model, standing, last, None if beside is None else beside.last(lengths, kept), states)

    @property
    def known_ahead(self) -> int:
        """Steps after the origin for which the known columns of every series are known."""
        if self.beside is None or self.beside.known.shape[2] == 0:
            return int(np.iinfo(np.int64).max)
        return int(self.beside.count.min() - self.own.shape[1])

    @property
    def sees_covariates(self) -> bool:
        """Whether new observations must come with theirs."""
        return self.beside is not None

    def forecast(self, horizon: int) -> Array:
        """Forecast every series by every member, [S, M, horizon]; beyond the outputs, a member sees its own."""
        outputs, states = _run(self.model, _rows(self.model, self.own, self.beside), self.states)
        return np.stack([self._go_on(m, outputs[m], states[m], horizon) for m in range(len(states))], axis=1)

    def _go_on(self, member: int, outputs: Array, state: State, horizon: int) -> Array:
        model, standing, step = self.model, self.standing, self.model.horizon
        beside = None if self.beside is None else self.beside.after(self.own.shape[1])
        blocks = [standing.forecasts(model.trust * outputs)]
        for _ in range(step, horizon, step):
            standing, own = standing.advance(blocks[-1])
            alone = replace(model, networks=Networks(model.networks.spec, model.networks.weights[member : member + 1]))
            rows = _rows(model, own.astype(np.float32), None if beside is None else beside.imagined(step))
            (outputs,), (state,) = _run(alone, rows, (state,))
            blocks.append(standing.forecasts(model.trust * outputs))
            beside = None if beside is None else beside.after(step)
        return np.concatenate(blocks, axis=1)[:, :horizon]

    def forecasts_from(self, values: Array, covariates: Covariates | None) -> Array:
        """Forecast from here and from every later step with h steps left among observations [S, n], [K, S, M, h].

        The covariates are those of the observations: what comes of ``update`` and ``forecast`` a step at a time.
        """
        model, kept, (series, steps) = self.model, self.own.shape[1], values.shape
        standings, own, beside = [self.standing], [self.own], self.beside
        for observed in values.T[: max(steps - model.horizon, 0)]:
            standing, row = standings[-1].advance(observed[:, np.newaxis])
            standings.append(standing)
            own.append(row.astype(np.float32))
        if beside is not None and covariates is not None:
            beside = beside.followed_by(Beside.of(covariates, np.full(series, steps)), kept)
        rows = _rows(model, np.concatenate(own, axis=1), beside)
        ran = [run_batched(model.networks.parameters(m), rows, None, state)[0] for m, state in enumerate(self.states)]
        outputs = model.trust * np.stack(ran, axis=1)[:, :, kept - 1 :].astype(np.float64)  # [S, M, K, h]
        forecasts = [
            [standing.forecasts(by_member) for by_member in outputs[:, :, k].swapaxes(0, 1)]
            for k, standing in enumerate(standings)
        ]
        return np.array(forecasts).swapaxes(1, 2)

    def update(self, values: Array, covariates: Covariates | None) -> Carried:
        """Take in observations [S, k]: all is carried on, nothing is trained."""
        standing, new = self.standing.advance(values)
        own: Rows = np.concatenate([self.own, new.astype(np.float32)], axis=1)
        beside = self.beside
        if beside is not None and covariates is not None:
            beside = beside.followed_by(Beside.of(covariates, np.full(len(values), values.shape[1])), self.own.shape[1])
        passed = max(own.shape[1] - _kept(self.model), 0)
        states = self.states
        if passed:
            rows = _rows(self.model, own, beside)[:, :passed]
            _, states = _run(self.model, rows, states)
        return Carried(self.model, standing, own[:, passed:], None if beside is None else beside.after(passed), states)

    def foresee(self, covariates: Covariates) -> Carried:
        """Replace what is known of the steps after the origin."""
        if self.beside is None:
            return self
        kept = self.own.shape[1]
        none = np.zeros(len(self.own), np.int64)
        return replace(self, beside=self.beside.followed_by(Beside.of(covariates, none), kept))


def blocks(lengths: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the numbers of series that go side by side, those of like length together."""
    order, found = np.argsort(-lengths, kind="stable"), []
    while len(order):
        count = max(_MOST_STEPS // int(lengths[order[0]]), 1)
        found.append(np.sort(order[:count]))
        order = order[count:]
    return found


def _kept(model: Model) -> int:
    return 1 + (0 if model.columns is None else model.columns.ahead)


def _rows(model: Model, own: Rows, beside: Beside | None) -> Rows:
    """Return all that a network sees at steps whose own part is given, [S, k, I]."""
    if model.columns is None or beside is None:
        return own
    return np.concatenate([own, model.columns.inputs(beside, own.shape[1]).astype(np.float32)], axis=2)


def _run(
    model: Model, rows: Rows, states: tuple[State, ...], there: NDArray[np.bool_] | None = None
) -> tuple[list[Array], tuple[State, ...]]:
    """Run every member over rows [S, k, I]; return what it gives at the last one, [S, h], and its state there."""
    ran = [run_batched(model.networks.parameters(m), rows, there, state) for m, state in enumerate(states)]
    return [outputs[:, -1].astype(np.float64) for outputs, _ in ran], tuple(state for _, state in ran)
