"""One shared network with neuralforecast's LSTM, direct; its decoder is one linear layer, as ours."""

from __future__ import annotations

import logging

import numpy as np
import pandas as pd
import torch
from neuralforecast import NeuralForecast
from neuralforecast.losses.pytorch import MAE
from neuralforecast.models import LSTM

import _side as side
from shared import workload
from shared.peers._lightning import Clock, quiet
from shared.workload import BATCH, HORIZON, LAYERS, LEARNING_RATE, WINDOW


def network(given: workload.Given) -> LSTM:
    """Return the model: of the size asked for, or as it comes, but for padding, which short series need."""
    if given.way == "as_it_comes":
        return LSTM(h=HORIZON, start_padding_enabled=True, random_seed=1, **quiet(Clock()))
    return LSTM(
        h=HORIZON,
        input_size=WINDOW,
        encoder_n_layers=LAYERS,
        encoder_hidden_size=given.units,
        decoder_layers=1,
        loss=MAE(),
        max_steps=given.updates,
        learning_rate=LEARNING_RATE,
        windows_batch_size=BATCH,
        scaler_type="identity",
        random_seed=1,
        **quiet(Clock()),
    )


def main() -> None:
    """Read, train, forecast, write; print what the training took."""
    given = workload.given()
    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    torch.set_num_threads(given.threads)
    table = pd.read_parquet(given.data)
    table["y"] = np.log(table.y)
    means = table.groupby("unique_id", sort=False).y.mean()
    table["y"] -= table.unique_id.map(means)
    model_of_panel = NeuralForecast(models=[network(given)], freq="MS")
    model_of_panel.fit(table)
    ahead = model_of_panel.predict()
    ahead["mean"] = np.exp(ahead.LSTM + ahead.unique_id.map(means))
    ahead["step"] = ahead.groupby("unique_id").cumcount() + 1
    ahead[["unique_id", "step", "mean"]].to_parquet(given.out, index=False)
    side.report({given.way: side.Spent(Clock.seconds)})


if __name__ == "__main__":
    main()
