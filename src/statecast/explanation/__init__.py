"""Explanation: what a forecast is made of, and whether an input matters at all."""

from __future__ import annotations

from statecast.explanation._charts import impact_charts as impact_charts
from statecast.explanation._explain import explain as explain
from statecast.explanation._impact import Impact as Impact

__all__ = ["Impact", "explain", "impact_charts"]
