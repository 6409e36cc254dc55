"""Recipes: transforms, network, training and ensemble as a frozen description that fits to a panel."""

from __future__ import annotations

from statecast.recipes._auto import Auto as Auto
from statecast.recipes._auto import FittedAuto as FittedAuto
from statecast.recipes._classic import Classic as Classic
from statecast.recipes._classic import FittedClassic as FittedClassic
from statecast.recipes._influence import Influence as Influence

__all__ = ["Auto", "Classic", "FittedAuto", "FittedClassic", "Influence"]
