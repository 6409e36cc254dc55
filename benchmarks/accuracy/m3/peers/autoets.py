"""Forecast series by AutoETS of statsforecast with intervals, as intervals.py asks in an environment that has it.

python autoets.py TRAIN.parquet HORIZON SEASON LEVELS OUT.parquet
"""

from __future__ import annotations

import sys

import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import AutoETS


def main() -> None:
    """Read unique_id and y in time order; write unique_id, mean, lo-80, hi-80 and so on."""
    train, horizon, season, levels, out = sys.argv[1:]
    table = pd.read_parquet(train)[["unique_id", "y"]]
    table["ds"] = table.groupby("unique_id").cumcount()
    models = [AutoETS(season_length=int(season), alias="ets")]
    ahead = StatsForecast(models=models, freq=1, n_jobs=1).forecast(
        df=table, h=int(horizon), level=[float(level) for level in levels.split(",")]
    )
    ahead.columns = [name.removeprefix("ets-") if name != "ets" else "mean" for name in ahead.columns]
    ahead.reset_index().to_parquet(out)


if __name__ == "__main__":
    main()
