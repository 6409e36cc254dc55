"""Runs over many series: part by part, on this machine or on a cluster; what fails is named, the rest is done."""

from __future__ import annotations

from statecast.distributed._part import Failure as Failure
from statecast.distributed._part import Part as Part
from statecast.distributed._part import forecast_part as forecast_part

__all__ = ["Failure", "Part", "forecast_part"]
