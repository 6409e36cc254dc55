"""What an impact says: the inputs that move a forecast most, and which covariates matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statecast.tables._figures import figure, figures
from statecast.tables._table import Table

if TYPE_CHECKING:
    from statecast.explanation import Impact

_KNOWN = {"known": "ahead", "past": "up to now", "static": "for good"}


def influence_table(impact: Impact, step: int) -> Table:
    """Slopes of the forecast so many steps ahead, the strongest first."""
    rows = impact.strongest(step)
    columns = {
        "input": [impact.columns[c] for c, _ in rows],
        "lag": [str(lag) for _, lag in rows],
        "for one unit": [figure(impact.per_unit[c, step - 1, lag]) for c, lag in rows],
        "± over members": [figure(impact.spread[c, step - 1, lag]) for c, lag in rows],
        "for one sd": figures([impact.per_deviation[c, step - 1, lag] for c, lag in rows]),
    }
    ahead = "1 step" if step == 1 else f"{step} steps"
    return Table(f"Change of the forecast of {impact.target}, {ahead} ahead", columns)


def relevance_table(impact: Impact) -> Table | None:
    """Verdicts on the covariates; None where there are none, or none was tested."""
    covariates = [c for c in range(len(impact.columns)) if impact.kinds[c] != "target"]
    if not covariates or not impact.tested:
        return None
    columns = {
        "covariate": [impact.columns[c] for c in covariates],
        "known": [_KNOWN[impact.kinds[c]] for c in covariates],
        "p": ["" if impact.p_values[c] != impact.p_values[c] else f"{impact.p_values[c]:.2f}" for c in covariates],
        "verdict": [impact.verdict(c) for c in covariates],
    }
    return Table(f"In another order, over {impact.tested} held-out forecasts", columns)


def impact_lines(impact: Impact) -> list[str]:
    """Say how the slopes were found, and that no covariate was tested where there are some."""
    lines = [f"Means over {impact.origins} origins. A lag is counted from the step that is forecast."]
    if len(impact.columns) > 1 and not impact.tested:
        lines.append("Not tested which covariates matter: no permutations were asked for, or the history is too short.")
    return lines
