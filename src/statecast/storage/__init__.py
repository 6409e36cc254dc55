"""Files, written whole or not at all."""

from __future__ import annotations

from statecast.storage._whole import check_writable as check_writable
from statecast.storage._whole import write_whole as write_whole

__all__ = ["check_writable", "write_whole"]
