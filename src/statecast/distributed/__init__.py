"""Runs over many series: part by part, on this machine or on a cluster; what fails is named, the rest is done."""

from __future__ import annotations

from statecast.distributed._cluster_backtest import backtest as backtest
from statecast.distributed._cluster_table import TableRun as TableRun
from statecast.distributed._cluster_table import forecast_table as forecast_table
from statecast.distributed._engine import Engine as Engine
from statecast.distributed._engine import to_engine as to_engine
from statecast.distributed._kept import check_out as check_out
from statecast.distributed._kept import failures_file as failures_file
from statecast.distributed._part import Failure as Failure
from statecast.distributed._part import Part as Part
from statecast.distributed._part import forecast_part as forecast_part
from statecast.distributed._pieces import Piece as Piece
from statecast.distributed._pieces import Pieces as Pieces
from statecast.distributed._pieces import Task as Task
from statecast.distributed._run import Run as Run
from statecast.distributed._run import check_save as check_save
from statecast.distributed._run import fit_forecast as fit_forecast

__all__ = [
    "Engine",
    "Failure",
    "Part",
    "Piece",
    "Pieces",
    "Run",
    "TableRun",
    "Task",
    "backtest",
    "check_out",
    "check_save",
    "failures_file",
    "fit_forecast",
    "forecast_part",
    "forecast_table",
    "to_engine",
]
