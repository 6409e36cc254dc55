"""How much a fitted recipe has learnt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from statecast.network import Networks
from statecast.series import Fitted


def count_parameters(fitted: Fitted) -> int:
    """Return how many numbers the networks of a fitted recipe have learnt, those of all members and series."""
    weights = {id(networks.weights): networks.weights for networks in _networks(fitted)}  # each is counted once
    return sum(each.size for each in weights.values())


def _networks(part: object) -> Iterator[Networks]:
    if isinstance(part, Networks):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from _networks(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _networks(getattr(part, field.name))
