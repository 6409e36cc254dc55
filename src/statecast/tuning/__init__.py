"""Tuning: a search over recipes by walk-forward error, nested so that the score reported is an honest one."""

from __future__ import annotations

from statecast.tuning._charts import tuning_charts as tuning_charts
from statecast.tuning._luck import luck as luck
from statecast.tuning._search import Candidate as Candidate
from statecast.tuning._search import Failure as Failure
from statecast.tuning._space import LOCAL as LOCAL
from statecast.tuning._space import LogRange as LogRange
from statecast.tuning._space import Space as Space
from statecast.tuning._space import usual_spaces as usual_spaces
from statecast.tuning._tune import METHODS as METHODS
from statecast.tuning._tune import Tuning as Tuning
from statecast.tuning._tune import tune as tune

__all__ = [
    "LOCAL",
    "METHODS",
    "Candidate",
    "Failure",
    "LogRange",
    "Space",
    "Tuning",
    "luck",
    "tune",
    "tuning_charts",
    "usual_spaces",
]
