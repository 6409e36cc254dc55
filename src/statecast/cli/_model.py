"""A model file, and what there is to say about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from statecast.series import Fitted, Origin, Recipe, Saved

MOST_NAMED = 5


@dataclass(frozen=True, eq=False)
class Model:
    """A model file that was read."""

    path: Path
    saved: Saved

    @classmethod
    def read(cls, path: str) -> Model:
        """Read it.

        Raises
        ------
        FileError, DataError
            If it cannot be read, or is no model that this version can follow.
        """
        from statecast.recipes import load_saved

        return cls(Path(path), load_saved(path))

    @property
    def fitted(self) -> Fitted:
        """What was saved."""
        return self.saved.fitted

    @property
    def origin(self) -> Origin:
        """Where its series stand."""
        return self.fitted.origin

    @property
    def recipe(self) -> Recipe:
        """What was fitted; networks that a combination was given are those of their recipe."""
        return _untaught(self.fitted.recipe)

    @property
    def horizon(self) -> int:
        """Steps that are forecast if nobody says."""
        return self.origin.steps(getattr(self.fitted.recipe, "horizon", None))

    @property
    def known_ahead(self) -> int | None:
        """Steps for which the known columns of every series are known; None where there are no such columns."""
        known = self.origin.covariates
        if known is None or not known.known:
            return None
        return int((known.known_offsets[1:] - known.known_offsets[:-1]).min())

    @property
    def last(self) -> str:
        """Say when the last observation was, or the first and the last of those of the series."""
        from statecast.tables import stamp

        first, last = (stamp(at, self.origin.time_zone) for at in (self.origin.last.min(), self.origin.last.max()))
        return str(last) if first == last else f"{first} to {last}"

    @property
    def description(self) -> str:
        """What the recipe does, in a line."""
        from statecast.tables import said

        return f"{self.recipe.name}: {getattr(self.recipe, 'description', said(self.recipe))}"

    @property
    def series(self) -> str:
        """How many series it has, and the first of their names."""
        ids = self.origin.ids
        more = f" and {len(ids) - MOST_NAMED:,} more" if len(ids) > MOST_NAMED else ""
        return f"{len(ids):,}: {', '.join(ids[:MOST_NAMED])}{more}"

    def document(self) -> dict[str, object]:
        """Return what the file is, and what is in it."""
        origin = self.origin
        return {
            "model": {
                "path": str(self.path),
                "bytes": self.path.stat().st_size,
                "version": self.saved.version,
                "sha256": self.saved.sha256,
            },
            "recipe": _document(self.recipe),
            "columns": asdict(origin.columns),
            "frequency": origin.frequency.alias,
            "season": origin.frequency.season,
            "decisions": list(self.fitted.decisions()),
        }


def values_of(recipe: Recipe) -> dict[str, object]:
    """Return the values of a recipe that is no combination."""
    return {field.name: getattr(recipe, field.name) for field in fields(cast("DataclassInstance", recipe))}


def _document(recipe: Recipe) -> dict[str, object]:
    from statecast.recipes import Combination

    if isinstance(recipe, Combination):
        return {"name": recipe.name, "weights": recipe.weights, "recipes": [_document(one) for one in recipe.recipes]}
    return {"name": recipe.name, **values_of(recipe)}


def _untaught(recipe: Recipe) -> Recipe:
    from statecast.recipes import Combination, Pretrained

    if isinstance(recipe, Combination):
        return replace(recipe, recipes=tuple(_untaught(one) for one in recipe.recipes))
    return recipe.recipe if isinstance(recipe, Pretrained) else recipe
