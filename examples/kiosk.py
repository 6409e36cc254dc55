"""A year of ice cream sold at a kiosk that never was: made by a known rule, so that explain can be checked.

python examples/kiosk.py > examples/kiosk.csv

On a day with a promotion 40 more are sold, a euro on the price costs 30, a degree the day before brings 3.
The lottery numbers do nothing. Two weeks are known ahead: their price and promotion, not what is sold.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

DAYS, AHEAD = 364, 14
WEEKEND = (0, 0, 0, 5, 15, 45, 35)  # more is sold on Saturday and Sunday


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(5)
    days = np.arange(DAYS + AHEAD)
    price = 2.5 + 0.25 * rng.integers(0, 5, len(days) // 14).repeat(14)
    promo = rng.random(len(days)) < 0.2
    temperature = 14 + 9 * np.sin(2 * np.pi * (days - 110) / 365) + rng.normal(0, 3, len(days))
    lottery = rng.integers(1, 50, len(days))
    yesterday = np.r_[temperature[0], temperature[:-1]]
    sold = 150 + 40 * promo - 30 * price + 3 * yesterday + rng.normal(0, 6, len(days))

    print("day,sold,price,promo,temperature,lottery")
    for k in days:
        day = date(2024, 1, 1) + timedelta(days=int(k))
        known = f"{price[k]:.2f},{'yes' if promo[k] else 'no'}"
        if k < DAYS:
            print(f"{day},{sold[k] + WEEKEND[day.weekday()]:.0f},{known},{temperature[k]:.1f},{lottery[k]}")
        else:
            print(f"{day},,{known},,")


if __name__ == "__main__":
    main()
