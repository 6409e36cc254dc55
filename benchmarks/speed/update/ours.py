"""Taking observations in with Statecast: a number, a frame of many rows, and a refit instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

import _side as side
import statecast as sc
from statecast.network import Networks, Parameters, State
from update import workload

STEPS = 50  # that tell whether all sides do the same


def main() -> None:
    """Run and print what a call took."""
    length = side.options("history").history
    stamps = pd.date_range("1990-01-01", periods=length + workload.ROWS, freq="h")
    values = np.concatenate([workload.history(length), workload.new_rows()])
    table = pd.DataFrame({"ds": stamps, "y": values})
    recipe = sc.classic(units=workload.UNITS, members=workload.MEMBERS, epochs=1)
    fitted = recipe.fit(table.iloc[:length])
    networks = Networks.stack([Parameters.from_keras(weights) for weights in workload.weights()])
    fitted = replace(
        fitted, networks=networks, state=State.zeros(networks.spec, np.float32, workload.MEMBERS)
    )  # the peer begins so as well
    later, at = table.iloc[length:], fitted
    for value in workload.new_rows()[:STEPS]:
        at = at.update(float(value))
    check = (float(at.forecast(1).mean[0, 0]),)
    number = workload.median(lambda: at.update(100.5))
    frame = workload.median(lambda: fitted.update(later), 50)
    refit = side.timed(lambda: sc.classic(units=16, members=10).fit(table.iloc[: length + 1]))[0] if length < 1e4 else 0
    ways = {"number": side.Spent(number, 0.0, check), "frame": side.Spent(frame, 0.0, check)}
    side.report(ways | ({"refit": side.Spent(refit, 0.0, check)} if refit else {}))


if __name__ == "__main__":
    main()
