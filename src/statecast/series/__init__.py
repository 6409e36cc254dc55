"""Series: panels of observations, and reading them from files, frames and arrays."""

from statecast.series._alias import local_zone as local_zone
from statecast.series._backtest import Backtest as Backtest
from statecast.series._backtest import Combined as Combined
from statecast.series._backtest import MemberScores as MemberScores
from statecast.series._backtest import Seconds as Seconds
from statecast.series._calendar import Frequency as Frequency
from statecast.series._calendar import after as after
from statecast.series._calendar import find_frequency as find_frequency
from statecast.series._calendar import grid as grid
from statecast.series._charts import backtest_charts as backtest_charts
from statecast.series._charts import forecast_charts as forecast_charts
from statecast.series._charts import predicted as predicted
from statecast.series._charts import recent as recent
from statecast.series._coded import is_of as is_of
from statecast.series._covariates import Covariates as Covariates
from statecast.series._decompose import line_through as line_through
from statecast.series._decompose import moving_average as moving_average
from statecast.series._forecast import Forecast as Forecast
from statecast.series._forecast import in_zone as in_zone
from statecast.series._future import read_future as read_future
from statecast.series._future import with_future as with_future
from statecast.series._load import load as load
from statecast.series._memory import revised as revised
from statecast.series._origin import MAX_HORIZON as MAX_HORIZON
from statecast.series._origin import MISSING as MISSING
from statecast.series._origin import Origin as Origin
from statecast.series._panel import Columns as Columns
from statecast.series._panel import Panel as Panel
from statecast.series._parts import Parts as Parts
from statecast.series._parts import read_parts as read_parts
from statecast.series._parts import to_parts as to_parts
from statecast.series._pretrain import Learnt as Learnt
from statecast.series._pretrain import pretrain as pretrain
from statecast.series._problems import Problem as Problem
from statecast.series._problems import problems as problems
from statecast.series._protocols import Fitted as Fitted
from statecast.series._protocols import Progress as Progress
from statecast.series._protocols import Recipe as Recipe
from statecast.series._read import read as read
from statecast.series._read import to_panel as to_panel
from statecast.series._recode import recode as recode
from statecast.series._records import Records as Records
from statecast.series._revisions import REVISIONS as REVISIONS
from statecast.series._revisions import Revisions as Revisions
from statecast.series._roles import Roles as Roles
from statecast.series._saved import Saved as Saved
from statecast.series._saved import is_saved as is_saved
from statecast.series._saved import read_saved as read_saved
from statecast.series._saved import save as save
from statecast.series._season_clock import SeasonClock as SeasonClock
from statecast.series._season_clock import places as places
from statecast.series._seasonality import LATE_SEASONS as LATE_SEASONS
from statecast.series._seasonality import are_seasonal as are_seasonal
from statecast.series._seasonality import late as late
from statecast.series._sequences import Sequences as Sequences
from statecast.series._settled import Settled as Settled
from statecast.series._shares import vary_by_shares as vary_by_shares
from statecast.series._sift import Refusal as Refusal
from statecast.series._sift import Refused as Refused
from statecast.series._survey import Survey as Survey
from statecast.series._survey import survey as survey
from statecast.series._taken import Taken as Taken
from statecast.series._walk import Walk as Walk
from statecast.series._walk import origins as origins
from statecast.series._walk import walk as walk
from statecast.series._walk import windows as windows
from statecast.series._zones import to_local as to_local

__all__ = [
    "LATE_SEASONS",
    "MAX_HORIZON",
    "MISSING",
    "REVISIONS",
    "Backtest",
    "Columns",
    "Combined",
    "Covariates",
    "Fitted",
    "Forecast",
    "Frequency",
    "Learnt",
    "MemberScores",
    "Origin",
    "Panel",
    "Parts",
    "Problem",
    "Progress",
    "Recipe",
    "Records",
    "Refusal",
    "Refused",
    "Revisions",
    "Roles",
    "Saved",
    "SeasonClock",
    "Seconds",
    "Sequences",
    "Settled",
    "Survey",
    "Taken",
    "Walk",
    "after",
    "are_seasonal",
    "backtest_charts",
    "find_frequency",
    "forecast_charts",
    "grid",
    "in_zone",
    "is_of",
    "is_saved",
    "late",
    "line_through",
    "load",
    "local_zone",
    "moving_average",
    "origins",
    "places",
    "predicted",
    "pretrain",
    "problems",
    "read",
    "read_future",
    "read_parts",
    "read_saved",
    "recent",
    "recode",
    "revised",
    "save",
    "survey",
    "to_local",
    "to_panel",
    "to_parts",
    "vary_by_shares",
    "walk",
    "windows",
    "with_future",
]
