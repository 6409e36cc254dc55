"""Which method makes the forecast after a test: the network, whatever was best, or a combination."""

from __future__ import annotations

from statecast.checks import choice
from statecast.evaluation import best
from statecast.recipes._combination import Combination
from statecast.series import Backtest, Recipe

USES = ("network", "best", "combination")


def to_use(use: str, recipe: Recipe, tested: Backtest, weights: str = "equal") -> Recipe:
    """Return what is to make the forecast.

    Parameters
    ----------
    use : {"network", "best", "combination"}
        The recipe itself; the recipe or the baseline with the smallest RMSE in its test; or the average of the recipe
        and the statistical baselines that were tested, of the recipe and the best baseline if there were none.
    recipe : Recipe
        The one that was tested.
    tested : Backtest
    weights : {"equal", "inverse_error"}
        Of the combination.

    Raises
    ------
    ParameterError
        If there is no such choice.

    Examples
    --------
    >>> import statecast as sc
    >>> line, recipe = [3.0 * k for k in range(24)], sc.counts(epochs=1, trust=0.0)
    >>> to_use("best", recipe, sc.backtest(line, recipe, test=6)).name
    'drift'
    """
    choice("use", use, USES)
    if use == "combination":
        return Combination((recipe, *(tested.recipes[name] for name in tested.combination.baselines)), weights)
    if use == "network" or tested.scores.rmse <= tested.baselines[best(tested.baselines)].rmse:
        return recipe
    return tested.recipes[best(tested.baselines)]
