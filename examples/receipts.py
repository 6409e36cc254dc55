"""The receipts of two shops that never were: a row a sale, at any time of the day, cut off in the middle of a week.

python examples/receipts.py > examples/receipts.csv
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

START, DAYS = datetime(2024, 1, 1), 402
SHOPS = {"harbour": 1.8, "station": 1.2}  # receipts on a day


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(3)
    rows = []
    for shop, rate in SHOPS.items():
        for day in range(DAYS):
            summer = 1 + 0.5 * np.sin(2 * np.pi * (day - 80) / 365)
            for _ in range(rng.poisson(rate * summer)):
                minutes = int(rng.integers(9 * 60, 19 * 60))
                stamp = START + timedelta(days=day, minutes=minutes)
                rows.append((stamp, shop, round(float(rng.gamma(4, 6)), 2)))
    print("time,shop,amount")
    for stamp, shop, amount in sorted(rows):
        print(f"{stamp:%Y-%m-%d %H:%M},{shop},{amount:.2f}")


if __name__ == "__main__":
    main()
