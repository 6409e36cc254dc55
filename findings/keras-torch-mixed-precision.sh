#!/usr/bin/env bash
# Keras on PyTorch: under a mixed precision policy a stateful LSTM keeps a state of zeros, in fit, predict and a plain call,
# without a warning; in float32 it is carried.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet keras==3.15.1 torch==2.13.0 numpy==2.4.6
KERAS_BACKEND=torch "$folder/env/bin/python" - <<'PYTHON'
import keras
import numpy as np
import torch

print(f"keras {keras.__version__}, torch {torch.__version__}")
X, y = np.ones((4, 1, 1), "float32"), np.zeros((4, 1), "float32")


def seen(policy):
    """Return what predict gives of four equal rows, and whether the state is zero after it and after fit."""
    keras.config.set_dtype_policy(policy)
    keras.utils.set_random_seed(1)
    lstm = keras.layers.LSTM(4, stateful=True, use_cudnn=False)  # which fit on a CPU takes
    model = keras.Sequential([keras.Input(batch_shape=(1, 1, 1)), lstm, keras.layers.Dense(1)])
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(0.0))
    outputs = model.predict(X, batch_size=1, verbose=0).ravel().astype(float)
    zero = [not any(keras.ops.convert_to_numpy(state).any() for state in lstm.states)]
    model.fit(X, y, batch_size=1, shuffle=False, verbose=0)
    zero += [not any(keras.ops.convert_to_numpy(state).any() for state in lstm.states)]
    print(f"{policy:14}", np.round(outputs, 4), "state is zero after predict, fit:", *zero)
    return len(set(outputs)), zero


single = seen("float32")
mixed = [seen(policy) for policy in ("mixed_float16", "mixed_bfloat16")]
as_seen = single == (4, [False, False]) and all(found == (1, [True, True]) for found in mixed)
raise SystemExit(0 if as_seen else "changed: the state is carried")
PYTHON
