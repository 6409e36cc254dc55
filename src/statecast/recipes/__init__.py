"""Recipes: transforms, network, training and ensemble as a frozen description that fits to a panel."""

from __future__ import annotations

from statecast.recipes._auto import Auto as Auto
from statecast.recipes._auto import FittedAuto as FittedAuto
from statecast.recipes._classic import Classic as Classic
from statecast.recipes._classic import FittedClassic as FittedClassic
from statecast.recipes._counted import FittedCounts as FittedCounts
from statecast.recipes._counts import Counts as Counts

__all__ = ["Auto", "Classic", "Counts", "FittedAuto", "FittedClassic", "FittedCounts"]
