"""What is searched: series in examples/, the last 12 rows put aside, the 12 before for validation."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
CASES = (EXAMPLES / "sales_year.csv", EXAMPLES / "airline_passengers.csv")
TEST = 12
