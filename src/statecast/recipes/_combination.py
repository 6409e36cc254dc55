"""Combination: several recipes, their forecasts averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from statecast.checks import choice
from statecast.errors import DataError, ParameterError
from statecast.intervals import UNTRACKED, Calibration, Common, Intervals, Track, Watch, follow
from statecast.series import Fitted, Forecast, Learnt, Origin, Panel, Progress, Recipe, Taken, pretrain, read, save
from statecast.storage import storable

WEIGHTS = ("equal", "inverse_error")


@storable
@dataclass(frozen=True)
class Combination:
    """The average of the forecasts of several recipes (Bates and Granger, 1969, "The combination of forecasts").

    Member m of its ensemble is made with member m of the first recipe, and with the means of the others.

    Parameters
    ----------
    recipes : sequence of Recipe
    weights : {"equal", "inverse_error"}
        All the same; or, for every series, in proportion to 1 / error, the error being the root of the mean squared one
        on the last steps of the history, as many as are forecast but at most a quarter, by recipes fitted to the rest.
        Equal as well where the history is too short for that. With a shared recipe among them the errors on one series
        are drawn half the way to those on all.

    Raises
    ------
    ParameterError
        If there are no recipes, or there is no such way to weigh.

    Examples
    --------
    >>> from statecast.baselines import Drift, last_value
    >>> Combination((last_value(), Drift())).fit([1.0, 3.0, 5.0]).forecast(2).mean
    array([[6., 7.]])
    """

    recipes: tuple[Recipe, ...]
    weights: str = "equal"

    def __post_init__(self) -> None:
        object.__setattr__(self, "recipes", tuple(self.recipes))
        if not self.recipes:
            raise ParameterError("recipes: expected at least one, got none.")
        choice("weights", self.weights, WEIGHTS)

    @property
    def name(self) -> str:
        """``combination``."""
        return "combination"

    @property
    def description(self) -> str:
        """What it does, in a line."""
        weighed = "equal weights" if self.weights == "equal" else "weights of 1 / error on a held-out end"
        return f"average of {', '.join(recipe.name for recipe in self.recipes)}, {weighed}"

    @property
    def seeds(self) -> Sequence[int]:
        """Those of the first recipe."""
        return self.recipes[0].seeds

    @property
    def finds_season(self) -> bool:
        """Whether any of the recipes does."""
        return any(getattr(recipe, "finds_season", False) for recipe in self.recipes)

    @property
    def shared(self) -> bool:
        """Whether any of the recipes is."""
        return any(recipe.shared for recipe in self.recipes)

    @property
    def horizon(self) -> int | None:
        """That of the first recipe."""
        return getattr(self.recipes[0], "horizon", None)

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedCombination:
        """Fit all recipes, and weigh them."""
        panel: Panel = read(data)
        shares = self._shares(panel, threads)
        fitted = tuple(recipe.fit(panel, threads=threads, progress=progress) for recipe in self.recipes)
        origin = Origin.of(panel)
        calibration = Calibration(self, panel, origin.steps(self.horizon), threads)
        return FittedCombination(self, origin, fitted, shares, calibration)

    def pretrain(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> Weighed:
        """Weigh all recipes, and let the shared ones learn; the others are fitted with each series."""
        panel: Panel = read(data)
        shares = self._shares(panel, threads)
        recipes = tuple(pretrain(recipe, panel, threads=threads, progress=progress) for recipe in self.recipes)
        return Weighed(replace(self, recipes=recipes), panel.ids, shares)

    def _shares(self, panel: Panel, threads: int) -> NDArray[np.float64]:
        """Return the weight of every recipe, [recipes, S]; those of a series add up to 1."""
        squares = np.full((len(self.recipes), len(panel)), np.nan)
        ends = np.minimum(Origin.of(panel).steps(self.horizon), panel.lengths // 4)
        if self.weights != "equal" and ends.any():
            try:
                before = panel.window(None, panel.lengths - ends)
                recipes = [pretrain(recipe, before, threads=threads) for recipe in self.recipes]
            except DataError:  # too short without their ends
                recipes = []
            for steps in np.unique(ends[ends > 0]) if recipes else ():
                series = np.flatnonzero(ends == steps)
                squares[:, series] = _squares(recipes, panel.select(series), int(steps), threads)
        return _weights(_drawn(squares) if self.shared else squares)


def _squares(recipes: Sequence[Recipe], panel: Panel, steps: int, threads: int) -> NDArray[np.float64]:
    """Return the squared errors on the last steps of every series, added up, [recipes, S]; NaN if they are not had."""
    history, end = panel.window(None, -steps), panel.window(-steps, None)
    try:
        forecasts = [recipe.fit(history, threads=threads).forecast(steps).mean for recipe in recipes]
    except DataError:  # too short without its end
        return np.full((len(recipes), len(panel)), np.nan)
    errors = (np.stack(forecasts) - end.values.reshape(-1, steps)) ** 2
    seen = np.ones((len(panel), steps)) if end.filled is None else ~end.filled.reshape(-1, steps)
    return np.asarray((errors * seen).sum(axis=2))


def _drawn(squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draw squared errors [recipes, S] half the way to those of the panel: one end of one series says little.

    Each is by the mean of its series; the mean over the panel is of sorted ones, so that the order changes no bit.
    """
    known = np.isfinite(squares[0]) & (squares.sum(axis=0) > 0)
    if not known.any():
        return squares
    own = squares[:, known] / squares[:, known].mean(axis=0)
    panel = np.sort(own, axis=1).mean(axis=1, keepdims=True)
    result = np.repeat(panel, squares.shape[1], axis=1)
    result[:, known] = (own + panel) / 2
    return result


