"""Baselines: methods that cost nothing, each a recipe."""

from __future__ import annotations

from statecast.baselines._repeat import FittedLastSeason as FittedLastSeason
from statecast.baselines._repeat import LastSeason as LastSeason
from statecast.baselines._repeat import last_value as last_value

__all__ = ["FittedLastSeason", "LastSeason", "last_value"]
