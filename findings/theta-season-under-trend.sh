#!/usr/bin/env bash
# statsforecast: the Theta methods, given season_length=12, forecast five years of months with a plain season on a trend without
# the season: their test for one looks at the autocorrelation with the trend still in the series. The same season without the
# trend is found, and AutoETS finds both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet statsforecast==2.1.1 coreforecast==0.0.20 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import statsforecast
from statsforecast.models import AutoETS, AutoTheta, DynamicOptimizedTheta

print(f"statsforecast {statsforecast.__version__}, numpy {np.__version__}")
months, horizon = np.arange(72), 12
season = 10 * np.sin(2 * np.pi * months / 12) + np.random.default_rng(0).normal(size=72)
as_seen = True
for name, slope in (("no trend", 0), ("a trend of 1 a month", 1)):
    y = 100 + slope * months + season
    for method in (AutoETS, AutoTheta, DynamicOptimizedTheta):
        made = method(season_length=12).forecast(y[:-horizon], horizon)["mean"]
        error = np.sqrt(np.mean((made - y[-horizon:]) ** 2))
        bend = np.abs(np.diff(made, 2)).max()  # 0 of a straight line
        print(f"{name}: {method.__name__:21} RMSE {error:5.2f}, the forecast bends by {bend:.2f}")
        straight = slope == 1 and method is not AutoETS
        as_seen &= bool(bend < 0.1 and error > 7) if straight else bool(bend > 2 and error < 2.5)
raise SystemExit(0 if as_seen else "changed")
PYTHON
