"""Baselines: methods that every forecast has to beat, each a recipe; three cost nothing, four are statsforecast's."""

from __future__ import annotations

from statecast.baselines._choice import choose as choose
from statecast.baselines._drift import Drift as Drift
from statecast.baselines._drift import FittedDrift as FittedDrift
from statecast.baselines._repeat import FittedLastSeason as FittedLastSeason
from statecast.baselines._repeat import LastSeason as LastSeason
from statecast.baselines._repeat import last_value as last_value
from statecast.baselines._statistical import METHODS as METHODS
from statecast.baselines._statistical import FittedStatistical as FittedStatistical
from statecast.baselines._statistical import Statistical as Statistical

__all__ = [
    "METHODS",
    "Drift",
    "FittedDrift",
    "FittedLastSeason",
    "FittedStatistical",
    "LastSeason",
    "Statistical",
    "choose",
    "last_value",
]
