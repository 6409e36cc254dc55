"""A search over recipes with Statecast: at random, by halving, and the same recipes with a backtest each in turn."""

from __future__ import annotations

import _side as side
import statecast as sc
from statecast.tuning import usual_spaces
from statecast.tuning._space import draw
from tuning import workload


def main() -> None:
    """Search in every way and print what it took."""
    given = side.options("case", "trials", "threads")
    panel = sc.read(workload.CASES[given.case])
    before = panel.window(None, -workload.TEST)
    rows = int(before.lengths.min()) - workload.TEST
    spaces = list(usual_spaces(panel.frequency.season, rows, horizon=1).values())

    def search(method: str) -> sc.tuning.Tuning:
        return sc.tune(panel, spaces, trials=given.trials, test=workload.TEST, method=method, threads=given.threads)

    def in_turn() -> float:
        recipes = draw(spaces, given.trials, seed=1)
        return min(sc.backtest(before, recipe, test=workload.TEST).scores.rmse for recipe in recipes)

    search("halving")  # loads what is loaded when it is first used
    at_random, tuned = side.timed(lambda: search("random"))
    by_halving, _ = side.timed(lambda: search("halving"))
    one_by_one, best = side.timed(in_turn)
    side.report(
        {
            "random": side.Spent(at_random, check=(tuned.leaderboard[0].rmse,)),
            "halving": side.Spent(by_halving),
            "a backtest each": side.Spent(one_by_one, check=(best,)),
        }
    )


if __name__ == "__main__":
    main()
