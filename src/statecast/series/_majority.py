"""Majority: the grid of most series, which all are read on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError
from statecast.series._alias import name_rule, parse_alias
from statecast.series._calendar import find_frequency
from statecast.series._grid import DAY, Rule, Stamp, positions

MOST = 99
"""Series that decide the frequency of all."""

_LEAST, _ROWS = 9, 2_000_000  # fewer of very long series decide, which need not all be read for it

_FEW = 10  # rows that tell the frequency of a series well enough


def jury(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of the series that decide, the longest first: all, or as many at equal ranks of length.

    They follow from the numbers of rows alone, so that they are the same however the series are read.
    """
    order = np.argsort(-counts, kind="stable")
    most = min(MOST, max(_LEAST, _ROWS // int(counts[order[0]])))
    return order if len(order) <= most else order[np.linspace(0, len(order) - 1, most).astype(np.int64)]


@dataclass
class _Camp:
    """Series on one grid.

    Days are one grid, whichever of the week are open: some shops of many may close on other days.
    """

    rule: Rule
    anchor: Stamp
    votes: int = 0

    def admits(self, rule: Rule, stamp: Stamp) -> bool:
        """Say whether a series with this rule and stamp is on the grid."""
        if is_daily(rule) and is_daily(self.rule):
            return bool(positions(Rule("tick", DAY), self.anchor, np.asarray([stamp]))[1].all())
        return rule == self.rule and bool(positions(rule, self.anchor, np.asarray([stamp]))[1].all())

    def admit(self, rule: Rule) -> None:
        """Count a series; days that are open for it are so for all."""
        self.votes += 1
        if rule != self.rule:
            both = zip(_mask(self.rule), _mask(rule), strict=True)
            mask = "".join(max(days) for days in both)
            self.rule = Rule("tick", DAY) if mask == _EVERY_DAY else Rule("business", 1, mask=mask)


_EVERY_DAY = "1111111"


def common_grid(series: Sequence[NDArray[np.generic]], freq: str | None) -> tuple[str, Stamp] | None:
    """Return the frequency of most series and a stamp on their grid; of as many, that of the longest.

    Series are counted, whatever their length, but those of fewer than ten rows, and fewer than half of all have, tell
    too little. None if none is regular.

    Parameters
    ----------
    series : sequence of datetime64[us] or int64 arrays
        Time stamps of each, the longest first.
    freq : str or None
        The frequency that the user gave.

    Examples
    --------
    >>> import numpy as np
    >>> from statecast.series._majority import common_grid
    >>> days = np.arange(9).astype("datetime64[D]").astype("datetime64[us]")
    >>> months = np.arange(20).astype("datetime64[M]").astype("datetime64[us]")
    >>> common_grid([months, days, days + np.timedelta64(1, "D")], None)[0]
    'D'
    """
    least = min(_FEW, int(np.median([len(times) for times in series])))
    camps: list[_Camp] = []
    for times, alias in _regular([times for times in series if len(times) >= least], freq):
        rule = parse_alias(alias)
        camp = next((camp for camp in camps if camp.admits(rule, times[0])), None)
        if camp is None:
            camp = _Camp(rule, times[0])
            camps.append(camp)
        camp.admit(rule)
    if not camps:
        return None
    best = max(camps, key=lambda camp: camp.votes)
    return name_rule(best.rule, best.anchor), best.anchor


def _regular(series: Sequence[NDArray[np.generic]], freq: str | None) -> Iterator[tuple[NDArray[np.generic], str]]:
    for times in series:
        try:
            yield times, find_frequency(times, freq)
        except DataError:
            continue


def is_daily(rule: Rule) -> bool:
    """Say whether stamps are those of days, some of which may be closed."""
    return rule.count == DAY if rule.unit == "tick" else rule.unit == "business" and rule.count == 1


def _mask(rule: Rule) -> str:
    return rule.mask if rule.unit == "business" else _EVERY_DAY
