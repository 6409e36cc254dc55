"""Make keras_classic.npz: what Keras' stateful LSTM does, for our core and the NumPy reference to agree with.

Run it in an environment with ``keras tensorflow`` (not ours):

    python tests/golden/make_keras.py

For bptt (rows a chunk) 1, 4 and 12 and for 1 and 3 lags it trains 4 units on 24 rows for 300 epochs, batch of
one, in float32, and writes beside itself, under names such as ``bptt4_lags3/epoch300/kernel``:

    X [24, lags], y [24]                     the data: the same series for all, zero where a lag is unknown
    initial/..., epoch1/..., epoch10/..., epoch300/...
                                             kernel, recurrent_kernel, bias, head_kernel, head_bias
    outputs [24]                             of the initial network, the state carried over all rows
    losses [300]                             for each epoch the mean of the losses before each update

and ``versions/keras``, ``versions/tensorflow``, ``versions/numpy``.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"  # on JAX a stateful LSTM carries nothing: another network
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

ROWS, UNITS, EPOCHS, KEPT = 24, 4, 300, (1, 10, 300)
NAMES = ("kernel", "recurrent_kernel", "bias", "head_kernel", "head_bias")


def data(lags: int) -> tuple[np.ndarray, np.ndarray]:
    """Return X [24, lags] and y [24] in [-1, 1]: a noisy wave, and the values before each, nearest first."""
    noise = np.random.default_rng(36).uniform(-0.4, 0.4, ROWS)
    y = 0.6 * np.sin(0.9 * np.arange(ROWS)) + noise
    padded = np.concatenate([np.zeros(lags), y])
    X = np.stack([padded[lags - lag : lags - lag + ROWS] for lag in range(1, lags + 1)], axis=1)
    return X.astype(np.float32), y.astype(np.float32)


def network(bptt: int, lags: int) -> keras.Sequential:
    """Build the classic network; its initial weights depend on the lags alone."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(1, bptt, lags)),
            keras.layers.LSTM(UNITS, stateful=True, return_sequences=True),
            keras.layers.Dense(1),
        ]
    )
    model.compile(loss="mean_squared_error", optimizer=keras.optimizers.Adam(1e-3))
    return model


def golden(bptt: int, lags: int) -> dict[str, np.ndarray]:
    """Train one network and return all that is worth keeping, by name."""
    X, y = data(lags)
    model = network(bptt, lags)
    lstm = model.layers[0]
    values: dict[str, np.ndarray] = {"X": X, "y": y}

    def keep(moment: str) -> None:
        values.update({f"{moment}/{name}": w for name, w in zip(NAMES, model.get_weights(), strict=True)})

    chunks = [(X[None, start : start + bptt], y[None, start : start + bptt, None]) for start in range(0, ROWS, bptt)]
    keep("initial")
    values["outputs"] = np.concatenate([model.predict_on_batch(rows).ravel() for rows, _ in chunks])

    losses = []
    for epoch in range(1, EPOCHS + 1):
        lstm.reset_state()
        of_chunks = []
        for rows, targets in chunks:
            model.reset_metrics()  # some releases of Keras 3 return the mean since the last reset
            of_chunks.append(float(model.train_on_batch(rows, targets)))
        losses.append(np.mean(of_chunks))
        if epoch in KEPT:
            keep(f"epoch{epoch}")
    values["losses"] = np.array(losses, np.float32)
    return values


def main() -> None:
    """Write the file."""
    arrays = {
        "versions/keras": np.array(keras.__version__),
        "versions/tensorflow": np.array(tf.__version__),
        "versions/numpy": np.array(np.__version__),
    }
    for lags in (1, 3):
        for bptt in (1, 4, 12):
            case = f"bptt{bptt}_lags{lags}"
            arrays.update({f"{case}/{name}": value for name, value in golden(bptt, lags).items()})
            print(case, "loss", arrays[f"{case}/losses"][[0, -1]])
    np.savez_compressed(Path(__file__).with_name("keras_classic.npz"), **arrays)


if __name__ == "__main__":
    main()
