"""Bars of what moves a forecast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from statecast.pictures import Bars

if TYPE_CHECKING:
    from statecast.explanation._impact import Impact


def impact_charts(impact: Impact, steps: Sequence[int]) -> list[Bars]:
    """Return a chart of the strongest inputs for each of some steps ahead."""
    charts = []
    for step in steps:
        rows = impact.strongest(step)
        at = tuple(np.array(rows, np.int64).reshape(-1, 2).T)
        faint = tuple(impact.verdict(c) == "irrelevant" for c, _ in rows)
        grey = "; grey: irrelevant" if any(faint) else ""
        charts.append(
            Bars(
                f"What moves the forecast of {impact.target}, {step} ahead",
                f"change of {impact.target} for one standard deviation, ± over members{grey}",
                tuple(f"{impact.columns[c]}, lag {lag}" for c, lag in rows),
                impact.per_deviation[:, step - 1][at],
                (impact.spread[:, step - 1] * impact.deviations[:, np.newaxis])[at],
                faint,
            )
        )
    return charts
