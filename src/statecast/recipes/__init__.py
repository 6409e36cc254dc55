"""Recipes: transforms, network, training and ensemble as a frozen description that fits to a panel."""

from __future__ import annotations

from statecast.recipes._auto import Auto as Auto
from statecast.recipes._auto import FittedAuto as FittedAuto
from statecast.recipes._classic import Classic as Classic
from statecast.recipes._classic import FittedClassic as FittedClassic
from statecast.recipes._document import KINDS as KINDS
from statecast.recipes._document import from_document as from_document
from statecast.recipes._document import load_recipe as load_recipe
from statecast.recipes._document import save_recipe as save_recipe
from statecast.recipes._document import to_document as to_document

__all__ = [
    "KINDS",
    "Auto",
    "Classic",
    "FittedAuto",
    "FittedClassic",
    "from_document",
    "load_recipe",
    "save_recipe",
    "to_document",
]
