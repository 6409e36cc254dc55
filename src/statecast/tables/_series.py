"""What a survey of one series says."""

from __future__ import annotations

import math
from collections.abc import Sequence

from statecast.series import Survey
from statecast.tables._figures import figure, figures


def facts(seen: Survey, first: object, last: object, outliers: Sequence[object]) -> dict[str, str]:
    """Return what a series is like, by the names of the facts.

    Parameters
    ----------
    seen : Survey
    first, last
        Time stamps of its ends, as people write them.
    outliers : sequence
        Those of its outliers.
    """
    low, high, mean, sd = figures([seen.minimum, seen.maximum, seen.mean, seen.sd])
    return {
        "rows": f"{seen.count:,}, from {first} to {last}",
        "values": f"{low} to {high}, mean {mean}, sd {sd}",
        "trend": f"{figure(seen.slope)} a step; strength {_strength(seen.trend_strength)}",
        "season": _season(seen),
        "stationary": _stationary(seen.differences),
        "missing": f"{seen.missing:,}" if seen.missing else "none",
        "outliers": _listed(outliers),
    }


def _season(seen: Survey) -> str:
    found = "" if math.isnan(seen.season_strength) else ", found" if seen.is_seasonal else ", no more than chance"
    return f"strength {_strength(seen.season_strength)}{found}"


def _strength(value: float) -> str:
    return "not known: the series has no season, or less than two" if math.isnan(value) else f"{value:.2f} of 1"


def _stationary(differences: int) -> str:
    if differences == 0:
        return "yes, by the KPSS test"
    return f"after differencing {'once' if differences == 1 else 'twice'}, by the KPSS test"


def _listed(stamps: Sequence[object]) -> str:
    if not stamps:
        return "none"
    more = f" and {len(stamps) - 5:,} more" if len(stamps) > 5 else ""
    return f"{len(stamps):,}: {', '.join(map(str, stamps[:5]))}{more}"
