"""What every method of forecasting is: a recipe that fits, and what it fits to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from statecast.series._forecast import Forecast
from statecast.series._origin import Origin
from statecast.series._taken import Taken

if TYPE_CHECKING:
    from statecast.intervals import Watch

Progress = Callable[[int, int], None]
"""Called now and then while training, with the work done so far and all work."""


class Fitted(Protocol):
    """A method that has seen the history of a panel."""

    @property
    def recipe(self) -> Recipe:
        """What was fitted."""
        ...

    @property
    def origin(self) -> Origin:
        """The last observations seen."""
        ...

    @property
    def watch(self) -> Watch:
        """How far off the forecasts of the observations were that ``update`` has taken in."""
        ...

    def forecast(self, horizon: int | None = None, level: float | Sequence[float] = ()) -> Forecast:
        """Forecast the next ``horizon`` steps of every series; the recipe's own horizon, else a season, if None.

        With ``level``, in percent, one or several, come the bounds of intervals that promise so much coverage.
        """
        ...

    def sample(self, horizon: int | None = None, paths: int = 1000, seed: int = 1) -> NDArray[np.float64]:
        """Draw whole paths that the series may take, [S, paths, h]: sums over their steps have honest intervals."""
        ...

    def decisions(self, series: int = 0) -> tuple[str, ...]:
        """Return what was decided for a series, a few words each; empty where nothing is decided."""
        ...

    def update(self, rows: object, *, missing: str = "error", revisions: str = "report") -> Self:
        """Take in new observations, without training, and watch how far off their forecasts were.

        The old one stays as it was. Rows of a table that are not later than the last observation are passed over.

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
            If the rows do not follow the last observation, or lack a covariate.
        """
        ...

    def expect(self, taken: Taken) -> NDArray[np.float64]:
        """Forecast the next observation of every series, [S, C], with the known covariates that come with it.

        The first column is the point forecast; others are what the intervals of the recipe are told by.
        """
        ...

    def take(self, taken: Taken) -> Self:
        """Take in observations that ``origin.take`` has read, none of them missing, without watching.

        Where ``taken.waits``, there is no step, and the origin alone is another.
        """
        ...

    def save(self, path: str | Path) -> None:
        """Write a model file, whole or not at all, which ``statecast.load`` reads: it goes on as if never left.

        Raises
        ------
        FileError
            If it cannot be written.
        """
        ...


class Recipe(Protocol):
    """A frozen description of a method."""

    @property
    def name(self) -> str:
        """Its name in tables and documents."""
        ...

    @property
    def seeds(self) -> Sequence[int]:
        """The seed of every member of its ensemble; empty where nothing is drawn."""
        ...

    @property
    def shared(self) -> bool:
        """Whether something is learnt from all series of a panel together: a shared recipe, else a local one."""
        ...

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> Fitted:
        """Fit to the whole history given: all that ``read`` takes.

        Unless the recipe is ``shared``, a series is fitted as if it were alone: tests fit several histories of a series
        side by side. Of a shared recipe, a panel holds nothing that is later than what the forecasts may know.
        """
        ...
