"""The slow, obvious stacked LSTM and its training in mini-batches, to check the fast core against.

Letters: N sequences, T steps, I inputs, L layers, H units, O = Y G outputs: G numbers for each of Y targets, those of
target k in columns k G to k G + G - 1. Layer 0 sees the inputs, every other layer what the layer below gives: its
hidden state, and with ``residual`` what it has seen itself besides (but the lowest layer). The head sees what the top
layer gives, and with ``skip`` the inputs after it.

Weights come in the order of Keras' ``get_weights()``: for each layer kernel [I or H, 4H], recurrent_kernel [H, 4H],
bias [4H]; then head_kernel [H (+ I), O], head_bias [O]. Where ``mask`` is 0 there is no step: the state passes
through, and nothing counts. All arithmetic is in float64.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference import lstm
from reference.dropout import Kept
from reference.losses import Loss
from reference.lstm import Array, Step

State = tuple[Array, Array]  # hidden and cell state [L, H] of one sequence


@dataclass(frozen=True)
class Net:
    """How a network is put together; the weights say its sizes."""

    layers: int = 1
    residual: bool = False
    skip: bool = False


class Trace(NamedTuple):
    """What one step of a network leaves behind: all that going backward needs."""

    inputs: list[Array]  # what each layer has seen
    steps: list[Step]  # of each layer
    seen: Array  # by the head


@dataclass(frozen=True)
class Adam:
    """Adam with epsilon where Keras or PyTorch has it; weight decay as in AdamW, apart from the gradient."""

    form: str = "keras"
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float | None = None  # 1e-7 for Keras, 1e-8 for PyTorch
    weight_decay: float = 0.0

    def step(self, w: Array, g: Array, m: Array, v: Array, t: int, rate: float) -> None:
        """Make update t (the first is 1) of the weights w and the moments m and v, in place."""
        m[...] = self.beta1 * m + (1 - self.beta1) * g
        v[...] = self.beta2 * v + (1 - self.beta2) * g**2
        correct1, correct2 = 1 - self.beta1**t, 1 - self.beta2**t
        w -= rate * self.weight_decay * w
        if self.form == "keras":
            epsilon = 1e-7 if self.epsilon is None else self.epsilon
            w -= rate * math.sqrt(correct2) / correct1 * m / (np.sqrt(v) + epsilon)
        else:
            epsilon = 1e-8 if self.epsilon is None else self.epsilon
            w -= rate / correct1 * m / (np.sqrt(v / correct2) + epsilon)


def zero_state(net: Net, weights: list[Array]) -> State:
    """Return the state in which every sequence begins."""
    units = len(weights[1])
    return np.zeros((net.layers, units)), np.zeros((net.layers, units))


def forward(net: Net, weights: list[Array], x: Array, state: State, kept: Kept | None = None) -> Trace:
    """Run all layers over one row x [I], from the given state, with what dropout keeps."""
    inputs: list[Array] = []
    steps: list[Step] = []
    kept = keep_all(net, weights) if kept is None else kept
    x = kept.inputs * x
    below = x
    for layer in range(net.layers):
        of_layer = [*weights[3 * layer : 3 * layer + 3], *weights[-2:]]
        step = lstm.forward_step(of_layer, below, (kept.recurrent[layer] * state[0][layer], state[1][layer]))
        inputs.append(below)
        steps.append(step)
        given = kept.layers[layer] * step.h
        below = given + below if net.residual and layer > 0 else given
    return Trace(inputs, steps, np.concatenate([below, x]) if net.skip else below)


def keep_all(net: Net, weights: list[Array]) -> Kept:
    """Return what is kept without dropout: everything."""
    of_layers = np.ones((net.layers, len(weights[1])))
    return Kept(np.ones(len(weights[0])), of_layers, of_layers)


def state_after(trace: Trace) -> State:
    """Return the state that a step leaves."""
    return np.stack([step.h for step in trace.steps]), np.stack([step.c for step in trace.steps])


def run(
    net: Net, weights: list[Array], X: Array, state: State | None = None, mask: Array | None = None
) -> tuple[Array, State]:
    """Run over one sequence X [T, I]; return the outputs [T, O], zero where no step is, and the state after it."""
    *_, head_kernel, head_bias = weights
    state = zero_state(net, weights) if state is None else state
    outputs = np.zeros((len(X), len(head_bias)))
    for t, x in enumerate(X):
        if mask is None or mask[t]:
            trace = forward(net, weights, x, state)
            state = state_after(trace)
            outputs[t] = trace.seen @ head_kernel + head_bias
    return outputs, state


def backward(
    net: Net, weights: list[Array], trace: Trace, d_output: Array, d_after: State, gradients: list[Array], kept: Kept
) -> State:
    """Go back over one step.

    Parameters
    ----------
    net, weights, trace
        The step.
    d_output
        The slope of the loss by the step's outputs [O].
    d_after
        Its slope by the hidden and cell state after the step, through all later steps.
    gradients
        One array for each of the weights; the step's part is added.
    kept
        What dropout kept on the way forward.

    Returns
    -------
    State
        The slope by the state before the step.
    """
    head_kernel = weights[-2]
    gradients[-2] += np.outer(trace.seen, d_output)
    gradients[-1] += d_output
    d_given = (head_kernel @ d_output)[: len(weights[1])]  # by what the layer gives, from the top one down

    dh_before, dc_before = np.zeros_like(d_after[0]), np.zeros_like(d_after[1])
    for layer in reversed(range(net.layers)):
        kernel, recurrent_kernel, _ = weights[3 * layer : 3 * layer + 3]
        step, x = trace.steps[layer], trace.inputs[layer]
        tanh_c = np.tanh(step.c)
        dh = kept.layers[layer] * d_given + d_after[0][layer]
        dc = dh * step.o * (1 - tanh_c**2) + d_after[1][layer]
        di = dc * step.g * step.i * (1 - step.i)
        df = dc * step.c_before * step.f * (1 - step.f)
        dg = dc * step.i * (1 - step.g**2)
        do = dh * tanh_c * step.o * (1 - step.o)
        dz = np.concatenate([di, df, dg, do])
        gradients[3 * layer] += np.outer(x, dz)
        gradients[3 * layer + 1] += np.outer(step.h_before, dz)
        gradients[3 * layer + 2] += dz
        dh_before[layer] = kept.recurrent[layer] * (recurrent_kernel @ dz)
        dc_before[layer] = dc * step.f
        d_given = kernel @ dz + d_given if net.residual and layer > 0 else kernel @ dz
    return dh_before, dc_before


def shares(y: Array, mask: Array | None, observation_weights: Array | None) -> Array:
    """Return what part of the loss each target of y [N, T, Y] is: all zero where nothing counts, else summing to 1."""
    part = np.ones_like(y) if observation_weights is None else observation_weights
    part = part if mask is None else part * mask[..., None]
    return part / part.sum() if part.any() else part


def gradient(
    net: Net,
    weights: list[Array],
    X: Array,
    y: Array,
    mask: Array | None,
    observation_weights: Array | None,
    states: list[State],
    loss: Loss,
    kept: list[Kept] | None = None,
) -> tuple[float, list[Array], list[State]]:
    """Return the loss of a window, its gradient, and the states after it.

    Parameters
    ----------
    net, weights
        The network.
    X, y
        Inputs [N, T, I] and targets [N, T, Y] of the window.
    mask
        [N, T], 1 where a step is and 0 where none is; None: all are.
    observation_weights
        What each target counts [N, T, Y]; None: all the same.
    states
        The state of each sequence before the window, taken as constants: gradients stop there.
    loss
        The loss of one target.
    kept
        What dropout keeps of each sequence; None: everything.
    """
    kept = [keep_all(net, weights)] * len(states) if kept is None else kept
    part = shares(y, mask, observation_weights)
    gradients = [np.zeros_like(w) for w in weights]
    value = 0.0
    states_after = []
    for n, state in enumerate(states):
        present = [t for t in range(X.shape[1]) if mask is None or mask[n, t]]
        if not present:
            states_after.append(state)
            continue
        traces: list[Trace] = []
        for t in present:
            traces.append(forward(net, weights, X[n, t], state_after(traces[-1]) if traces else state, kept[n]))
        states_after.append(state_after(traces[-1]))

        outputs = np.stack([trace.seen for trace in traces]) @ weights[-2] + weights[-1]
        costs, slopes = loss(outputs.reshape(len(present), y.shape[2], loss.outputs_per_target), y[n, present])
        value += float(np.sum(part[n, present] * costs))
        d_outputs = (part[n, present][..., None] * slopes).reshape(outputs.shape)
        d_after = (np.zeros_like(state[0]), np.zeros_like(state[1]))
        for trace, d_output in zip(traces[::-1], d_outputs[::-1], strict=True):
            d_after = backward(net, weights, trace, d_output, d_after, gradients, kept[n])
    return value, gradients, states_after


def clip_by_norm(gradients: list[Array], clip: float) -> list[Array]:
    """Return the gradients, shrunk together so that their norm over all is at most ``clip``."""
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in gradients))
    return [g * min(1, clip / norm) if norm > 0 else g for g in gradients]


def train_batched(
    net: Net,
    weights: list[Array],
    X: Array,
    y: Array,
    mask: Array | None,
    observation_weights: Array | None,
    loss: Loss,
    orders: Sequence[NDArray[np.integer]],
    *,
    batch: int,
    bptt: int | None,
    adam: Adam,
    clip: float | None,
    learning_rates: Sequence[float],
    kept_of: Callable[[int, int], Kept] | None = None,
) -> tuple[list[Array], list[float]]:
    """Train in mini-batches of sequences, one update for every window of ``bptt`` steps.

    The state is zero at the start of a mini-batch and carries from window to window; Adam's moments and step count
    run on over mini-batches and epochs. A window in which nothing counts makes no update, though its rate is passed
    over.

    Parameters
    ----------
    net, weights, X, y, mask, observation_weights, loss
        As in ``gradient``; the weights are left alone.
    orders
        For every epoch the order of the sequences; its slices of ``batch`` are the mini-batches, the last may be
        smaller.
    batch, bptt
        Sequences of a mini-batch, steps of a window (None: all), the last may be shorter.
    adam, clip
        The update, and the norm to which gradients are clipped before it.
    learning_rates
        One for every window of every mini-batch of every epoch, in that order.
    kept_of
        What dropout keeps of a sequence in an epoch, by the numbers of epoch and sequence; None: everything.

    Returns
    -------
    weights
        New arrays.
    losses
        For each epoch the mean over its updates of the window's loss before the update.
    """
    weights = [w.copy() for w in weights]
    m, v = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    window = X.shape[1] if bptt is None else bptt
    rates = iter(learning_rates)
    losses, t = [], 0
    for epoch, order in enumerate(orders):
        of_updates = []
        for begin in range(0, len(order), batch):
            chosen = order[begin : begin + batch]
            states = [zero_state(net, weights) for _ in chosen]
            kept = None if kept_of is None else [kept_of(epoch, int(n)) for n in chosen]
            for start in range(0, X.shape[1], window):
                at = (chosen, slice(start, start + window))
                present = None if mask is None else mask[at]
                counts = None if observation_weights is None else observation_weights[at]
                value, gradients, states = gradient(net, weights, X[at], y[at], present, counts, states, loss, kept)
                rate = next(rates)
                if not shares(y[at], present, counts).any():
                    continue
                of_updates.append(value)
                t += 1
                clipped = gradients if clip is None else clip_by_norm(gradients, clip)
                for k, g in enumerate(clipped):
                    adam.step(weights[k], g, m[k], v[k], t, rate)
        losses.append(float(np.mean(of_updates)))
    return weights, losses
