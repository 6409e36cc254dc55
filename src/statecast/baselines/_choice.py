"""Which baselines a test has."""

from __future__ import annotations

from collections.abc import Sequence

from statecast.baselines._drift import Drift
from statecast.baselines._repeat import LastSeason, last_value
from statecast.baselines._statistical import METHODS, Statistical
from statecast.errors import ParameterError
from statecast.series import Frequency, Recipe

SIMPLE, STATISTICAL = "simple", "statistical"


def choose(wanted: str | Sequence[str], frequency: Frequency, shortest: int) -> dict[str, Recipe]:
    """Return baselines by their names.

    Parameters
    ----------
    wanted : str or sequence of str
        Names, in a string separated by commas; ``simple`` stands for those that cost nothing, the last value, the last
        season and the drift, ``statistical`` for these and the methods of statsforecast.
    frequency : Frequency
        Of the data; each longer season, such as the week of hours, makes one more last season.
    shortest : int
        Observations of the shortest history: seasons that are longer are left out.

    Raises
    ------
    ParameterError
        If there is no such baseline for this data, or statsforecast is not installed.

    Examples
    --------
    >>> from statecast.series import Frequency
    >>> list(choose("simple", Frequency.of("h"), 100))
    ['last_value', 'last_season', 'drift']
    >>> list(choose("simple", Frequency.of("h"), 1000))
    ['last_value', 'last_season', 'last_season_168', 'drift']
    """
    season = frequency.season
    free: list[Recipe] = [last_value()]
    if 1 < season <= shortest:
        free.append(LastSeason(season))
    free += [LastSeason(steps, longer=True) for steps in frequency.longer if steps <= shortest]
    if shortest >= 2:
        free.append(Drift())
    simple = {recipe.name: recipe for recipe in free}
    groups = {SIMPLE: [*simple], STATISTICAL: [*simple, *METHODS]}
    names = wanted.split(",") if isinstance(wanted, str) else wanted
    chosen = dict.fromkeys(name for word in names for name in groups.get(word.strip(), [word.strip()]))
    unknown = [name for name in chosen if name not in groups[STATISTICAL]]
    if unknown or not chosen:
        raise ParameterError(
            f"baselines must be {SIMPLE}, {STATISTICAL}, or some of {', '.join(groups[STATISTICAL])} for this data, "
            f"got {', '.join(map(repr, unknown)) or 'none'}."
        )
    return {name: simple[name] if name in simple else Statistical(name) for name in chosen}
