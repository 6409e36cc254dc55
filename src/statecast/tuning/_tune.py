"""Tuning: a search over recipes whose winner is scored on rows that the search has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from statecast.checks import MAX_THREADS, choice, whole_number
from statecast.errors import DataError, ParameterError
from statecast.evaluation import backtest, spoken, told
from statecast.series import Backtest, Panel, Progress, read
from statecast.tuning._luck import luck
from statecast.tuning._search import Candidate, Failure, Validation, rounds, search
from statecast.tuning._space import LOCAL, Space, Tunable, draw, usual_spaces

METHODS = ("random", "halving")
TIE = 0.01
"""Errors that differ by less than this share are called as good."""
DOUBT = 0.05
"""A lead that chance gives more often than this is not called one."""


@dataclass(frozen=True, eq=False)
class Tuning:
    """What a search found.

    Attributes
    ----------
    leaderboard : tuple of Candidate
        The best on the validation rows first.
    failures : tuple of Failure
        Recipes that could not be scored.
    base : Auto, Classic or Shared
        The default: the base of the first space.
    default : Backtest
        The default on the test rows, which the search has not seen.
    tested : Backtest
        The winner on the test rows.
    luck : float
        How often chance alone would give the winner such a lead on the test rows.
    seconds : float
    """

    leaderboard: tuple[Candidate, ...]
    failures: tuple[Failure, ...]
    base: Tunable
    default: Backtest
    tested: Backtest
    luck: float
    seconds: float

    @property
    def winner(self) -> Tunable:
        """The recipe that did best on the validation rows."""
        return self.leaderboard[0].recipe

    @property
    def helped(self) -> bool:
        """Whether the winner beats the default on the test rows, by more than a tie and more than luck."""
        return self._leads and self.luck <= DOUBT

    @property
    def advice(self) -> Tunable:
        """The recipe to use: the winner if tuning helped, else the default."""
        return self.winner if self.helped else self.base

    @property
    def verdict(self) -> str:
        """Whether tuning helped, in a sentence or two; with the best of the baselines."""
        return f"{self._tuned} {self._baseline}"

    @property
    def _leads(self) -> bool:
        return self.tested.scores.rmse < (1 - TIE) * self.default.scores.rmse

    @property
    def _tuned(self) -> str:
        own, default = (told(test.scores.rmse) for test in (self.tested, self.default))
        unseen = f"on the {self.tested.times.shape[1] + self.tested.horizon - 1} rows that the search has not seen"
        if self.winner == self.base:
            return f"Tuning found nothing better than the default, so keep it: RMSE {default} {unseen}."
        against = f"{unseen} its winner has RMSE {own}, the default {default}"
        if self.helped:
            return f"Tuning helped: {against} (p = {self.luck:.2g})."
        if self._leads:
            doubt = f"Tuning may have helped or been lucky (p = {self.luck:.2f})"
            return f"{doubt}: {against}. Until more rows tell, keep the default."
        return f"Tuning did not help: {against}, so keep the default."

    @property
    def _baseline(self) -> str:
        name, scores = min(self.tested.baselines.items(), key=lambda item: item[1].rmse)
        advised = (self.tested if self.helped else self.default).scores.rmse
        better = " and is as good or better, so prefer it" if scores.rmse <= (1 + TIE) * advised else ""
        return f"The best baseline, {spoken(name)}, has {told(scores.rmse)}{better}."


def tune(
    data: object,
    space: Space | Sequence[Space] | None = None,
    *,
    trials: int = 200,
    test: int = 12,
    horizon: int = 1,
    method: str = "random",
    windows: int = 1,
    seed: int = 1,
    threads: int = 1,
    progress: Progress | None = None,
) -> Tuning:
    """Search for a recipe, and say how it does on rows that the search has not seen.

    The last ``test`` rows of every series are put aside. Recipes are fitted to what comes before, but for as many rows
    at its end, which they walk through: that error ranks them. The winner is then fitted to all before the test rows
    and tested there, beside the default recipe and the baselines. So its score is not flattered by the search, as the
    error that it was chosen by is.

    Parameters
    ----------
    data
        What ``read`` takes: a panel, a path, a frame or an array.
    space : Space, or several, optional
        Where recipes are drawn from; the usual spaces of ``auto`` and ``classic`` if None. The base of the first is
        the default recipe; all bases are candidates. Their horizon should be the one below.
    trials : int
        Recipes to score.
    test : int
        Rows put aside at the end of every series; the validation rows are as many.
    horizon : int
        Steps ahead that are forecast from every origin.
    method : "random" or "halving"
        All recipes are trained in full; or all for a ninth of their epochs, the best third for a third, the best third
        of these in full.
    windows : int
        Parts of ``test`` rows, side by side, that recipes are scored on together; each takes a fit of its own.
    seed : int
        Of the drawing of recipes.
    threads : int
        Recipes are spread over so many; the numbers do not depend on it.
    progress : callable, optional
        Gets the recipes scored so far, and all of them.

    Returns
    -------
    Tuning

    Raises
    ------
    ParameterError
        If a value is out of its range.
    DataError
        If a series is too short, or no recipe can be fitted.

    Examples
    --------
    >>> import statecast as sc
    >>> from statecast.tuning import Space, tune
    >>> series = [5.0, 9.0, 6.0, 8.0, 5.0, 9.0, 7.0, 8.0, 5.0, 9.0, 6.0, 8.0, 5.0, 9.0]
    >>> space = Space(sc.classic(epochs=20), {"difference": (0, 1, 2), "lags": (1, 2)})
    >>> tuned = tune(series, space, trials=6, test=4)
    >>> len(tuned.leaderboard), tuned.winner.difference
    (6, 2)
    """
    started = perf_counter()
    whole_number("trials", trials, 1, 1_000_000)
    whole_number("test", test, 1, 1_000_000)
    whole_number("horizon", horizon, 1, test)
    whole_number("windows", windows, 1, 1_000)
    whole_number("seed", seed, 0, 2**62)
    whole_number("threads", threads, 1, MAX_THREADS)
    shares = rounds(choice("method", method, METHODS), trials)
    panel: Panel = read(data)
    left = int(panel.lengths.min()) - (1 + windows) * test
    if left < 1:
        raise DataError(
            f"a test of {test} rows and {windows} times as many for validation take a series of more than "
            f"{(1 + windows) * test} rows, got {left + (1 + windows) * test} in "
            f"{panel.ids[int(panel.lengths.argmin())]!r}. Hold out fewer with --test, or give more history."
        )
    if space is None:
        usual = usual_spaces(panel.frequency.season, left, horizon)
        space = tuple(usual[name] for name in LOCAL)
    spaces = (space,) if isinstance(space, Space) else tuple(space)
    if not spaces:
        raise ParameterError("space: expected a space at least, got none.")
    validation = Validation.last(panel.window(None, -test), test, horizon, windows)
    leaderboard, failures = search(draw(spaces, trials, seed), shares, validation.rmse, threads, progress)
    if not leaderboard:
        raise DataError(f"none of {len(failures)} recipes could be scored; the first: {failures[0].reason}")
    base, winner = spaces[0].base, leaderboard[0].recipe
    default = backtest(panel, base, test, horizon=horizon, threads=threads)
    tested = default if winner == base else backtest(panel, winner, test, horizon=horizon, threads=threads)
    return Tuning(leaderboard, failures, base, default, tested, luck(tested, default), perf_counter() - started)
