"""The recipe for counts, fitted."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.checks import whole_number
from statecast.intervals import UNTRACKED, Track, Watch, follow, in_percent
from statecast.network import Feed, Networks, State, run_networks
from statecast.recipes._rate import Rate, check_whole, softplus
from statecast.recipes._whole import Mixture, Told
from statecast.series import Forecast, Origin, Taken, save
from statecast.storage import storable

if TYPE_CHECKING:
    from statecast.recipes._counts import Counts

Array = NDArray[np.float64]

_FLOOR = 1e-6  # of mean and dispersion, as in the loss


@storable
@dataclass(frozen=True, eq=False)
class FittedCounts:
    """The recipe for counts, fitted.

    Attributes
    ----------
    recipe : Counts
    origin : Origin
        The last observations seen.
    rate : Rate
        The smoothed levels.
    start : float64 [S, h]
        Raw dispersions around them.
    constant : bool [S]
        Series that never changed: they are forecast by their level, without a spread.
    networks : Networks
        Network s * M + m is member m of series s.
    state : State
        Of every network, after the last observation.
    ahead : float64 [S * M, 2 h]
        What every network gave at the last observation.
    together : float64 [S]
        Correlation of the errors of two steps.
    track : Track
    """

    recipe: Counts
    origin: Origin
    rate: Rate
    start: Array
    constant: NDArray[np.bool_]
    networks: Networks
    state: State
    ahead: Array
    together: Array
    track: Track = UNTRACKED

    def decisions(self, series: int = 0) -> tuple[str, ...]:
        """Return what was decided for a series, a few words each."""
        seasonal = np.ptp(self.rate.shares[series]) > 0
        return (
            f"season of {self.rate.line_count}" if seasonal else "no season",
            f"level smoothed with {self.rate.rate[series]:.2f}",
        )

    def forecast(self, horizon: int | None = None, level: float | Sequence[float] = ()) -> Forecast:
        """Forecast the medians of the next steps of every series, whole numbers, and whole bounds.

        A bound is the smallest number that is not exceeded with the probability asked for: intervals of counts cover
        what they promise, or more. Beyond the recipe's horizon every member goes on from what it expects itself.

        Parameters
        ----------
        horizon : int, optional
            Steps ahead; the recipe's horizon, else one season or 6, if None.
        level : float or sequence of float
            Of the intervals, in percent; none if empty.

        Raises
        ------
        ParameterError
            If the horizon is no whole number above 0, or a level is not from 1 to 99.9.
        """
        levels = in_percent(level)
        share = np.array(levels) / 100
        mixtures = self._mixtures(horizon)
        median, lower, upper = (
            np.stack([mixture.quantiles(wanted) for mixture in mixtures])
            for wanted in (np.array([0.5]), (1 - share) / 2, (1 + share) / 2)
        )
        forecast = self.origin.forecast(median[:, 0], np.stack([mixture.medians() for mixture in mixtures]))
        return replace(forecast, levels=levels, lower=lower, upper=upper) if levels else forecast

    def sample(self, horizon: int | None = None, paths: int = 1000, seed: int = 1) -> Array:
        """Draw whole paths that the series may take, [S, paths, h], so that sums over steps have honest intervals.

        Raises
        ------
        ParameterError
            If a number is out of its range.
        """
        whole_number("paths", paths, 1, 1_000_000)
        whole_number("seed", seed, 0, 2**62)
        return np.stack(
            [
                mixture.paths(paths, float(together), np.random.default_rng([seed, zlib.crc32(name.encode())]))
                for mixture, together, name in zip(self._mixtures(horizon), self.together, self.origin.ids, strict=True)
            ]
        )

    def save(self, path: str | Path) -> None:
        """Write a model file, whole or not at all, which ``statecast.load`` reads; raises FileError if it cannot be."""
        save(self, path)

    def update(self, rows: object, *, missing: str = "error", revisions: str = "report") -> FittedCounts:
        """Take in new observations: level and state are carried on, nothing is trained or decided anew.

        Parameters
        ----------
        rows
            What ``read`` takes; or a number, or a sequence of numbers, that follows the last observation.
        missing : {"error", "forecast"}
            Steps without an observation are refused, or what is forecast for them is taken in, and not watched.
        revisions : {"report", "refuse"}
            Rows that were seen and have another value now are told with a RevisionWarning, or refused.

        Raises
        ------
        DataError
            If the rows do not follow the last observation, or are no counts.
        """
        after, track = follow(self, self.origin.take(rows, missing, revisions))
        return replace(after, track=track)

    def expect(self, taken: Taken) -> Array:
        """Forecast the next observation of every series: its median, and its distribution, [S, 2 + 2 M]."""
        return np.stack([mixture.told() for mixture in self._mixtures(1)])

    def take(self, taken: Taken) -> FittedCounts:
        """Take in observations without watching; raises DataError if one is no count."""
        if taken.waits:
            return replace(self, origin=taken.origin)
        check_whole(taken.values.ravel(), np.repeat(self.origin.ids, taken.values.shape[1]))
        rate, inputs = self.rate, []
        for step in taken.values.T:
            rate, seen = rate.advance(step)
            inputs.append(seen)
        ahead, state = self._run(np.stack(inputs, axis=1), self.state, self.recipe.members)
        return replace(self, origin=taken.origin, rate=rate, state=state, ahead=ahead)

    @property
    def watch(self) -> Watch:
        """How far off the forecasts were of the observations that ``update`` has taken in."""
        return Watch(self.origin, self.track, Told())

    def _run(self, inputs: Array, state: State, members: int) -> tuple[Array, State]:
        """Run every network over its series' inputs [S, k, I]; return what each gives at the end."""
        series, steps, width = inputs.shape
        rows = inputs.reshape(-1, width).astype(np.float32)
        feed = Feed(rows, np.arange(series + 1) * steps, np.repeat(np.arange(series), members))
        outputs, after = run_networks(self.networks, feed, state)
        return outputs[feed.starts[1:] - 1].astype(np.float64), after

    def _mixtures(self, horizon: int | None) -> list[Mixture]:
        """Return the distributions of the next steps of every series."""
        horizon = self.origin.steps(self.recipe.horizon if horizon is None else horizon)
        members, rate, state = self.recipe.members, self.rate.repeat(self.recipe.members), self.state
        start = np.repeat(self.start, members, axis=0)
        means, dispersions, ahead, grown = [], [], self.ahead, np.zeros((len(self.ahead), 1))
        while True:
            lines = rate.lines(start.shape[1])
            mean, dispersion = moments(self.recipe.trust, _on_lines(ahead, lines, rate), lines, start)
            means.append(mean)
            dispersions.append(dispersion + grown)
            if sum(block.shape[1] for block in means) >= horizon:
                break
            grown = grown + np.maximum(dispersion[:, -1:] - dispersion[:, :1], 0.0)
            inputs = []
            for step in mean.T:
                rate, seen = rate.advance(step)
                inputs.append(seen)
            ahead, state = self._run(np.stack(inputs, axis=1), state, 1)
        shape = len(self.origin.ids), members, -1
        mean, dispersion = (
            np.concatenate(blocks, axis=1)[:, :horizon].reshape(shape) for blocks in (means, dispersions)
        )
        return [
            Mixture(mean[s], dispersion[s], float(np.rint(self.rate.level[s])) if self.constant[s] else None)
            for s in range(len(mean))
        ]


def _on_lines(outputs: Array, lines: Array, rate: Rate) -> Array:
    """Return outputs [N, 2 h] on the lines [N, h] of their steps: a network knows those of one season, repeated.

    They differ where the clocks change, or in a 53rd week, within more than a season ahead.
    """
    known = lines[:, np.arange(lines.shape[1]) % rate.line_count]
    return np.asarray(
        (outputs.reshape(*lines.shape, 2) + np.stack([lines - known, 0 * lines], axis=2)).reshape(outputs.shape)
    )


def moments(trust: float, outputs: Array, lines: Array, start: Array) -> tuple[Array, Array]:
    """Return means and dispersions of outputs [N, 2 h], drawn to the raw ones lines and start; all are [N, h]."""
    own = outputs.reshape(*lines.shape, 2)
    return (
        softplus(lines + trust * (own[:, :, 0] - lines)) + _FLOOR,
        softplus(start + trust * (own[:, :, 1] - start)) + _FLOOR,
    )
