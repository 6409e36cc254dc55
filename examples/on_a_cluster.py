"""Forecast the shops of receipts.csv on a cluster that is started here: python on_a_cluster.py dask, ray or spark.

Without a name it runs on this machine alone, and prints the same numbers. An engine's workers may import this file, so
what it does stands below ``if __name__ == "__main__"``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import statecast as sc
from statecast import distributed

RECEIPTS = Path(__file__).with_name("receipts.csv")


def main(engine: str | None) -> None:
    """Test, then forecast the next weeks."""
    panel = sc.read(RECEIPTS, id="shop", target="amount", every="week")
    tested = distributed.backtest(panel, sc.auto(horizon=4), test=8, horizon=4, engine=engine)
    print(f"MASE {tested.scores.mase:.3f} over {len(tested.ids)} shops")
    run = distributed.fit_forecast(panel, sc.auto(), horizon=4, level=80, engine=engine)
    print(run.forecast.to_frame().head(4).to_string(index=False, float_format="%.2f"))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
