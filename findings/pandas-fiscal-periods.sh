#!/usr/bin/env bash
# pandas 2: to_period() of quarters that begin in November (QS-NOV) or years that begin in April (YS-APR) forgets the month: it
# gives calendar quarters and years, without a warning. pandas 3 gives those that were meant. statsforecast and sktime ask for
# a pandas below 3.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for version in 2.3.3 3.1.1; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/pip" install --quiet "pandas==$version" numpy==2.4.6
done
cat >"$folder/periods.py" <<'PYTHON'
import sys

import pandas as pd

print(f"pandas {pd.__version__}")
right = []
for freq in ("QS-NOV", "YS-APR"):
    starts = pd.date_range("2023-01-01", periods=3, freq=freq)
    periods = starts.to_period()
    right.append(bool((periods.start_time == starts).all()))
    first = periods[0]
    print(f"  {freq}: the period from {starts[0]:%Y-%m-%d} is {first} of {periods.freqstr}, from {first.start_time:%Y-%m-%d}")
raise SystemExit(0 if right == [sys.argv[1] == "right"] * 2 else "changed")
PYTHON
"$folder/2.3.3/bin/python" "$folder/periods.py" wrong
"$folder/3.1.1/bin/python" "$folder/periods.py" right
