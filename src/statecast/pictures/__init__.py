"""Pictures: arrays drawn with matplotlib."""

from __future__ import annotations

from statecast.pictures._bars import Bars as Bars
from statecast.pictures._draw import Drawable as Drawable
from statecast.pictures._draw import draw as draw
from statecast.pictures._lines import Band as Band
from statecast.pictures._lines import Chart as Chart
from statecast.pictures._lines import Line as Line

__all__ = ["Band", "Bars", "Chart", "Drawable", "Line", "draw"]
