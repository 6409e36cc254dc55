"""The classic training with Keras on TensorFlow: a stateful LSTM and batches of one, three ways.

``fit`` is the recipe as it is taught: one call of ``fit`` an epoch, which sets up an input pipeline every
time. ``train_on_batch`` leaves that out, and ``jit`` has XLA compile the step as well.
"""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "tensorflow"  # on JAX a stateful LSTM carries nothing: another network
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras

import _side as side
from classic import workload


def train(epochs: int, way: str) -> side.Spent:
    """Train from the beginning and return what it took."""
    X, y = workload.rows()
    X, y = X[:, None, :], y[:, None]
    batches = [(X[t : t + 1], y[t : t + 1]) for t in range(len(X))]

    model = keras.Sequential(
        [
            keras.Input(batch_shape=(1, *X.shape[1:])),
            keras.layers.LSTM(workload.UNITS, stateful=True),
            keras.layers.Dense(1),
        ]
    )
    adam = keras.optimizers.Adam(workload.LEARNING_RATE)
    model.compile(loss="mean_squared_error", optimizer=adam, jit_compile=way == "jit")
    model.set_weights(workload.weights())
    lstm = model.layers[0]

    def fit() -> float:
        lstm.reset_state()
        history = model.fit(X, y, epochs=1, batch_size=1, shuffle=False, verbose=0)
        return float(history.history["loss"][0])

    def train_on_batch() -> float:
        lstm.reset_state()
        return sum(float(model.train_on_batch(x, target)) for x, target in batches) / len(batches)

    return side.time_epochs(fit if way == "fit" else train_on_batch, epochs)


def main() -> None:
    """Train all ways and print what they took."""
    epochs = workload.epochs()
    side.report({way: train(epochs, way) for way in ("fit", "train_on_batch", "jit")})


if __name__ == "__main__":
    main()
