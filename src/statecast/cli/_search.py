"""The options of a search: how many recipes, which ones, and where the winner goes."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from statecast.cli._options import named, option
from statecast.errors import FileError, ParameterError

if TYPE_CHECKING:
    from statecast.tuning import Space

_SEARCH, _SPACE = "Search", "Recipes to search; of several values, such as 4,8, each is tried"


@dataclass(frozen=True)
class SearchOptions:
    """How to search."""

    trials: Annotated[int, option("--trials", "Recipes to score.", _SEARCH, "200")] = 200
    method: Annotated[
        str, option("--method", "random, or halving: the best third trains on, twice.", _SEARCH, "random")
    ] = "random"
    test: Annotated[
        int | None, option("--test", "Rows put aside, which the search does not see.", _SEARCH, "one season, or 6")
    ] = None
    windows: Annotated[int, option("--windows", "Validation parts, each as long as the test.", _SEARCH, "1")] = 1
    save: Annotated[Path | None, option("--save", "Write the winner to a recipe file, FILE.json.", _SEARCH)] = None

    def check(self) -> None:
        """Refuse a file that cannot be written, before any work is done."""
        from statecast.storage import check_writable

        if self.save is not None:
            if self.save.suffix.lower() != ".json":
                raise FileError(f"--save {self.save}: expected a name that ends in .json.")
            check_writable(self.save)


@dataclass(frozen=True)
class SpaceOptions:
    """Which recipes; those that are not told apart here are the usual ones."""

    recipe: Annotated[
        str | None,
        option("--recipe", "auto, classic, shared, or a recipe file to start from.", _SPACE, "auto and classic"),
    ] = None
    horizon: Annotated[int | None, option("--horizon", "Steps ahead.", _SPACE, "1")] = None
    units: Annotated[str | None, option("--units", "Units of the LSTM.", _SPACE)] = None
    epochs: Annotated[str | None, option("--epochs", "Passes over the training rows.", _SPACE)] = None
    layers: Annotated[str | None, option("--layers", "Shared: LSTM layers.", _SPACE)] = None
    lags: Annotated[str | None, option("--lags", "Classic, shared: values that go in at a step.", _SPACE)] = None
    difference: Annotated[str | None, option("--difference", "Classic: lag of the difference.", _SPACE)] = None
    fill: Annotated[str | None, option("--fill", "Classic: zero or drop.", _SPACE)] = None
    bptt: Annotated[str | None, option("--bptt", "Classic: rows of a chunk.", _SPACE)] = None
    learning_rate: Annotated[str | None, option("--learning-rate", "Of Adam.", _SPACE)] = None
    trust: Annotated[str | None, option("--trust", "Auto, shared: share of the network in the forecast.", _SPACE)] = (
        None
    )
    members: Annotated[int | None, option("--members", "Networks of every ensemble.", _SPACE, "5")] = None
    seed: Annotated[int | None, option("--seed", "Of the search, and of the first member.", _SPACE, "1")] = None

    def spaces(self, season: int, rows: int) -> list[Space]:
        """Return the spaces to search, for series of so many rows to learn from.

        Raises
        ------
        FileError, DataError
            If the recipe file cannot be read or is wrong.
        ParameterError
            If a value cannot be, or is of no recipe that is searched.
        """
        usual = self._usual(season, rows)
        fixed = {name: value for name in ("members", "seed") if (value := getattr(self, name)) is not None}
        given = {
            field.name: tuple(_value(text) for text in str(getattr(self, field.name)).split(","))
            for field in fields(self)
            if field.name not in ("recipe", "horizon", *fixed) and getattr(self, field.name) is not None
        }
        known = {name: {field.name for field in fields(space.base)} for name, space in usual.items()}
        if other := [name for name in given if name not in set().union(*known.values())]:
            option = "--" + other[0].replace("_", "-")
            raise ParameterError(
                f"{option} is no option of the recipe {', '.join(usual)}. Choose another with --recipe."
            )
        return [
            replace(
                space,
                base=replace(space.base, **fixed),
                values={**space.values, **{key: values for key, values in given.items() if key in known[name]}},
            )
            for name, space in usual.items()
        ]

    def _usual(self, season: int, rows: int) -> dict[str, Space]:
        from statecast.recipes import Counts
        from statecast.tuning import LOCAL, usual_spaces

        usual = usual_spaces(season, rows, 1 if self.horizon is None else self.horizon)
        if self.recipe is None or self.recipe in usual:
            return {name: usual[name] for name in (LOCAL if self.recipe is None else (self.recipe,))}
        base = named(self.recipe)
        horizon = (base.horizon or 1) if self.horizon is None else self.horizon
        usual = usual_spaces(season, rows, horizon)
        if isinstance(base, Counts):
            raise ParameterError(f"--recipe {self.recipe}: nothing is known to search of the recipe {base.name}.")
        return {base.name: replace(usual[base.name], base=replace(base, horizon=horizon))}


def _value(text: str) -> int | float | str:
    """Return a number as one, the rest as it is: the recipe says what it takes."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text.strip()
