#!/usr/bin/env bash
# Sums of four weeks: twelve whole weeks of one sale a day. pandas' resample("4W") begins with a period of one week, polars'
# every="4w" counts from 1969 and begins with three; both mark them in no way, and the last is cut as well. pandas' "28D" gives
# the three periods that are there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet pandas==3.1.1 polars==2.1.0 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
from datetime import date, timedelta

import pandas as pd
import polars as pl

print(f"pandas {pd.__version__}, polars {pl.__version__}")
days = [date(2024, 1, 1) + timedelta(days=day) for day in range(84)]  # from a Monday on
sales = pd.Series(1, index=pd.DatetimeIndex(days))
weeks, fixed = (sales.resample(freq).sum() for freq in ("4W", "28D"))
table = pl.DataFrame({"ds": days, "y": [1] * 84})
grouped = table.group_by_dynamic("ds", every="4w").agg(pl.col("y").sum())
for name, stamps, sums in (
    ('pandas, resample("4W")', weeks.index, weeks),
    ('pandas, resample("28D")', fixed.index, fixed),
    ('polars, every="4w"', grouped["ds"], grouped["y"]),
):
    print(f"{name}:", ", ".join(f"{stamp:%Y-%m-%d} {value}" for stamp, value in zip(stamps, sums)))
as_seen = (list(weeks), list(fixed), grouped["y"].to_list()) == ([7, 28, 28, 21], [28] * 3, [21, 28, 28, 7])
raise SystemExit(0 if as_seen else "changed")
PYTHON
