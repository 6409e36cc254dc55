"""The automatic recipe: what a series needs is decided from it; an ensemble forecasts all steps at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.checks import number, whole_number
from statecast.errors import DataError, ParameterError
from statecast.intervals import Calibration
from statecast.network import Spec
from statecast.recipes._adjustment import Decided
from statecast.recipes._ensemble import Work
from statecast.recipes._fitted_auto import FittedAuto
from statecast.recipes._grouped import Grouped
from statecast.recipes._part import Part
from statecast.recipes._size import SIZES, Size, sizes_of
from statecast.series import MAX_HORIZON, Origin, Panel, Progress, read
from statecast.storage import storable
from statecast.training import Online

_MOST_TARGETS = 1_000_000  # that are held at once: h for each observation of the series fitted together
SHORTEST = 3
"""Observations that a series must have: one change to learn from, and its size."""


@storable
@dataclass(frozen=True)
class Auto:
    """All that a series needs is decided from it; a small LSTM forecasts all steps from a smoothed level.

    A series that is above zero is logged, one whose autocorrelation says so is freed of its seasons. What covariates
    add to it, at lags up to 3, is found by a dynamic regression and taken off. From its smoothed level it is expected
    to go on by half its trend, which is the forecast of the Theta method; the network is told the distance from the
    level, in mean steps of the series, and gives the distances of the next ``horizon`` steps from that line. Only a
    share of them, ``trust``, is believed: the forecast is that far between the line and the network.

    The longer a series, the larger its network and the more it is trusted. Below 300 observations it is trained on the
    whole series at once, the state carried from the first row to the last; the last rows, as many as the horizon but at
    most a quarter, say after which epoch it is taken. From 300 on it is trained on parts of the series side by side,
    and sees what is known ahead and the place in the seasons. A few networks are averaged. Forecasts beyond the horizon
    are made from the ones before.

    Parameters
    ----------
    units : int, optional
        Hidden units of a network; 6, 16 or 32 by the length of a series, if None.
    epochs : int, optional
        Passes over a series; 50, 30 or 20, if None.
    learning_rate : float, optional
        At the start; it falls to zero along half a cosine. 0.02, or 0.01 for longer series, if None.
    trust : float, optional
        Between 0, the line alone, and 1, the network alone; 0.5, 0.75 or 1, if None.
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
    >>> fitted.decisions()[:3]
    ('logged', 'no season', 'level smoothed with 0.85')
    """

    units: int | None = None
    epochs: int | None = None
    learning_rate: float | None = None
    trust: float | None = None
    members: int = 5
    seed: int = 1
    horizon: int | None = None

    def __post_init__(self) -> None:
        if self.trust is not None and not 0 <= number("trust", self.trust) <= 1:
            raise ParameterError(f"trust must be from 0 to 1, got {self.trust!r}.")
        whole_number("members", self.members, 1, 100_000)
        whole_number("seed", self.seed, 0, 2**62)
        if self.horizon is not None:
            whole_number("horizon", self.horizon, 1, MAX_HORIZON)
        size = self._size(0)
        Spec(inputs=1, units=size.units)
        Online(size.epochs, 1, size.learning_rate)

    @property
    def name(self) -> str:
        """``auto``."""
        return "auto"

    @property
    def description(self) -> str:
        """What it does, in a line."""
        members = "1 network" if self.members == 1 else f"{self.members} networks"
        return (
            f"log, effects of covariates, seasons and smoothed level found for each series; {members} from seed "
            f"{self.seed} on, beside a line of half the trend; all steps are forecast at once"
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
        panel: Panel = read(data)
        if (shortest := int(panel.lengths.min())) < SHORTEST:
            name = panel.ids[int(panel.lengths.argmin())]
            raise DataError(f"the recipe takes at least {SHORTEST} observations, got {shortest} in series {name!r}.")
        sizes = sizes_of(panel.lengths)
        return self._fit(panel, sizes, None, Work(threads, progress))

    def _fit(self, panel: Panel, sizes: NDArray[np.int64], decided: Decided | None, work: Work) -> FittedAuto:
        """Fit the series of each size, given by their places in SIZES, together, as many as memory is meant for."""
        origin = Origin.of(panel)
        horizon = origin.steps(self.horizon)
        groups = _groups(sizes, panel.lengths, max(_MOST_TARGETS // horizon, 1))
        of_group = [self._size(int(sizes[group[0]])) for group in groups]
        epochs = [size.epochs * len(group) * self.members for size, group in zip(of_group, groups, strict=True)]
        parts = [
            Part.fit(
                panel.select(group),
                size,
                horizon,
                self.seeds,
                work.part(sum(epochs[:number]), sum(epochs)),
                None if decided is None else decided.select(group),
            )
            for number, (size, group) in enumerate(zip(of_group, groups, strict=True))
        ]
        again = _Again(self, panel.ids, sizes, _decided(groups, parts) if decided is None else decided)
        grouped = Grouped(origin, tuple(groups), tuple(parts))
        least = again.decided.least((panel.frequency.season, *panel.frequency.longer))
        return FittedAuto(self, grouped, Calibration(again, panel, horizon, work.threads, least=least))

    def _size(self, place: int) -> Size:
        return SIZES[place].given(self.units, self.epochs, self.learning_rate, self.trust)


@dataclass(frozen=True, eq=False)
class _Again:
    """The recipe, to be fitted to less for the calibration: size and decisions of a series, by its id, stay.

    Sizes are [S] places in SIZES.
    """

    recipe: Auto
    ids: tuple[str, ...]
    sizes: NDArray[np.int64]
    decided: Decided
    name: str = "auto"
    seeds: Sequence[int] = ()
    shared: bool = False

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedAuto:
        """Fit to some of the series."""
        panel: Panel = read(data)
        place = {name: s for s, name in enumerate(self.ids)}
        series = np.array([place[name] for name in panel.ids])
        return self.recipe._fit(panel, self.sizes[series], self.decided.select(series), Work(threads, progress))


def _groups(sizes: NDArray[np.int64], lengths: NDArray[np.int64], most: int) -> list[NDArray[np.int64]]:
    """Return the numbers of the series of each size, in groups of about so many observations at most."""
    groups = []
    for size in np.unique(sizes):
        series = np.flatnonzero(sizes == size)
        before = np.cumsum(lengths[series]) - lengths[series]
        groups += np.split(series, np.flatnonzero(np.diff(before // most)) + 1)
    return groups


def _decided(groups: Sequence[NDArray[np.int64]], parts: Sequence[Part]) -> Decided:
    """Return what was decided for all series, in their order."""
    order = np.argsort(np.concatenate(groups))
    found = [part.adjustment.decided for part in parts]
    logged, steady = (np.concatenate([getattr(one, name) for one in found])[order] for name in ("logged", "steady"))
    return Decided(logged, np.concatenate([one.seasonal for one in found], axis=1)[:, order], steady)
