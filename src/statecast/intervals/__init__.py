"""Intervals: how far off a recipe was, and the bounds and sample paths that follow. Knows only the protocols."""

from __future__ import annotations

from statecast.intervals._calibrated import Calibrated as Calibrated
from statecast.intervals._calibrated import Intervals as Intervals
from statecast.intervals._calibration import Calibration as Calibration
from statecast.intervals._common import Common as Common
from statecast.intervals._levels import in_percent as in_percent
from statecast.intervals._residuals import Residuals as Residuals

__all__ = ["Calibrated", "Calibration", "Common", "Intervals", "Residuals", "in_percent"]
