"""The commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from statecast.cli._command import command
from statecast.cli.backtest import backtest
from statecast.cli.explain import explain
from statecast.cli.forecast import forecast
from statecast.cli.info import info
from statecast.cli.monitor import monitor
from statecast.cli.tune import tune
from statecast.cli.update import update

app = typer.Typer(
    name="statecast",
    help="LSTM forecasting that keeps its state: from a file to a tested forecast.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"statecast {version('statecast')}")
        raise typer.Exit


@app.callback()
def statecast(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """LSTM forecasting that keeps its state: from a file to a tested forecast."""


for function in (forecast, backtest, explain, info, tune, update, monitor):
    command(app, function)
