"""How good one shared network is by the number of series that it learns from: M3, monthly, held-out ends.

    python benchmarks/accuracy/m3/sample.py [--series 50,100,200,400,800,1428] [--seeds 3] [--json]

A network of two layers of 32 units, which sees windows of 24 logs by the last of them and gives the 18 steps after it,
makes 1,000 updates of 128 windows of a sample of whole series, and forecasts the ends of all series, those that it has
never seen among them. It is no recipe: no season is taken off, nothing is averaged; what counts is how the error falls.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

import statecast as sc

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "speed"))
from _m3 import load
from shared import workload
from shared.workload import HORIZON, WINDOW
from statecast.network import Spec, initialise, run_batched
from statecast.training import Adam, Loss, Schedule, train_batched

UPDATES, UNITS, SEASON = 1000, 32, 12


def smapes(panel: sc.series.Panel, truth: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Return the sMAPE of every series, [S], of a network that learns from so many series, the first of a draw."""
    logs = sc.series.Sequences(np.log(panel.values), panel.offsets)
    long = np.flatnonzero(panel.lengths >= WINDOW + HORIZON)
    learnt = logs.select(np.random.default_rng(seed).permutation(long)[:count])
    windows = workload.windows(learnt.values, learnt.offsets, UPDATES, HORIZON)
    windows -= windows[:, WINDOW - 1 : WINDOW]
    y, weights = np.zeros((2, len(windows), WINDOW, HORIZON), np.float32)
    y[:, -1], weights[:, -1] = windows[:, WINDOW:], 1.0
    network = train_batched(
        initialise(Spec(inputs=1, units=UNITS, layers=2, outputs=HORIZON), seed),
        windows[:, :WINDOW],
        y,
        weights=weights,
        epochs=1,
        batch=workload.BATCH,
        loss=Loss("absolute"),
        optimiser=Adam("pytorch", clip=1.0),
        learning_rate=Schedule("cosine", 5e-3),
    ).parameters
    last = panel.offsets[1:, np.newaxis]
    recent = logs.values[last + np.arange(-WINDOW, 0)]
    outputs, _ = run_batched(network, recent - recent[:, -1:])
    ahead = np.exp(outputs[:, -1] + recent[:, -1:])
    return np.asarray((200 * np.abs(truth - ahead) / (truth + ahead)).mean(axis=1))


def main() -> None:
    """Score every size, and print."""
    parser = argparse.ArgumentParser(description="Score a shared network by the number of series it learns from.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/m3"), help="relative to the repository root")
    parser.add_argument("--series", default="50,100,200,400,800,1428", help="comma-separated")
    parser.add_argument("--seeds", type=int, default=3, help="draws of each size")
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    given = parser.parse_args()
    table = load(given.data, "monthly", held_out=True)
    train, test = (table[table.split == part].drop(columns="split") for part in ("train", "test"))
    panel = sc.read(train, season=SEASON)
    truth = test.set_index("unique_id").loc[list(panel.ids), "y"].to_numpy().reshape(-1, HORIZON)
    rows = []
    for count in map(int, given.series.split(",")):
        found = [float(smapes(panel, truth, count, seed).mean()) for seed in range(given.seeds)]
        rows.append({"series": count, "smape": float(np.mean(found)), "sd": float(np.std(found)), "draws": found})
        print(f"{count:6,} series: sMAPE {np.mean(found):.2f}, sd over draws {np.std(found):.2f}", flush=True)
    if given.json:
        print(json.dumps({"benchmark": "m3-sample", "rows": rows}))


if __name__ == "__main__":
    main()
