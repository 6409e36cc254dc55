"""Files, written whole or not at all."""

from __future__ import annotations

from statecast.storage._whole import check_writable as check_writable
from statecast.storage._whole import write_whole as write_whole
from statecast.storage._writer import TABLES as TABLES
from statecast.storage._writer import TableWriter as TableWriter

__all__ = ["TABLES", "TableWriter", "check_writable", "write_whole"]
