#!/usr/bin/env bash
# Keras on JAX: a stateful LSTM begins every batch at zeros in fit, evaluate, predict and the calls on a batch, without a
# warning. Called as a function it carries its state, as fit and predict do on TensorFlow and PyTorch.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6
KERAS_BACKEND=jax "$folder/env/bin/python" - <<'PYTHON'
import jax
import keras
import numpy as np

print(f"keras {keras.__version__}, jax {jax.__version__}")
X, y = np.ones((4, 1, 1), "float32"), np.zeros((4, 1), "float32")


def network():
    keras.utils.set_random_seed(1)
    layers = [keras.Input(batch_shape=(1, 1, 1)), keras.layers.LSTM(4, stateful=True), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(0.0))  # a rate of 0: the weights stay as they are
    return model


def state_is_zero(model):
    return not any(np.asarray(state).any() for state in model.layers[0].states)


called = network()
by_call = [float(called(X[k : k + 1])[0, 0]) for k in range(4)]
print("four equal rows, model(row):           ", np.round(by_call, 4))
predicting = network()
by_predict = predicting.predict(X, batch_size=1, verbose=0).ravel()
print("four equal rows, model.predict:        ", np.round(by_predict, 4))
training = network()
losses = [float(training.train_on_batch(X[k : k + 1], y[k : k + 1])) for k in range(4)]
print("four equal rows, model.train_on_batch: ", np.round(losses, 4), "(losses)")
fitting = network()
fitting.fit(X, y, batch_size=1, shuffle=False, verbose=0)
fitting_loss = fitting.history.history["loss"][0]
carried_loss = float(np.square(by_call).mean())
print(f"loss of an epoch of fit: {fitting_loss:.4f}; with the state carried: {carried_loss:.4f}")
print("state is zero after predict, train_on_batch, fit:", *map(state_is_zero, (predicting, training, fitting)))

as_seen = (
    len(set(np.round(by_call, 4))) == 4
    and len(set(by_predict)) == 1
    and len(set(losses)) == 1
    and abs(fitting_loss - losses[0]) < 1e-6 < abs(fitting_loss - carried_loss)
    and all(map(state_is_zero, (predicting, training, fitting)))
)
raise SystemExit(0 if as_seen else "changed: the state is carried")
PYTHON
