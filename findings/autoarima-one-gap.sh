#!/usr/bin/env bash
# statsforecast: AutoARIMA on a series with one missing value forecasts its last value, as though there were no season and no
# trend. Given a season it warns that the test for one met an error; without one it says nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet statsforecast==2.1.1 coreforecast==0.0.20 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1
"$folder/env/bin/python" - <<'PYTHON'
import warnings

import numpy as np
import pandas as pd
import statsforecast
from statsforecast import StatsForecast
from statsforecast.models import AutoARIMA

print(f"statsforecast {statsforecast.__version__}, pandas {pd.__version__}")
months, horizon = np.arange(72), 12
y = 100 + months + 10 * np.sin(2 * np.pi * months / 12) + np.random.default_rng(0).normal(size=72)
history, truth = y[:-horizon], y[-horizon:]
stamps = pd.date_range("2018-01-01", periods=len(history), freq="MS")


def forecast(values, season):
    """Return the forecast of a year, and how many warnings there were."""
    frame = pd.DataFrame({"unique_id": "sales", "ds": stamps, "y": values})
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        made = StatsForecast([AutoARIMA(season_length=season)], freq="MS").forecast(df=frame, h=horizon)
    return made["AutoARIMA"].to_numpy(), len(warned)


as_seen = True
for gap in (None, 5, 30):
    values = history.copy()
    if gap is not None:
        values[gap] = np.nan
    made, warned = forecast(values, 12)
    error = np.sqrt(np.mean((made - truth) ** 2))
    print(f"missing: {gap}; RMSE {error:.2f}; warnings {warned}; {made[:4].round(2)}")
    as_seen &= error < 2 if gap is None else bool(error > 8 and np.allclose(made, history[-1]))
trend = 100 + months[:-horizon] * 2.0 + np.random.default_rng(1).normal(size=len(history))
whole, _ = forecast(trend, 1)
trend[30] = np.nan
made, warned = forecast(trend, 1)
print(f"a line of 2 a month, month {horizon} ahead: {whole[-1]:.1f}; one value missing: {made[-1]:.1f}; warnings {warned}")
as_seen &= bool(np.allclose(made, trend[-1]) and whole[-1] > trend[-1] + 15 and warned == 0)
raise SystemExit(0 if as_seen else "changed")
PYTHON
