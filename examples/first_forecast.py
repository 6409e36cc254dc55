"""From a file of sales to a tested forecast, and on from there when the next month comes in.

python examples/first_forecast.py
"""

from __future__ import annotations

from pathlib import Path

import statecast as sc

SALES = Path(__file__).parent / "sales_year.csv"


def main() -> None:
    """Test the classic recipe, forecast three months, take the next observation in, forecast again."""
    recipe = sc.classic(members=10)

    tested = sc.backtest(SALES, recipe, test=12)
    print(tested.verdict)

    fitted = recipe.fit(SALES)
    print(fitted.forecast(horizon=3).to_frame())

    fitted = fitted.update(655.0)  # January: no training, the state is carried on
    print(fitted.forecast(horizon=3).to_frame())


if __name__ == "__main__":
    main()
