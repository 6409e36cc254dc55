"""Transforms of series, each with the verbs fit, apply, invert and advance, and the pipeline that chains them."""

from __future__ import annotations

from statecast.transforms._base import FittedTransform as FittedTransform
from statecast.transforms._base import Transform as Transform
from statecast.transforms._difference import Difference as Difference
from statecast.transforms._difference import FittedDifference as FittedDifference
from statecast.transforms._log import FittedLog as FittedLog
from statecast.transforms._log import Log as Log
from statecast.transforms._pipeline import FittedPipeline as FittedPipeline
from statecast.transforms._pipeline import Pipeline as Pipeline
from statecast.transforms._scale import FittedScale as FittedScale
from statecast.transforms._scale import Scale as Scale
from statecast.transforms._season import FittedSeason as FittedSeason
from statecast.transforms._season import Season as Season
from statecast.transforms._season import aligned as aligned
from statecast.transforms._season import trend_of as trend_of
from statecast.transforms._supervised import FILLS as FILLS
from statecast.transforms._supervised import FittedSupervised as FittedSupervised
from statecast.transforms._supervised import Supervised as Supervised
from statecast.transforms._trend import FittedTrend as FittedTrend
from statecast.transforms._trend import Trend as Trend
from statecast.transforms._trend import slopes as slopes

__all__ = [
    "FILLS",
    "Difference",
    "FittedDifference",
    "FittedLog",
    "FittedPipeline",
    "FittedScale",
    "FittedSeason",
    "FittedSupervised",
    "FittedTransform",
    "FittedTrend",
    "Log",
    "Pipeline",
    "Scale",
    "Season",
    "Supervised",
    "Transform",
    "Trend",
    "aligned",
    "slopes",
    "trend_of",
]
