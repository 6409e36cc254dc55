"""Table: a title above columns of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Table(NamedTuple):
    """Columns of text by their headings, all as long, and what stands above them."""

    title: str
    columns: Mapping[str, Sequence[str]]
