#!/usr/bin/env bash
# A stamp a month from the 31st of January on: pandas' date_range with DateOffset(months=1) goes to the 29th of February and
# stays at the 29th; polars' date_range gives the last day of every month.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet pandas==3.1.1 polars==2.1.0 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
from datetime import date

import pandas as pd
import polars as pl

print(f"pandas {pd.__version__}, polars {pl.__version__}")
by_pandas = [f"{day:%m-%d}" for day in pd.date_range("2024-01-31", periods=5, freq=pd.DateOffset(months=1))]
by_polars = [f"{day:%m-%d}" for day in pl.date_range(date(2024, 1, 31), date(2024, 5, 31), "1mo", eager=True)]
print("pandas:", *by_pandas)
print("polars:", *by_polars)
as_seen = by_pandas == ["01-31", "02-29", "03-29", "04-29", "05-29"]
as_seen &= by_polars == ["01-31", "02-29", "03-31", "04-30", "05-31"]
raise SystemExit(0 if as_seen else "changed")
PYTHON
