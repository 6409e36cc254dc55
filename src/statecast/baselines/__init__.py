"""Baselines: methods that cost nothing, each a recipe."""

from __future__ import annotations

from statecast.baselines._drift import Drift as Drift
from statecast.baselines._drift import FittedDrift as FittedDrift
from statecast.baselines._repeat import FittedLastSeason as FittedLastSeason
from statecast.baselines._repeat import LastSeason as LastSeason
from statecast.baselines._repeat import last_value as last_value

__all__ = ["Drift", "FittedDrift", "FittedLastSeason", "LastSeason", "last_value"]
