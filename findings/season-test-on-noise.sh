#!/usr/bin/env bash
# coreforecast: num_seas_diffs, the test whether a series is to be differenced over a season, calls a quarter of white noise
# seasonal where it sees two years of months; with three years 1 in 100, with five none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet coreforecast==0.0.20 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
from importlib.metadata import version

import numpy as np
from coreforecast.differences import num_seas_diffs

print(f"coreforecast {version('coreforecast')}, numpy {np.__version__}")
share = {}
for months in (24, 36, 60):
    noise = np.random.default_rng(months).normal(size=(4000, months))
    share[months] = float(np.mean([num_seas_diffs(row, 12, 1) > 0 for row in noise]))
    print(f"{months} months of white noise: {share[months]:.1%} of 4000 called seasonal")
raise SystemExit(0 if share[24] > 0.2 and share[36] < 0.02 and share[60] < 0.002 else "changed")
PYTHON
