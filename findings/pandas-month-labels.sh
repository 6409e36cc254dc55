#!/usr/bin/env bash
# pandas 3: to_datetime reads months as spreadsheets write them, Jan-24, as the 24th of January of the year 1, from Jan-32 on as
# January 2032. It warns that the format could not be inferred, not of the year. pandas 2 refused the years before 1678.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet pandas==3.1.1 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import warnings

import pandas as pd

print(f"pandas {pd.__version__}")
months = pd.Series(["Jan-24", "Feb-24", "Mar-24", "Jan-31", "Jan-32"])
with warnings.catch_warnings(record=True) as warned:
    warnings.simplefilter("always")
    read = pd.to_datetime(months).dt.strftime("%Y-%m-%d").str.zfill(10).tolist()
meant = pd.to_datetime(months, format="%b-%y").dt.strftime("%Y-%m-%d").tolist()
for label, got, right in zip(months, read, meant):
    print(f"{label}: {got}, meant {right}")
print("warned:", *[str(warning.message).split(",")[0] for warning in warned])
as_seen = read == ["0001-01-24", "0001-02-24", "0001-03-24", "0001-01-31", "2032-01-01"]
raise SystemExit(0 if as_seen and meant[0] == "2024-01-01" else "changed")
PYTHON
