"""One shared network with darts' RNNModel, recursive."""

from __future__ import annotations

import logging
import warnings

import numpy as np
import pandas as pd
import torch
from darts import TimeSeries
from darts.models import RNNModel

import _side as side
from shared import workload
from shared.peers._lightning import Clock, quiet
from shared.workload import BATCH, HORIZON, LAYERS, LEARNING_RATE, WINDOW


def main() -> None:
    """Read, train, forecast, write; print what the training took."""
    given = workload.given()
    warnings.simplefilter("ignore")
    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    torch.set_num_threads(given.threads)
    table = pd.read_parquet(given.data)
    table["y"] = np.log(table.y)
    means = table.groupby("unique_id", sort=False).y.mean()
    table["y"] = (table.y - table.unique_id.map(means)).astype(np.float32)
    series = TimeSeries.from_group_dataframe(table, "unique_id", time_col="ds", value_cols="y", freq="MS")
    model = RNNModel(
        input_chunk_length=WINDOW - 1,
        training_length=WINDOW,
        model="LSTM",
        hidden_dim=given.units,
        n_rnn_layers=LAYERS,
        batch_size=BATCH,
        n_epochs=given.updates,  # more than there will be: the trainer stops after so many updates
        optimizer_kwargs={"lr": LEARNING_RATE},
        random_state=1,
        pl_trainer_kwargs={**quiet(Clock()), "max_steps": given.updates},
    )
    model.fit(series)
    ahead = np.concatenate([one.values()[:, 0] for one in model.predict(HORIZON, series=series, verbose=False)])
    ids = np.repeat([str(one.static_covariates["unique_id"].iloc[0]) for one in series], HORIZON)
    steps = np.tile(np.arange(1, HORIZON + 1), len(series))
    mean = np.exp(ahead + means.loc[ids].to_numpy())
    pd.DataFrame({"unique_id": ids, "step": steps, "mean": mean}).to_parquet(given.out, index=False)
    side.report({"recursive": side.Spent(Clock.seconds)})


if __name__ == "__main__":
    main()
