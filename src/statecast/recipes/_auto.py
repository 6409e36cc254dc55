"""The automatic recipe: what a series needs is decided from it; an ensemble forecasts all steps at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.checks import number, whole_number
from statecast.errors import DataError, ParameterError
from statecast.intervals import Calibration
from statecast.network import Feed, Networks, Spec, State, run_networks
from statecast.recipes._adjustment import Adjustment, Decided
from statecast.series import MAX_HORIZON, Forecast, Origin, Panel, Progress, Sequences, read
from statecast.training import Adam, Loss, Online, Schedule, train_networks

SHORTEST = 3
"""Observations that a series must have: one change to learn from, and its size."""

_HEAD = 0.1  # of the head's first parameters: the forecast begins near the line, and stays where nothing is learnt


@dataclass(frozen=True)
class Auto:
    """Log, season and smoothed level found for each series; a small LSTM forecasts all steps from there.

    A series that is above zero is logged, one whose autocorrelation says so is freed of its season. From its smoothed
    level it is expected to go on by half its trend, which is the forecast of the Theta method; the network is told the
    distance from the level, in mean steps of the series, and gives the distances of the next ``horizon`` steps from
    that line. Only a share of them, ``trust``, is believed: the forecast is that far between the line and the network.

    A network is trained on the whole series at once by the absolute error, the state carried from the first row to the
    last; the last rows, as many as the horizon but at most a quarter, say after which epoch it is taken. A few networks
    are averaged. Forecasts beyond the horizon are made from the ones before.

    Parameters
    ----------
    units : int
        Hidden units of a network.
    epochs : int
        Passes over a series, one update each.
    learning_rate : float
        At the start; it falls to zero along half a cosine.
    trust : float
        Between 0, the line alone, and 1, the network alone.
    members : int
        Independent networks with the seeds seed, seed + 1, ..; their forecasts are averaged.
    seed : int
        Of the first member.
    horizon : int, optional
        Steps that are forecast at once; one season, or 6, if None.

    Raises
    ------
    ParameterError
        If a value is out of its range.

    Examples
    --------
    >>> from statecast.recipes import Auto
    >>> fitted = Auto(horizon=2).fit([10.0, 12.0, 11.0, 13.0, 12.0, 14.0])
    >>> fitted.forecast().mean.shape
    (1, 2)
    >>> fitted.decisions()
    ('logged', 'no season', 'level smoothed with 0.65')
    """

    units: int = 6
    epochs: int = 50
    learning_rate: float = 0.02
    trust: float = 0.5
    members: int = 5
    seed: int = 1
    horizon: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= number("trust", self.trust) <= 1:
            raise ParameterError(f"trust must be from 0 to 1, got {self.trust!r}.")
        whole_number("members", self.members, 1, 100_000)
        whole_number("seed", self.seed, 0, 2**62)
        if self.horizon is not None:
            whole_number("horizon", self.horizon, 1, MAX_HORIZON)
        Spec(inputs=1, units=self.units)
        self.training  # noqa: B018  # checks epochs and learning rate

    @property
    def name(self) -> str:
        """``auto``."""
        return "auto"

    @property
    def description(self) -> str:
        """What it does, in a line."""
        members = "1 network" if self.members == 1 else f"{self.members} networks"
        return (
            f"log, season and smoothed level found for each series; {members} of {self.units} units from seed "
            f"{self.seed} on, up to {self.epochs} epochs, trusted by {self.trust:g} against a line of half the trend; "
            "all steps are forecast at once"
        )

    @property
    def seeds(self) -> range:
        """The seed of every member."""
        return range(self.seed, self.seed + self.members)

    @property
    def training(self) -> Online:
        """How the networks are trained."""
        whole_series = 10_000_000
        schedule = Schedule("cosine", self.learning_rate)
        return Online(self.epochs, whole_series, schedule, Loss("absolute"), Adam("pytorch", clip=1.0))

    @property
    def shortest(self) -> int:
        """Observations that a series must have at least."""
        return SHORTEST

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedAuto:
        """Decide for every series, train its members, and run them to its end.

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
            If a series has less than 3 observations.
        TrainingError
            If the loss is not finite.
        """
        return _fit(self, read(data), None, threads, progress)

    def networks(self, series: int, horizon: int) -> Networks:
        """Draw the members of so many series: a network each, its head a tenth of the usual size."""
        spec = Spec(inputs=1, units=self.units, outputs=horizon)
        drawn = Networks.initialise(spec, list(self.seeds) * series)
        weights = drawn.weights.copy()
        weights[:, -(self.units + 1) * horizon :] *= _HEAD
        return Networks(spec, weights)


@dataclass(frozen=True, eq=False)
class _Again:
    """The recipe fitted again to less, for the calibration: what was decided for a series, by its id, stays so."""

    recipe: Auto
    decided: Mapping[str, tuple[bool, bool]]
    name: str = "auto"
    seeds: Sequence[int] = ()

    @classmethod
    def of(cls, recipe: Auto, ids: Sequence[str], decided: Decided) -> _Again:
        return cls(recipe, dict(zip(ids, zip(decided.logged, decided.seasonal, strict=True), strict=True)))

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedAuto:
        panel: Panel = read(data)
        logged, seasonal = np.array([self.decided[name] for name in panel.ids]).T
        return _fit(self.recipe, panel, Decided(logged, seasonal), threads, progress)


def _fit(recipe: Auto, panel: Panel, decided: Decided | None, threads: int, progress: Progress | None) -> FittedAuto:
    """Decide, where nothing is decided yet, train, and run the networks to the end."""
    if (shortest := int(panel.lengths.min())) < SHORTEST:
        name = panel.ids[int(panel.lengths.argmin())]
        raise DataError(f"the recipe takes at least {SHORTEST} observations, got {shortest} in series {name!r}.")
    origin = Origin.of(panel)
    series = Sequences(panel.values, panel.offsets)
    adjustment = Adjustment.fit(series, panel.frequency.season, decided)
    horizon = origin.steps(recipe.horizon)
    rows = adjustment.rows(series, horizon)
    feed = Feed(rows.x[:, np.newaxis], panel.offsets, np.repeat(np.arange(len(panel)), recipe.members))
    trained = train_networks(
        recipe.networks(len(panel), horizon),
        feed,
        rows.y,
        recipe.training,
        weights=rows.weights,
        held_out=_held_out(panel.lengths, horizon),
        threads=threads,
        progress=progress,
    )
    outputs, state = run_networks(trained.networks, feed, threads=threads)
    calibration = Calibration(_Again.of(recipe, panel.ids, adjustment.decided), panel, horizon, threads)
    return FittedAuto(recipe, origin, adjustment, trained.networks, state, _last(outputs, feed), calibration)


def _held_out(lengths: NDArray[np.int64], horizon: int) -> NDArray[np.int64]:
    """Return how many rows of each series choose the epoch; one alone has no target to be judged by."""
    rows = np.minimum(horizon, lengths // 4)
    return np.where(rows > 1, rows, 0)


@dataclass(frozen=True, eq=False)
class FittedAuto:
    """The automatic recipe, fitted: what was decided, the networks, and where every series stands.

    Attributes
    ----------
    recipe : Auto
    origin : Origin
        The last observations seen.
    adjustment : Adjustment
    networks : Networks
        Network s * M + m is member m of series s.
    state : State
        Of every network, after the last observation.
    ahead : float64 [S * M, h]
        What every network gave at the last observation.
    calibration : Calibration
        Of the intervals.
    """

    recipe: Auto
    origin: Origin
    adjustment: Adjustment
    networks: Networks
    state: State
    ahead: NDArray[np.float64]
    calibration: Calibration

    def decisions(self, series: int = 0) -> tuple[str, ...]:
        """Return what was decided for a series, a few words each."""
        return self.adjustment.decisions(series)

    def forecast(self, horizon: int | None = None, level: float | Sequence[float] = ()) -> Forecast:
        """Forecast the next steps of every series; beyond the recipe's horizon, every member sees its own forecasts.

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
        members = self.recipe.members
        adjustment, state = self.adjustment.repeat(members), self.state
        blocks = [adjustment.forecasts(self.recipe.trust * self.ahead)]
        while sum(block.shape[1] for block in blocks) < horizon:
            adjustment, inputs = adjustment.advance(blocks[-1])
            ahead, state = _run(self.networks, inputs, state, 1)
            blocks.append(adjustment.forecasts(self.recipe.trust * ahead))
        by_member = np.concatenate(blocks, axis=1)[:, :horizon].reshape(len(self.origin.ids), members, horizon)
        forecast = Forecast(self.origin.ids, self.origin.times(horizon), by_member.mean(axis=1), by_member)
        return self.calibration.add_bounds(forecast, level)

    def sample(self, horizon: int | None = None, paths: int = 1000, seed: int = 1) -> NDArray[np.float64]:
        """Draw whole paths that the series may take, [S, paths, h], so that sums over steps have honest intervals.

        Raises
        ------
        ParameterError
            If a number is out of its range.
        """
        return self.calibration.paths(self.forecast(horizon).mean, paths, seed)

    def update(self, rows: object) -> FittedAuto:
        """Take in new observations: level and state are carried on, nothing is trained or decided anew.

        Parameters
        ----------
        rows
            What ``read`` takes; or a number, or a sequence of numbers, that follows the last observation.

        Raises
        ------
        DataError
            If the rows do not follow the last observation, or a value of a logged series is not above zero.
        """
        taken = self.origin.take(rows)
        values = taken.values
        adjustment, inputs = self.adjustment.advance(values)
        ahead, state = _run(self.networks, inputs, self.state, self.recipe.members)
        return replace(self, origin=taken.origin, adjustment=adjustment, state=state, ahead=ahead)


def _run(
    networks: Networks, inputs: NDArray[np.float32], state: State, members: int
) -> tuple[NDArray[np.float64], State]:
    """Run every network over its series' inputs [S, k]; return what each gives at the end, [S * M, h]."""
    series, steps = inputs.shape
    feed = Feed(inputs.reshape(-1, 1), np.arange(series + 1) * steps, np.repeat(np.arange(series), members))
    outputs, after = run_networks(networks, feed, state)
    return _last(outputs, feed), after


def _last(outputs: NDArray[np.floating], feed: Feed) -> NDArray[np.float64]:
    """Return what each network gives at its last row."""
    return outputs[feed.starts[1:] - 1].astype(np.float64)
