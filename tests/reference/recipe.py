"""The classic recipe written out step by step for one series, in NumPy alone, to check the package against."""

from __future__ import annotations

import numpy as np

from reference.lstm import Array, run, train_online


def classic(
    series: Array, weights: list[Array], *, test: int, lags: int, fill: str, epochs: int, bptt: int
) -> tuple[Array, float]:
    """Return the one-step predictions of the last ``test`` observations, and their RMSE.

    Parameters
    ----------
    series
        The observations [n].
    weights
        Initial weights of the network, in Keras' order.
    test
        Rows held out.
    lags, fill, epochs, bptt
        Numbers of the recipe.
    """
    # 2. Make it stationary.
    difference = series[1:] - series[:-1]
    # 3. Make it supervised: row t has the differences before it, then its own.
    rows = []
    for t in range(len(difference)):
        if t < lags and fill == "drop":
            continue
        earlier = [difference[t - k] if t - k >= 0 else 0.0 for k in range(1, lags + 1)]
        rows.append([*earlier, difference[t]])
    table = np.array(rows)
    # 4. Hold out, 5. scale to [-1, 1] by the training rows.
    train = table[:-test]
    low, high = train.min(axis=0), train.max(axis=0)
    scaled = -1 + 2 * (table - low) / (high - low)
    X, y = scaled[:, :-1], scaled[:, -1]
    # 6. and 7. Train statefully.
    weights, _ = train_online(weights, X[:-test], y[:-test], epochs=epochs, bptt=bptt, learning_rate=1e-3)
    # 8. Warm up over the training part, 9. walk forward; the state is never reset.
    _, state = run(weights, X[:-test])
    predictions = []
    for k in range(test):
        output, state = run(weights, X[len(X) - test + k : len(X) - test + k + 1], state)
        change = low[-1] + (output[0, 0] + 1) / 2 * (high[-1] - low[-1])
        predictions.append(series[len(series) - test + k - 1] + change)
    # 10. The error in the series' own units.
    errors = np.array(predictions) - series[-test:]
    return np.array(predictions), float(np.sqrt(np.mean(errors**2)))
