"""Statecast among sktime's tools: a walk-forward evaluation, and a grid search over recipes.

pip install 'statecast[sktime]'
python examples/with_sktime.py
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sktime.forecasting.model_evaluation import evaluate
from sktime.forecasting.model_selection import ForecastingGridSearchCV
from sktime.forecasting.naive import NaiveForecaster
from sktime.split import ExpandingWindowSplitter

import statecast as sc
from statecast.sktime import StatecastForecaster

AIRLINE = Path(__file__).parent / "airline_passengers.csv"


def main() -> None:
    """Evaluate on the last three years, then let a grid search choose the size of the network."""
    table = pd.read_csv(AIRLINE, index_col=0)
    y = table.iloc[:, 0].set_axis(pd.PeriodIndex(table.index, freq="M"))

    splits = ExpandingWindowSplitter(fh=range(1, 13), initial_window=len(y) - 36, step_length=12)
    for forecaster in (StatecastForecaster(), NaiveForecaster(sp=12)):
        results = evaluate(forecaster, cv=splits, y=y, strategy="refit")
        error = results["test_MeanAbsolutePercentageError"].mean()
        print(f"{type(forecaster).__name__}: mean absolute percentage error {error:.1%}")

    search = ForecastingGridSearchCV(
        StatecastForecaster(),
        cv=splits,
        param_grid={"recipe": [sc.auto(units=units) for units in (2, 6)]},
    )
    search.fit(y, fh=range(1, 13))
    print(f"{search.best_params_['recipe'].units} units are best; next year:")
    print(search.predict().round(1))


if __name__ == "__main__":
    main()
