"""Tables: what there is to say of results, as columns of text and sentences; terminal and report lay them out."""

from __future__ import annotations

from statecast.tables._figures import alike as alike
from statecast.tables._figures import are_numbers as are_numbers
from statecast.tables._figures import decimals as decimals
from statecast.tables._figures import figure as figure
from statecast.tables._figures import figures as figures
from statecast.tables._figures import moments as moments
from statecast.tables._figures import stamp as stamp
from statecast.tables._forecast import forecast_table as forecast_table
from statecast.tables._impact import impact_lines as impact_lines
from statecast.tables._impact import influence_table as influence_table
from statecast.tables._impact import relevance_table as relevance_table
from statecast.tables._scores import coverage_line as coverage_line
from statecast.tables._scores import coverage_table as coverage_table
from statecast.tables._scores import members_line as members_line
from statecast.tables._scores import said as said
from statecast.tables._scores import scores_table as scores_table
from statecast.tables._series import facts as facts
from statecast.tables._table import Table as Table
from statecast.tables._tuning import leaderboard_table as leaderboard_table
from statecast.tables._tuning import put_aside_table as put_aside_table
from statecast.tables._tuning import tuning_lines as tuning_lines

__all__ = [
    "Table",
    "alike",
    "are_numbers",
    "coverage_line",
    "coverage_table",
    "decimals",
    "facts",
    "figure",
    "figures",
    "forecast_table",
    "impact_lines",
    "influence_table",
    "leaderboard_table",
    "members_line",
    "moments",
    "put_aside_table",
    "relevance_table",
    "said",
    "scores_table",
    "stamp",
    "tuning_lines",
]
