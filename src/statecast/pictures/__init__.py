"""Pictures: arrays drawn with matplotlib, into a file."""

from __future__ import annotations

from statecast.pictures._lines import Band as Band
from statecast.pictures._lines import Chart as Chart
from statecast.pictures._lines import Line as Line
from statecast.pictures._lines import draw as draw

__all__ = ["Band", "Chart", "Line", "draw"]
