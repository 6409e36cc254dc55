"""The classic stateful LSTM recipe for one series, as taught with Keras, and exactly that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from statecast.checks import choice, whole_number
from statecast.errors import DataError
from statecast.intervals import UNTRACKED, Calibration, Intervals, Track, Watch, floor_of, follow, tracked
from statecast.network import Feed, Networks, Spec, State, run_networks
from statecast.series import MAX_HORIZON, Forecast, Origin, Panel, Progress, Sequences, Taken, read, save
from statecast.storage import storable
from statecast.training import Online, train_networks
from statecast.transforms import FILLS, Difference, FittedPipeline, Pipeline, Scale, Supervised, Transform

Array = NDArray[np.float64]


@storable
@dataclass(frozen=True)
class Classic:
    """Difference, lags, scale to [-1, 1], a small stateful LSTM trained in time order; one network a series.

    The state carries from row to row and is reset after each epoch; after training it is built up by running over
    the whole training part, and never reset again: ``update`` carries it on.

    Parameters
    ----------
    units : int
        Hidden units of the network.
    epochs : int
        Passes over the training rows.
    lags : int
        Earlier changes that go in at a step.
    fill : "zero" or "drop"
        What is done with the first rows, whose lags are unknown: filled with 0, or left out.
    difference : int
        Lag of the difference; 0 for none.
    bptt : int
        Rows of a chunk: one update a chunk, gradients stop at its start.
    learning_rate : float
        Of Adam.
    members : int
        Independent networks with the seeds seed, seed + 1, ..; their forecasts are averaged.
    seed : int
        Of the first member.
    horizon : int, optional
        Steps to forecast when nobody says; one season, or 6, if None.

    Raises
    ------
    ParameterError
        If a value is out of its range.

    Examples
    --------
    >>> from statecast.recipes import Classic
    >>> fitted = Classic(epochs=50, horizon=2).fit([10.0, 12.0, 11.0, 13.0, 12.0, 14.0])
    >>> fitted.forecast().mean.shape
    (1, 2)
    >>> fitted.update(13.0).forecast().times
    array([[7, 8]])
    """

    units: int = 4
    epochs: int = 3000
    lags: int = 1
    fill: str = "zero"
    difference: int = 1
    bptt: int = 1
    learning_rate: float = 1e-3
    members: int = 1
    seed: int = 1
    horizon: int | None = None

    def __post_init__(self) -> None:
        whole_number("lags", self.lags, 1, 10_000)
        choice("fill", self.fill, FILLS)
        whole_number("difference", self.difference, 0, 1_000_000)
        whole_number("members", self.members, 1, 100_000)
        whole_number("seed", self.seed, 0, 2**62)
        if self.horizon is not None:
            whole_number("horizon", self.horizon, 1, MAX_HORIZON)
        Spec(inputs=self.lags, units=self.units)
        self.training  # noqa: B018  # checks epochs, bptt and learning rate

    @property
    def name(self) -> str:
        """``classic``."""
        return "classic"

    @property
    def description(self) -> str:
        """What it does, in a line."""
        difference = f"differenced at lag {self.difference}" if self.difference else "not differenced"
        units = "1 unit" if self.units == 1 else f"{self.units} units"
        lags = "1 lag" if self.lags == 1 else f"{self.lags} lags"
        seeds = f"seed {self.seed}" if self.members == 1 else f"{self.members} members from seed {self.seed} on"
        return (
            f"{difference}, {lags}, scaled to [-1, 1], {units}, {self.epochs} epochs, {seeds}; "
            "forecasts are fed back for later steps"
        )

    @property
    def seeds(self) -> range:
        """The seed of every member."""
        return range(self.seed, self.seed + self.members)

    @property
    def shared(self) -> bool:
        """False: every series is fitted alone."""
        return False

    @property
    def training(self) -> Online:
        """How the networks are trained."""
        return Online(self.epochs, self.bptt, self.learning_rate)

    @property
    def pipeline(self) -> Pipeline:
        """The transforms, in order."""
        steps: list[Transform] = [Difference(self.difference)] if self.difference else []
        return Pipeline((*steps, Supervised(self.lags, self.fill), Scale(-1.0, 1.0)))

    @property
    def shortest(self) -> int:
        """Observations that a series must have at least: two rows to train on."""
        return self.difference + 2 + (self.lags if self.fill == "drop" else 0)

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedClassic:
        """Train the members of every series, then warm up their state.

        Parameters
        ----------
        data
            What ``read`` takes: a panel, a path, a frame or an array.
        threads : int
            Networks are spread over so many; the numbers do not depend on it.
        progress : callable, optional
            Gets the epochs done and all epochs, about ten times a second.

        Raises
        ------
        DataError
            If a series is too short.
        TrainingError
            If the loss is not finite.
        """
        panel: Panel = read(data)
        self._check_length(panel)
        pipeline, rows = self.pipeline.fit_apply(Sequences(panel.values, panel.offsets))
        feed = Feed(
            rows.values[:, :-1].astype(np.float32),
            rows.offsets,
            np.repeat(np.arange(len(panel)), self.members),
        )
        spec = Spec(inputs=self.lags, units=self.units)
        start, y = Networks.initialise(spec, list(self.seeds) * len(panel)), rows.values[:, -1].astype(np.float32)
        del rows  # four times what the networks see of it
        trained = train_networks(start, feed, y, self.training, threads=threads, progress=progress)
        networks = trained.networks
        _, state = run_networks(networks, feed, threads=threads)
        origin = Origin.of(panel)
        calibration = Calibration(self, panel, origin.steps(self.horizon), threads)
        return FittedClassic(self, origin, pipeline, networks, state, calibration)

    def _check_length(self, panel: Panel) -> None:
        if (shortest := int(panel.lengths.min())) < self.shortest:
            name = panel.ids[int(panel.lengths.argmin())]
            raise DataError(
                f"the recipe takes at least {self.shortest} observations to train on (difference {self.difference}, "
                f"lags {self.lags}), got {shortest} in series {name!r}. Give more history, or hold out fewer rows."
            )


@storable
@dataclass(frozen=True, eq=False)
class FittedClassic:
    """The classic recipe, fitted: the networks and where every series stands.

    Attributes
    ----------
    recipe : Classic
    origin : Origin
        The last observations seen.
    pipeline : FittedPipeline
        A state a series.
    networks : Networks
        Network s * M + m is member m of series s.
    state : State
        Of every network, after the last observation.
    calibration : Intervals
    track : Track
    """

    recipe: Classic
    origin: Origin
    pipeline: FittedPipeline
    networks: Networks
    state: State
    calibration: Intervals
    track: Track = UNTRACKED

    def decisions(self, series: int = 0) -> tuple[str, ...]:
        """Return what was decided for a series: nothing, as the recipe is the same for all."""
        return ()

    def forecast(self, horizon: int | None = None, level: float | Sequence[float] = ()) -> Forecast:
        """Forecast the next steps of every series; beyond the first, every member is fed its own forecasts.

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
        horizon = self.origin.steps(self.recipe.horizon if horizon is None else horizon)
        by_member = self._ahead(horizon)
        forecast = self.origin.forecast(by_member.mean(axis=1), by_member)
        return self.calibration.add_bounds(forecast, level)

    def _ahead(self, horizon: int) -> Array:
        """Forecast every series by every member, [S, M, horizon]."""
        members = self.recipe.members
        pipeline, state = self.pipeline.repeat(members), self.state
        steps = np.empty((len(self.networks), horizon))
        for step in range(horizon):
            outputs, state = run_networks(self.networks, Feed.one_row_each(_next_inputs(pipeline, len(steps))), state)
            steps[:, step] = pipeline.invert(outputs.astype(np.float64))[:, 0]
            pipeline, _ = pipeline.advance(steps[:, step])
        return steps.reshape(len(self.origin.ids), members, horizon)

    def sample(self, horizon: int | None = None, paths: int = 1000, seed: int = 1) -> NDArray[np.float64]:
        """Draw whole paths that the series may take, [S, paths, h], so that sums over steps have honest intervals.

        Raises
        ------
        ParameterError
            If a number is out of its range.
        """
        return self.calibration.paths(self.forecast(horizon).mean, paths, seed)

    def save(self, path: str | Path) -> None:
        """Write a model file, whole or not at all, which ``statecast.load`` reads; raises FileError if it cannot be."""
        save(self, path)

    def update(self, rows: object, *, missing: str = "error", revisions: str = "report") -> FittedClassic:
        """Take in new observations: the state is carried on, nothing is trained, the parameters are shared.

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
            If the rows do not follow the last observation.
        """
        taken = self.origin.take(rows, missing, revisions)
        if taken.waits or taken.revisions is not None or np.isnan(taken.values).any():
            after, track = follow(self, taken)
            return replace(after, track=track)
        return self._carry(taken, watch=True)

    def expect(self, taken: Taken) -> Array:
        """Forecast the next observation of every series, [S, 1]."""
        return np.asarray(np.maximum(self._ahead(1).mean(axis=1), floor_of(self.calibration.smallest)[:, np.newaxis]))

    def take(self, taken: Taken) -> FittedClassic:
        """Take in observations without watching."""
        return self._carry(taken, watch=False)

    @property
    def watch(self) -> Watch:
        """How far off the forecasts were of the observations that ``update`` has taken in."""
        return Watch(self.origin, self.track, self.calibration)

    def _carry(self, taken: Taken, watch: bool) -> FittedClassic:
        """Carry the state on over new observations, and keep what was forecast just before each if they are watched.

        All steps are taken at once, each of them a series of its own that stands before it.
        """
        if taken.waits:
            return replace(self, origin=taken.origin)
        series, steps = taken.values.shape
        members = self.recipe.members
        before = self.pipeline.before_each(taken.values)
        after, rows = before.advance(taken.values.ravel())
        owners = np.arange(series * members) // members
        feed = Feed(rows[:, :-1].astype(np.float32), np.arange(series + 1) * steps, owners)
        outputs, state = run_networks(self.networks, feed, self.state)
        track = self.track
        if watch:
            by_step = outputs.reshape(series, members, steps).swapaxes(1, 2).reshape(-1, members)
            ahead = before.invert_next(by_step.astype(np.float64))
            expected = np.add.reduce(ahead, axis=1) / members  # what mean() does, without its checks
            expected = expected.reshape(series, steps, 1)
            if np.minimum.reduce(expected, axis=None) < 0:  # seldom, and a floor takes time
                expected = np.maximum(expected, floor_of(self.calibration.smallest)[:, np.newaxis, np.newaxis])
            track = tracked(self, taken, expected)
        pipeline = after if steps == 1 else after.select(np.arange(1, series + 1) * steps - 1)
        return FittedClassic(self.recipe, taken.origin, pipeline, self.networks, state, self.calibration, track)


def _next_inputs(pipeline: FittedPipeline, series: int) -> NDArray[np.float32]:
    """Return the inputs of the next row of every series, [S, I]; its target is not known yet."""
    _, row = pipeline.advance(np.full(series, np.nan))
    return row[:, :-1].astype(np.float32)
