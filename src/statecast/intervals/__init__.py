"""Intervals: how far off a recipe was, and the bounds and sample paths that follow. Knows only the protocols."""

from __future__ import annotations

from statecast.intervals._calibrated import Calibrated as Calibrated
from statecast.intervals._calibrated import Intervals as Intervals
from statecast.intervals._calibrated import floor_of as floor_of
from statecast.intervals._calibration import Calibration as Calibration
from statecast.intervals._common import Common as Common
from statecast.intervals._health import CHANCE as CHANCE
from statecast.intervals._health import Health as Health
from statecast.intervals._health import Judgement as Judgement
from statecast.intervals._levels import in_percent as in_percent
from statecast.intervals._residuals import Residuals as Residuals
from statecast.intervals._revised import Revised as Revised
from statecast.intervals._track import KEPT as KEPT
from statecast.intervals._track import UNTRACKED as UNTRACKED
from statecast.intervals._track import Track as Track
from statecast.intervals._watch import Scored as Scored
from statecast.intervals._watch import Watch as Watch
from statecast.intervals._watch import follow as follow
from statecast.intervals._watch import tracked as tracked

__all__ = [
    "CHANCE",
    "KEPT",
    "UNTRACKED",
    "Calibrated",
    "Calibration",
    "Common",
    "Health",
    "Intervals",
    "Judgement",
    "Residuals",
    "Revised",
    "Scored",
    "Track",
    "Watch",
    "floor_of",
    "follow",
    "in_percent",
    "tracked",
]
