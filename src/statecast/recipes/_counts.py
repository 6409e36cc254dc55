"""The recipe for counts: whole numbers from zero on, many of them zero perhaps, forecast by their distribution."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.checks import number, whole_number
from statecast.errors import DataError, ParameterError
from statecast.network import Feed, Networks, Spec, run_networks
from statecast.recipes._counted import FittedCounts
from statecast.recipes._rate import Rate, check_whole, inverse_softplus
from statecast.series import MAX_HORIZON, Origin, Panel, Progress, SeasonClock, Sequences, read
from statecast.storage import storable
from statecast.training import Adam, Loss, Online, Schedule, train_networks

SHORTEST = 3
"""Observations that a series must have."""

_HEAD = 0.1  # of what the units give to the outputs at first: the forecast begins near the smoothed level
_PLACES = 60  # in a season, at most: each is an input


@storable
@dataclass(frozen=True)
class Counts:
    """A small LSTM gives a negative binomial for each of the next steps: forecasts and bounds are whole numbers.

    A level is smoothed, freed of the season where there is one; what it expects of the next steps goes into the
    network, and past it to the outputs, so that the network starts from there. It is trained like ``Auto``, but by the
    likelihood of negative binomials. The point forecast is the median of the mixture over members.

    Parameters
    ----------
    units : int
        Hidden units of a network.
    epochs : int
        Passes over a series, one update each.
    learning_rate : float
        At the start; it falls to zero along half a cosine.
    trust : float
        Between 0, the smoothed level alone, and 1, the network alone.
    members : int
        Independent networks with the seeds seed, seed + 1, ..
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
    >>> from statecast.recipes import Counts
    >>> fitted = Counts(horizon=2).fit([0, 2, 0, 0, 1, 3, 0, 0, 1, 0])
    >>> fitted.forecast(level=80).to_frame()[["lo-80", "hi-80"]].values.tolist()
    [[0.0, 2.0], [0.0, 2.0]]
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
        """``counts``."""
        return "counts"

    @property
    def description(self) -> str:
        """What it does, in a line."""
        members = "1 network" if self.members == 1 else f"{self.members} networks"
        return (
            f"whole numbers; smoothed level and season found for each series; {members} of {self.units} units from "
            f"seed {self.seed} on, up to {self.epochs} epochs, trusted by {self.trust:g}, give negative binomials; "
            "the forecast is their median"
        )

    @property
    def seeds(self) -> range:
        """The seed of every member."""
        return range(self.seed, self.seed + self.members)

    @property
    def finds_season(self) -> bool:
        """True: whether a series has a season is decided from it."""
        return True

    @property
    def shared(self) -> bool:
        """False: every series is fitted alone."""
        return False

    @property
    def training(self) -> Online:
        """How the networks are trained."""
        whole_series = 10_000_000
        schedule = Schedule("cosine", self.learning_rate)
        return Online(self.epochs, whole_series, schedule, Loss("negative_binomial"), Adam("pytorch", clip=1.0))

    @property
    def shortest(self) -> int:
        """Observations that a series must have at least."""
        return SHORTEST

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedCounts:
        """Smooth every series, train its members, and run them to its end.

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
            If a series has less than 3 observations, or one that is no whole number from 0 to 10 000.
        TrainingError
            If the loss is not finite.
        """
        panel: Panel = read(data)
        if (shortest := int(panel.lengths.min())) < SHORTEST:
            name = panel.ids[int(panel.lengths.argmin())]
            raise DataError(f"the recipe takes at least {SHORTEST} observations, got {shortest} in series {name!r}.")
        panel = _whole(panel)
        check_whole(panel.values, np.repeat(panel.ids, panel.lengths))
        origin = Origin.of(panel)
        horizon = origin.steps(self.horizon)
        series = Sequences(panel.values, panel.offsets)
        period = panel.frequency.season if panel.frequency.season <= _PLACES else 1
        rate = Rate.fit(series, period, SeasonClock.of(panel))
        ahead = rate.rows(series, horizon)
        if panel.filled is not None:
            ahead = ahead.without(panel.filled)
        dispersions = ahead.dispersions()
        start = inverse_softplus(dispersions)
        feed = Feed(ahead.x.astype(np.float32), panel.offsets, np.repeat(np.arange(len(panel)), self.members))
        rows = np.minimum(horizon, panel.lengths // 4)
        trained = train_networks(
            self._networks(rate, start),
            feed,
            ahead.y,
            self.training,
            weights=ahead.known.astype(np.float64),
            held_out=np.where(rows > 1, rows, 0),
            threads=threads,
            progress=progress,
        )
        outputs, state = run_networks(trained.networks, feed, threads=threads)
        low, high = (extreme.reduceat(panel.values, panel.offsets[:-1]) for extreme in (np.minimum, np.maximum))
        return FittedCounts(
            self,
            origin,
            rate,
            start,
            low == high,
            trained.networks,
            state,
            outputs[feed.starts[1:] - 1].astype(np.float64),
            ahead.together(dispersions),
        )

    def _networks(self, rate: Rate, start: NDArray[np.float64]) -> Networks:
        """Draw the networks; they begin by giving what is expected, and the raw dispersions start [S, h]."""
        lines, units, (series, horizon) = rate.line_count, self.units, start.shape
        spec = Spec(inputs=1 + lines, units=units, outputs=2 * horizon, skip=True)
        drawn = Networks.initialise(spec, list(self.seeds) * series)
        weights = drawn.weights.copy()
        head = weights[:, -(units + lines + 2) * 2 * horizon :].reshape(len(weights), units + lines + 2, horizon, 2)
        own = rate.repeat(self.members)
        head[:, :units] *= _HEAD
        head[:, :units, :, 0] *= own.spread[:, np.newaxis, np.newaxis]
        head[:, units:] = 0
        for step in range(horizon):
            head[:, units + 1 + step % lines, step, 0] = own.size
        head[:, -1, :, 1] = np.repeat(start, self.members, axis=0)
        weights[:, -head[0].size :] = head.reshape(len(weights), -1)
        return Networks(spec, weights)


def _whole(panel: Panel) -> Panel:
    """Return a panel whose filled values are whole."""
    if panel.filled is None:
        return panel
    return replace(panel, values=np.where(panel.filled, np.round(panel.values), panel.values))
