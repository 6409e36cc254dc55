"""Batched training with Keras on TensorFlow: ``train_on_batch`` as it is, and with XLA compiling the update (jit)."""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import tensorflow as tf

import _side as side
from batched import workload


def train(units: int, jit: bool) -> side.Spent:
    """Train from the beginning and return what an update took."""
    X, y = map(tf.constant, workload.data())
    layers = [keras.layers.LSTM(units, return_sequences=True) for _ in range(workload.LAYERS)]
    model = keras.Sequential([keras.Input(batch_shape=X.shape), *layers, keras.layers.Dense(workload.OUTPUTS)])
    adam = keras.optimizers.Adam(
        workload.LEARNING_RATE, epsilon=workload.OUTSIDE_EPSILON, global_clipnorm=workload.CLIP
    )
    model.compile(loss="mean_absolute_error", optimizer=adam, jit_compile=jit)
    model.set_weights(workload.weights(units))
    return workload.time_updates(lambda: float(model.train_on_batch(X, y)))


def main() -> None:
    """Train both ways and print what an update took."""
    units = workload.units()
    side.report({"train_on_batch": train(units, jit=False), "jit": train(units, jit=True)})


if __name__ == "__main__":
    main()
