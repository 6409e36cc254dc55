#!/usr/bin/env bash
# Keras: the state of a stateful LSTM is in no list of variables and in no saved file, so a model that is saved and loaded gives
# another next output. And fit with validation_data leaves the state after the validation rows, not after the training rows.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet keras==3.15.1 torch==2.13.0 numpy==2.4.6
cd "$folder"
KERAS_BACKEND=torch "$folder/env/bin/python" - <<'PYTHON'
import keras
import numpy as np
import torch

print(f"keras {keras.__version__}, torch {torch.__version__}")
X, y = np.ones((6, 1, 1), "float32"), np.zeros((6, 1), "float32")


def network():
    keras.utils.set_random_seed(1)
    lstm = keras.layers.LSTM(4, stateful=True, use_cudnn=False)
    model = keras.Sequential([keras.Input(batch_shape=(1, 1, 1)), lstm, keras.layers.Dense(1)])
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(0.0))  # a rate of 0: the weights stay as they are
    return model


def following(model):
    return float(model.predict(X[:1], batch_size=1, verbose=0)[0, 0])


model = network()
names = [variable.path.split("/", 1)[1] for variable in model.variables]
model.predict(X, batch_size=1, verbose=0)
model.save("model.keras")
model.save_weights("model.weights.h5")
loaded, filled = keras.models.load_model("model.keras"), network()
filled.load_weights("model.weights.h5")
outputs = {"the model": model, "saved and loaded": loaded, "its weights loaded": filled, "never used": network()}
outputs = {name: following(used) for name, used in outputs.items()}
print("variables:", *names)
print("the next output:", ", ".join(f"{name} {value:.4f}" for name, value in outputs.items()))

fitted, validated = network(), network()
fitted.fit(X, y, batch_size=1, shuffle=False, verbose=0)
validated.fit(X, y, batch_size=1, shuffle=False, verbose=0, validation_data=(5 * X, y))
after = following(fitted), following(validated)
print("the next output after fit: {:.4f}, with validation rows {:.4f}".format(*after))
first = outputs["never used"]
as_seen = outputs["saved and loaded"] == outputs["its weights loaded"] == first != outputs["the model"]
as_seen &= len(names) == 6 and abs(after[0] - after[1]) > 0.01
raise SystemExit(0 if as_seen else "changed")
PYTHON
