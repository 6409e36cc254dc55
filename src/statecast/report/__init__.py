"""Report: a page in one file, with interactive charts, that works offline and can be mailed around."""

from __future__ import annotations

from statecast.report._report import Report as Report

__all__ = ["Report"]
