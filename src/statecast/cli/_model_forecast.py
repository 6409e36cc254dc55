"""statecast forecast MODEL: a saved model, forecast from where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from statecast.cli._model import Model
    from statecast.cli._options import ResultOptions
    from statecast.series import Forecast

UNTESTED = (
    "Not tested now: a model holds no history to be tested on. statecast backtest of the data says how good such a "
    "forecast is."
)


@dataclass(frozen=True)
class Ahead:
    """What is to be forecast: how far, the intervals, a file of known columns, and so many sample paths."""

    horizon: int | None
    levels: tuple[float, ...]
    future: str | None
    paths: int | None


def forecast_model(file: str, ahead: Ahead, other: Sequence[str], result: ResultOptions) -> None:
    """Forecast the series of a model file; nothing is trained.

    Raises
    ------
    FileError, DataError
        If it cannot be read, or is no model that this version can follow.
    ParameterError
        If ``other``, options for training, testing or reading data, are given.
    """
    from statecast.cli._model import Model
    from statecast.cli._paths import check_paths, with_paths
    from statecast.cli._results import Delivery, check_results, deliver
    from statecast.errors import ParameterError
    from statecast.recipes import foresee
    from statecast.tables import said

    if other:
        raise ParameterError(
            f"{other[0]}: {file} is a saved model, which is forecast as it is, without data, training or test. "
            "Leave it out, or give the data instead of the model."
        )
    check_paths(ahead.paths, result)
    check_results(result)
    model = Model.read(file)
    fitted = model.fitted if ahead.future is None else foresee(model.fitted, ahead.future)
    forecast = fitted.forecast(ahead.horizon, ahead.levels)
    drawn = None if ahead.paths is None else fitted.sample(ahead.horizon, ahead.paths)
    deliver(
        Delivery(
            _document(model, forecast),
            lambda: forecast.to_frame() if drawn is None else with_paths(forecast, drawn),
            lambda: forecast.plot(by=said(model.recipe)),
            lambda out: _show(out, model, forecast),
        ),
        result,
    )


def _document(model: Model, forecast: Forecast) -> dict[str, object]:
    from importlib.metadata import version

    from statecast.cli._documents import forecast_rows
    from statecast.network import build_info
    from statecast.tables import stamp

    return {
        "version": version("statecast"),
        "command": "forecast",
        **model.document(),
        "horizon": forecast.mean.shape[1],
        "instruction_set": build_info().instruction_set,
        "method": model.recipe.name,
        "series": len(forecast.ids),
        "last": stamp(model.origin.last.max(), model.origin.time_zone),
        "forecast": forecast_rows(forecast),
        "verdict": UNTESTED,
    }


def _show(out: Console, model: Model, forecast: Forecast) -> None:
    from statecast.cli._tables import shortened
    from statecast.tables import forecast_table, said

    origin, decided = model.origin, model.fitted.decisions()
    out.print(f"Model {model.path}, saved by Statecast {model.saved.version}: last observation {model.last}.")
    out.print(f"Recipe {model.description}.")
    if decided and len(origin.ids) == 1:
        out.print(f"Decided from the series: {', '.join(decided)}.")
    rows = forecast_table(forecast, origin.columns, said(model.recipe), many=len(forecast.ids) > 1)
    out.print(shortened(*rows, out.width))
    out.print(UNTESTED)
