"""One observation at a time with Keras on TensorFlow: stateful layers, by ``predict_on_batch`` and as a tf.function."""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "tensorflow"  # on JAX a stateful LSTM carries nothing: another network
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from collections.abc import Callable

import keras
import tensorflow as tf

import _side as side
from step import workload


def main() -> None:
    """Run both ways and print what a step took."""
    x = tf.constant(workload.observation()[None, None])
    lower = [keras.layers.LSTM(workload.UNITS, stateful=True, return_sequences=True) for _ in range(1, workload.LAYERS)]
    lstms = [*lower, keras.layers.LSTM(workload.UNITS, stateful=True)]
    model = keras.Sequential([keras.Input(batch_shape=x.shape), *lstms, keras.layers.Dense(1)])
    model.set_weights(workload.weights())

    def way(step: Callable[[tf.Tensor], tf.Tensor]) -> side.Spent:
        def run(steps: int) -> float:
            for lstm in lstms:
                lstm.reset_state()
            for _ in range(steps):
                out = step(x)
            return float(out[0, 0])

        return workload.time_steps(run)

    ways = {
        "predict_on_batch": model.predict_on_batch,
        "tf.function": tf.function(model),
        "jit": tf.function(model, jit_compile=True),
    }
    side.report({name: way(step) for name, step in ways.items()})


if __name__ == "__main__":
    main()