def _weights(squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights in proportion to 1 / error, equal ones where no error is known."""
    sizes = np.sqrt(np.where(np.isfinite(squares), squares, 0.0))
    smallest = np.where(sizes.min(axis=0) > 0, sizes.min(axis=0), 1.0)
    inverse = 1 / np.maximum(sizes / smallest, 1e-6)
    shares: NDArray[np.float64] = inverse / inverse.sum(axis=0)
    return shares


@storable
@dataclass(frozen=True, eq=False)
class Weighed:
    """A combination whose weights are known, and whose shared recipes have learnt: it is a local recipe.

    Attributes
    ----------
    combination : Combination
        Of pretrained and local recipes.
    ids : tuple of str, S
    shares : float64 [recipes, S]
        The weights for these series; for others, what they are on average.
    common : Common or None
        What the errors of all series say together, for intervals; found by a walk over each series if None.
    """

    combination: Combination
    ids: tuple[str, ...]
    shares: NDArray[np.float64]
    common: Common | None = None

    @property
    def name(self) -> str:
        """``combination``."""
        return self.combination.name

    @property
    def seeds(self) -> Sequence[int]:
        """Those of the first recipe."""
        return self.combination.seeds

    @property
    def shared(self) -> bool:
        """False: what is shared is learnt."""
        return False

    @property
    def horizon(self) -> int | None:
        """That of the first recipe."""
        return self.combination.horizon

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedCombination:
        """Fit all recipes to series that were weighed, or to others."""
        panel: Panel = read(data)
        place = {name: s for s, name in enumerate(self.ids)}
        columns = np.column_stack([self.shares, self.shares.mean(axis=1)])
        shares = columns[:, [place.get(name, -1) for name in panel.ids]]
        recipes = self.combination.recipes
        fitted = tuple(recipe.fit(panel, threads=threads, progress=progress) for recipe in recipes)
        origin = Origin.of(panel)
        calibration = Calibration(self, panel, origin.steps(self.horizon), threads, self.common)
        return FittedCombination(self.combination, origin, fitted, shares, calibration)


@storable
@dataclass(frozen=True, eq=False)
class FittedCombination:
    """The recipes fitted, and their weights for every series, [recipes, S]."""

    recipe: Combination
    origin: Origin
    fitted: tuple[Fitted, ...]
    shares: NDArray[np.float64]
    calibration: Intervals
    track: Track = UNTRACKED

    @property
    def pretrained(self) -> Weighed:
        """The combination with its weights and all that its shared recipes have learnt, for these series or others."""
        recipes = tuple(
            cast(Learnt, fitted).pretrained if recipe.shared else recipe
            for fitted, recipe in zip(self.fitted, self.recipe.recipes, strict=True)
        )
        return Weighed(replace(self.recipe, recipes=recipes), self.origin.ids, self.shares)

    def decisions(self, series: int = 0) -> tuple[str, ...]:
        """Return the weights for a series, and what was decided by the recipes."""
        weights = [
            f"{100 * share:.0f} % {recipe.name}"
            for share, recipe in zip(self.shares[:, series], self.recipe.recipes, strict=True)
        ]
        return (" and ".join(weights), *(words for fitted in self.fitted for words in fitted.decisions(series)))

    def forecast(self, horizon: int | None = None, level: float | Sequence[float] = ()) -> Forecast:
        """Forecast the next steps with all recipes, and average; with ``level``, in percent, come intervals."""
        steps = self.origin.steps(self.recipe.horizon if horizon is None else horizon)
        first, *others = (fitted.forecast(steps) for fitted in self.fitted)
        own = self.shares[0, :, np.newaxis]
        mean = self._weigh(first.mean, *(other.mean for other in others))
        from_mean = first.members - first.mean[:, np.newaxis]
        forecast = replace(first, mean=mean, members=mean[:, np.newaxis] + own[:, np.newaxis] * from_mean)
        return self.calibration.add_bounds(forecast, level)

    def sample(self, horizon: int | None = None, paths: int = 1000, seed: int = 1) -> NDArray[np.float64]:
        """Draw whole paths that the series may take, [S, paths, h]."""
        return self.calibration.paths(self.forecast(horizon).mean, paths, seed)

    def save(self, path: str | Path) -> None:
        """Write a model file, whole or not at all, which ``statecast.load`` reads; raises FileError if it cannot be."""
        save(self, path)

    def update(self, rows: object, *, missing: str = "error", revisions: str = "report") -> FittedCombination:
        """Take in new observations with all recipes, as ``Fitted`` says."""
        after, track = follow(self, self.origin.take(rows, missing, revisions))
        return replace(after, track=track)

    def expect(self, taken: Taken) -> NDArray[np.float64]:
        """Forecast the next observation of every series, [S, 1]."""
        return self._weigh(*(one.expect(taken)[:, :1] for one in self.fitted))

    def take(self, taken: Taken) -> FittedCombination:
        """Take in observations with all recipes, without watching."""
        if taken.waits:
            return replace(self, origin=taken.origin)
        return replace(self, origin=taken.origin, fitted=tuple(one.take(taken) for one in self.fitted))

    @property
    def watch(self) -> Watch:
        """How far off the forecasts were of the observations that ``update`` has taken in."""
        return Watch(self.origin, self.track, self.calibration)

    def _weigh(self, first: NDArray[np.float64], *others: NDArray[np.float64]) -> NDArray[np.float64]:
        """Average point forecasts [S, h] of all recipes."""
        shares = self.shares[1:, :, np.newaxis]
        return first + sum((share * (other - first) for share, other in zip(shares, others, strict=True)), 0.0)
