"""Recipes: transforms, network, training and ensemble as a frozen description that fits to a panel."""

from __future__ import annotations

from statecast.recipes._auto import Auto as Auto
from statecast.recipes._classic import Classic as Classic
from statecast.recipes._classic import FittedClassic as FittedClassic
from statecast.recipes._combination import WEIGHTS as WEIGHTS
from statecast.recipes._combination import Combination as Combination
from statecast.recipes._combination import FittedCombination as FittedCombination
from statecast.recipes._counted import FittedCounts as FittedCounts
from statecast.recipes._counts import Counts as Counts
from statecast.recipes._document import KINDS as KINDS
from statecast.recipes._document import Described as Described
from statecast.recipes._document import from_document as from_document
from statecast.recipes._document import load_recipe as load_recipe
from statecast.recipes._document import save_recipe as save_recipe
from statecast.recipes._document import to_document as to_document
from statecast.recipes._fitted_auto import FittedAuto as FittedAuto
from statecast.recipes._fitted_shared import FittedShared as FittedShared
from statecast.recipes._foresee import foresee as foresee
from statecast.recipes._influence import Explained as Explained
from statecast.recipes._influence import Influence as Influence
from statecast.recipes._learnt import count_parameters as count_parameters
from statecast.recipes._saved import load as load
from statecast.recipes._saved import load_saved as load_saved
from statecast.recipes._shared import Pretrained as Pretrained
from statecast.recipes._shared import Shared as Shared
from statecast.recipes._use import USES as USES
from statecast.recipes._use import to_use as to_use

__all__ = [
    "KINDS",
    "USES",
    "WEIGHTS",
    "Auto",
    "Classic",
    "Combination",
    "Counts",
    "Described",
    "Explained",
    "FittedAuto",
    "FittedClassic",
    "FittedCombination",
    "FittedCounts",
    "FittedShared",
    "Influence",
    "Pretrained",
    "Shared",
    "count_parameters",
    "foresee",
    "from_document",
    "load",
    "load_recipe",
    "load_saved",
    "save_recipe",
    "to_document",
    "to_use",
]
