"""The adapter to sktime: a recipe as a forecaster for sktime's tools, such as evaluate, pipelines and grid search."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

try:
    from sktime.forecasting.base import BaseForecaster, ForecastingHorizon
except ImportError as error:
    raise ImportError(
        f"statecast.sktime takes the package sktime: pip install 'statecast[sktime]' ({error})."
    ) from None

from statecast.checks import choice
from statecast.errors import DataError, NothingNewError, ParameterError
from statecast.recipes import (
    KINDS,
    Auto,
    Classic,
    Described,
    FittedAuto,
    FittedClassic,
    FittedCounts,
    FittedShared,
)
from statecast.series import Forecast, Panel, read

_PREFIX = "X "  # of the names of exogenous columns, so that they are none of ours
_LEAST = 1.0  # percent: an interval that covers less is the point forecast


class StatecastForecaster(BaseForecaster):  # type: ignore[misc]  # sktime has no types
    """A recipe of Statecast as a forecaster of sktime.

    ``update`` carries the state of the networks over the new observations, whatever ``update_params`` says; it never
    trains. To train anew at every step, ask sktime to refit. Exogenous columns ``X`` are known covariates: ``predict``
    takes them for every step up to the last one; later rows and other columns are passed over. Rows of steps that
    ``fh`` leaves out may lack: they are taken to be as the next one, with a warning. The other recipes make no use of
    them.

    Parameters
    ----------
    recipe : Auto, Classic, Counts, "auto", "classic", "counts" or None
        How to forecast; None is ``auto``. If it has no horizon and ``fit`` is given one, that is its horizon.
    season : int, optional
        Steps in a season; the usual one of the index' frequency if None.
    threads : int
        To train on; the numbers do not depend on it.

    Attributes
    ----------
    fitted_ : FittedAuto, FittedClassic, FittedCounts or FittedShared
        After ``fit``.

    Examples
    --------
    >>> import pandas as pd
    >>> from statecast.sktime import StatecastForecaster
    >>> y = pd.Series([10.0, 12.0, 11.0, 13.0, 12.0, 14.0], index=pd.period_range("2024-01", periods=6, freq="M"))
    >>> forecaster = StatecastForecaster().fit(y, fh=[1, 2])
    >>> forecaster.predict().index
    PeriodIndex(['2024-07', '2024-08'], dtype='period[M]')
    """

    _tags = {  # noqa: RUF012  # as sktime asks for it
        "authors": "Statecast",
        "maintainers": "Statecast",
        "python_dependencies": None,
        "y_inner_mtype": "pd.Series",
        "X_inner_mtype": "pd.DataFrame",
        "capability:multivariate": False,
        "capability:exogenous": True,
        "capability:insample": False,
        "capability:missing_values": False,
        "capability:pred_int": True,
        "capability:pred_int:insample": False,
        "capability:update": True,
        "requires-fh-in-fit": False,
    }
    _config = {"remember_data": False}  # noqa: RUF012  # the state is all that is needed of the past
    _y = _X = None  # where sktime looks if a user sets it to True

    def __init__(self, recipe: Described | str | None = None, season: int | None = None, threads: int = 1) -> None:
        self.recipe = recipe
        self.season = season
        self.threads = threads
        super().__init__()

    def _fit(self, y: pd.Series, X: pd.DataFrame | None, fh: Any) -> StatecastForecaster:  # noqa: ANN401
        recipe = self._recipe()
        if recipe.horizon is None and fh is not None:
            recipe = replace(recipe, horizon=max(1, int(self._steps(fh).max())))
        self._name = y.name
        panel = _panel(y, self.season, X if isinstance(recipe, Auto) else None)
        self.fitted_: FittedAuto | FittedClassic | FittedCounts | FittedShared = recipe.fit(panel, threads=self.threads)
        return self

    def _update(self, y: pd.Series, X: pd.DataFrame | None = None, update_params: bool = True) -> StatecastForecaster:
        frequency = self.fitted_.origin.frequency
        panel = _panel(y, frequency.season, self._used(X), frequency.alias)
        if panel.times[-1] != self.fitted_.origin.last[0]:
            self.fitted_ = self.fitted_.update(panel)
        else:
            with suppress(NothingNewError):  # the rows that fit has seen may come again
                self.fitted_ = self.fitted_.update(panel)
        return self

    def _predict(self, fh: Any, X: pd.DataFrame | None) -> pd.Series:  # noqa: ANN401
        steps = self._steps(fh)
        mean = self._forecast(steps, X).mean[0, steps - 1]
        return pd.Series(mean, index=fh.to_absolute_index(self.cutoff), name=self._name)

    def _predict_interval(self, fh: Any, X: pd.DataFrame | None, coverage: list[float]) -> pd.DataFrame:  # noqa: ANN401
        steps, levels = self._steps(fh), [round(100 * share, 4) for share in coverage]
        ahead = self._forecast(steps, X, [level for level in levels if level >= _LEAST])
        bounds = [
            ahead.bounds.get(f"{side}-{level:g}", ahead.mean)[0, steps - 1] for level in levels for side in ("lo", "hi")
        ]
        columns = self._get_columns(method="predict_interval", coverage=coverage)
        return pd.DataFrame(np.stack(bounds, axis=1), index=fh.to_absolute_index(self.cutoff), columns=columns)

    def _forecast(self, steps: NDArray[np.int64], X: pd.DataFrame | None, level: Sequence[float] = ()) -> Forecast:
        """Forecast up to the last step, with what is known of the steps."""
        horizon, used = int(steps.max()), self._used(X)
        if used is None or not isinstance(self.fitted_, (FittedAuto, FittedShared)):
            return self.fitted_.forecast(horizon, level)
        stamps = ForecastingHorizon(np.arange(1, horizon + 1), is_relative=True).to_absolute_index(self.cutoff)
        self._check_columns(used)
        used = self._ahead(used, stamps, steps)
        future = _covariates(used).assign(time=_times(used.index))
        return self.fitted_.forecast(horizon, level, future=future)

    def _ahead(self, X: pd.DataFrame, stamps: pd.Index, steps: NDArray[np.int64]) -> pd.DataFrame:
        """Return the exogenous rows of all steps up to the last one; others are passed over.

        sktime asks its users for the rows of fh alone. The steps that fh leaves out get those of the next one, and that
        is said.

        Raises
        ------
        DataError
            If a row of fh is not there.
        """
        there = stamps.isin(X.index)
        if absent := [step for step in steps if not there[step - 1]]:
            raise DataError(
                f"X: expected a row for every step of fh, got none for {len(absent)} of {len(steps)}, the first at "
                f"{stamps[absent[0] - 1]}. Give the rows of all steps after the last observation, {self.cutoff[0]}."
            )
        used = X.loc[stamps[there]]
        if (blank := used.isna().to_numpy()).any():
            row, column = (int(place[0]) for place in np.nonzero(blank))
            raise DataError(
                f"X, column {used.columns[column]!r}: the value at {used.index[row]} is missing. Fill it in."
            )
        if not there.all():
            warnings.warn(
                f"X has no row for {int((~there).sum())} steps before {stamps[-1]} that fh leaves out, the first at "
                f"{stamps[int(there.argmin())]}: each was taken to be as the next one. Give their rows as well.",
                stacklevel=3,
            )
        return used.reindex(stamps).bfill()

    def _check_columns(self, X: pd.DataFrame) -> None:
        """Refuse exogenous rows that lack a column of the fit."""
        known = [name.removeprefix(_PREFIX) for name in self.fitted_.origin.columns.known]
        if lacking := [name for name in known if name not in set(map(str, X.columns))]:
            raise DataError(f"X: expected the columns of fit, {known}, got none called {lacking[0]!r}. Give them all.")

    def _used(self, X: pd.DataFrame | None) -> pd.DataFrame | None:
        """Return the exogenous columns if the recipe was fitted with some."""
        return X if self.fitted_.origin.columns.known else None

    def _steps(self, fh: Any) -> NDArray[np.int64]:  # noqa: ANN401
        return np.asarray(fh.to_relative(self.cutoff).to_pandas(), np.int64)

    def _recipe(self) -> Described:
        if isinstance(self.recipe, str):
            return KINDS[choice("recipe", self.recipe, tuple(KINDS))]()
        recipe = Auto() if self.recipe is None else self.recipe
        if not isinstance(recipe, tuple(KINDS.values())):
            raise ParameterError(f"recipe: expected a recipe such as auto(..), or its name, got {recipe!r}.")
        return recipe

    @classmethod
    def get_test_params(cls, parameter_set: str = "default") -> list[dict[str, object]]:
        """Return parameters with which sktime tests the forecaster."""
        return [{"recipe": Auto(epochs=5, members=2)}, {"recipe": Classic(epochs=5), "season": 1}]


def _panel(y: pd.Series, season: int | None, X: pd.DataFrame | None, freq: str | None = None) -> Panel:
    """Return a series as a panel; a frequency that neither the user nor the index names is found, gaps are refused."""
    times = _times(y.index)
    named = "1" if times.dtype.kind in "iu" else getattr(times, "freqstr", None)  # sktime counts whole numbers by one
    frame = pd.DataFrame({"time": times, "y": y.to_numpy(np.float64)})
    known: list[str] = []
    if X is not None:
        beside = _covariates(X.loc[y.index])
        known = list(beside.columns)
        frame = pd.concat([frame, beside], axis=1)
    return read(frame, time="time", target="y", known=known or None, freq=freq or named, season=season, gaps="refuse")


def _times(index: pd.Index) -> pd.Index:
    return index.to_timestamp() if isinstance(index, pd.PeriodIndex) else index


def _covariates(X: pd.DataFrame) -> pd.DataFrame:
    """Return exogenous columns under names that are none of ours."""
    return X.set_axis([f"{_PREFIX}{name}" for name in X.columns], axis=1).reset_index(drop=True)
