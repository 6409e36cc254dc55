"""The slow, obvious LSTM: one unit of arithmetic a line, no cleverness, to check the fast core against.

Letters: T rows, I inputs, H units, O outputs. Gates stand in the order input, forget, cell, output. Weights
come in the order of Keras' ``get_weights()``: kernel [I, 4H], recurrent_kernel [H, 4H], bias [4H],
head_kernel [H, O], head_bias [O]. All arithmetic is in the type of the arrays given: float64 for checks.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
State = tuple[Array, Array]

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7


class Step(NamedTuple):
    """What one step of the cell leaves behind: all that going backward needs."""

    h_before: Array
    c_before: Array
    i: Array
    f: Array
    g: Array
    o: Array
    c: Array
    h: Array


def sigmoid(x: Array) -> Array:
    """Return the logistic function of x."""
    return np.asarray(1 / (1 + np.exp(-x)))


def zero_state(weights: list[Array]) -> State:
    """Return the state in which every epoch begins: hidden and cell state [H], both zero."""
    _, recurrent_kernel, *_ = weights
    units = len(recurrent_kernel)
    return np.zeros(units, recurrent_kernel.dtype), np.zeros(units, recurrent_kernel.dtype)


def forward_step(weights: list[Array], x: Array, state: State) -> Step:
    """Run the cell over one row x [I], from the given state."""
    kernel, recurrent_kernel, bias, _, _ = weights
    h, c = state
    zi, zf, zg, zo = np.split(x @ kernel + h @ recurrent_kernel + bias, 4)
    i, f, g, o = sigmoid(zi), sigmoid(zf), np.tanh(zg), sigmoid(zo)
    c_new = f * c + i * g
    return Step(h, c, i, f, g, o, c_new, o * np.tanh(c_new))


def run(weights: list[Array], X: Array, state: State | None = None) -> tuple[Array, State]:
    """Run over the rows X [T, I]; return the outputs [T, O] and the state after the last row."""
    *_, head_kernel, head_bias = weights
    h, c = zero_state(weights) if state is None else state
    outputs = np.zeros((len(X), len(head_bias)), head_bias.dtype)
    for t, x in enumerate(X):
        step = forward_step(weights, x, (h, c))
        h, c = step.h, step.c
        outputs[t] = h @ head_kernel + head_bias
    return outputs, (h, c)


def gradient(weights: list[Array], X: Array, y: Array, state: State) -> tuple[float, list[Array]]:
    """Return the mean squared error of one chunk and its gradient, by backpropagation through time.

    Parameters
    ----------
    weights
        The five arrays.
    X
        The rows of the chunk [T, I].
    y
        Their targets [T, O], or [T] for one output.
    state
        Hidden and cell state before the first row, taken as constants: gradients stop there.

    Returns
    -------
    loss
        Mean over rows and outputs, before any update.
    gradients
        One array for each of the weights, of its shape.
    """
    _, recurrent_kernel, _, head_kernel, head_bias = weights
    y = y.reshape(len(X), len(head_bias))
    steps: list[Step] = []
    for x in X:
        steps.append(forward_step(weights, x, (steps[-1].h, steps[-1].c) if steps else state))
    errors = np.stack([step.h for step in steps]) @ head_kernel + head_bias - y

    d_kernel, d_recurrent, d_bias, d_head_kernel, d_head_bias = (np.zeros_like(w) for w in weights)
    dh_later, dc_later = zero_state(weights)
    for x, step, error in zip(X[::-1], steps[::-1], errors[::-1], strict=True):
        d_output = 2 * error / errors.size
        d_head_kernel += np.outer(step.h, d_output)
        d_head_bias += d_output

        tanh_c = np.tanh(step.c)
        dh = head_kernel @ d_output + dh_later
        dc = dh * step.o * (1 - tanh_c**2) + dc_later
        di = dc * step.g * step.i * (1 - step.i)
        df = dc * step.c_before * step.f * (1 - step.f)
        dg = dc * step.i * (1 - step.g**2)
        do = dh * tanh_c * step.o * (1 - step.o)

        dz = np.concatenate([di, df, dg, do])
        d_kernel += np.outer(x, dz)
        d_recurrent += np.outer(step.h_before, dz)
        d_bias += dz
        dh_later = recurrent_kernel @ dz
        dc_later = dc * step.f
    return float(np.mean(errors**2)), [d_kernel, d_recurrent, d_bias, d_head_kernel, d_head_bias]


def train_online(
    weights: list[Array], X: Array, y: Array, *, epochs: int, bptt: int, learning_rate: float
) -> tuple[list[Array], list[float]]:
    """Train with batches of one, in time order, one Adam update for every chunk of ``bptt`` rows.

    The state carries from chunk to chunk and is zero at the start of every epoch; Adam's moments and step
    count run on. A shorter last chunk is kept, with its own mean. Adam has Keras' form: epsilon outside the
    correction.

    Returns
    -------
    weights
        New arrays; the given ones are left alone.
    losses
        For each epoch the mean over its chunks of the loss before the update.
    """
    weights = [w.copy() for w in weights]
    m = [np.zeros_like(w) for w in weights]
    v = [np.zeros_like(w) for w in weights]
    t = 0
    losses = []
    for _ in range(epochs):
        state = zero_state(weights)
        chunk_losses = []
        for start in range(0, len(X), bptt):
            rows, targets = X[start : start + bptt], y[start : start + bptt]
            loss, gradients = gradient(weights, rows, targets, state)
            _, state = run(weights, rows, state)  # with the weights that gave the loss
            chunk_losses.append(loss)
            t += 1
            rate = learning_rate * (1 - BETA_2**t) ** 0.5 / (1 - BETA_1**t)
            for k, g in enumerate(gradients):
                m[k] = BETA_1 * m[k] + (1 - BETA_1) * g
                v[k] = BETA_2 * v[k] + (1 - BETA_2) * g**2
                weights[k] -= rate * m[k] / (np.sqrt(v[k]) + EPSILON)
        losses.append(float(np.mean(chunk_losses)))
    return weights, losses
