"""Files, written whole or not at all: tables, and archives of documents and arrays."""

from __future__ import annotations

from statecast.storage._archive import HEAD as HEAD
from statecast.storage._archive import Archive as Archive
from statecast.storage._archive import is_archive as is_archive
from statecast.storage._archive import read_archive as read_archive
from statecast.storage._archive import write_archive as write_archive
from statecast.storage._tree import StandsIn as StandsIn
from statecast.storage._tree import Tree as Tree
from statecast.storage._tree import storable as storable
from statecast.storage._whole import check_writable as check_writable
from statecast.storage._whole import write_whole as write_whole
from statecast.storage._writer import TABLES as TABLES
from statecast.storage._writer import TableWriter as TableWriter

__all__ = [
    "HEAD",
    "TABLES",
    "Archive",
    "StandsIn",
    "TableWriter",
    "Tree",
    "check_writable",
    "is_archive",
    "read_archive",
    "storable",
    "write_archive",
    "write_whole",
]
