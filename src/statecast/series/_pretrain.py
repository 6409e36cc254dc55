"""What a shared recipe learns from all series of a panel, apart from where each of them stands."""

from __future__ import annotations

from typing import Protocol, cast, runtime_checkable

from statecast.series._panel import Panel
from statecast.series._protocols import Fitted, Progress, Recipe


class Learnt(Fitted, Protocol):
    """A shared recipe that has been fitted."""

    @property
    def pretrained(self) -> Recipe:
        """The recipe with all that it has learnt: it is local and trains nothing, and may be sent elsewhere.

        For intervals that need no walk of their own, ``dataclasses.replace`` it with ``common=calibration.learnt``.
        """
        ...


@runtime_checkable
class Pretrains(Protocol):
    """A recipe of which a part alone is shared: it can learn that without the rest."""

    def pretrain(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> Recipe:
        """Return the recipe with what is shared learnt; the rest is fitted with each series."""
        ...


def pretrain(recipe: Recipe, panel: Panel, *, threads: int = 1, progress: Progress | None = None) -> Recipe:
    """Let a recipe learn what it learns from all series together; return it as a local one. A local one stays itself.

    Examples
    --------
    >>> import statecast as sc
    >>> recipe = sc.auto()
    >>> pretrain(recipe, sc.read([1.0, 2.0, 4.0])) is recipe
    True
    """
    if not recipe.shared:
        return recipe
    if isinstance(recipe, Pretrains):
        return recipe.pretrain(panel, threads=threads, progress=progress)
    return cast(Learnt, recipe.fit(panel, threads=threads, progress=progress)).pretrained
