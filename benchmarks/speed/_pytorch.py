"""What the PyTorch peers share: a network with the parameters of a list in Keras' order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn


def network(weights: Sequence[np.ndarray]) -> tuple[nn.LSTM, nn.Linear]:
    """Return the LSTM and its head. Keras' one bias goes into the first of two; the second stays zero, untrained."""
    *layers, head_kernel, head_bias = map(torch.from_numpy, weights)
    inputs, units, outputs = len(layers[0]), len(layers[1]), len(head_bias)
    lstm, head = nn.LSTM(inputs, units, len(layers) // 3), nn.Linear(units, outputs)
    state: dict[str, torch.Tensor] = {}
    for layer in range(lstm.num_layers):
        kernel, recurrent_kernel, bias = layers[3 * layer : 3 * layer + 3]
        state |= {f"weight_ih_l{layer}": kernel.T, f"weight_hh_l{layer}": recurrent_kernel.T}
        state |= {f"bias_ih_l{layer}": bias, f"bias_hh_l{layer}": torch.zeros_like(bias)}
    lstm.load_state_dict(state)
    head.load_state_dict({"weight": head_kernel.T, "bias": head_bias})
    for name, parameter in lstm.named_parameters():
        parameter.requires_grad_(not name.startswith("bias_hh"))
    return lstm, head
