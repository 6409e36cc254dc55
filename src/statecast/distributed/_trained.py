"""What is fitted piece by piece: a local recipe, or a shared one that has learnt from all series before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from statecast.intervals import Calibration
from statecast.series import Origin, Panel, Recipe, pretrain


def trained(recipe: Recipe, panel: Panel, horizon: int | None, levels: tuple[float, ...], threads: int) -> Recipe:
    """Return a shared recipe that has learnt from the series that are long enough, once.

    What its intervals come from goes with it: its networks have seen the rows that a piece would be walked over.
    """
    enough = np.flatnonzero(panel.lengths >= getattr(recipe, "shortest", 1))
    used = panel.select(enough) if len(enough) else panel  # which the recipe refuses, and says why
    learnt = pretrain(recipe, used, threads=threads)
    if not levels:
        return learnt
    ahead = Origin.of(used).steps(horizon or getattr(recipe, "horizon", None))
    return replace(learnt, common=Calibration(recipe, used, ahead, threads).learnt)  # type: ignore[type-var]
