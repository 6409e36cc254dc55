"""The arrays of a PyTorch model found by their names in its ``state_dict``; PyTorch is not needed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from statecast.errors import ParameterError

ENTRY = re.compile(r"(?P<of>(.*\.)?)(?P<what>weight|bias)_(?P<way>ih|hh|hr)(_l(?P<layer>\d+))?(?P<back>_reverse)?")
"""A name of nn.LSTM, or of nn.LSTMCell, which has no number."""

LAYER = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
EXPECTED = "expected the state_dict of one nn.LSTM and one nn.Linear over it"
FEW = 12  # names in a message


class Module(Protocol):
    """What nn.Module has, of all that counts here."""

    def state_dict(self) -> Mapping[str, Any]:
        """Return all arrays by name."""


Model: TypeAlias = "Sequence[ArrayLike] | Mapping[str, ArrayLike] | Module"


def in_order(model: Model) -> Iterable[ArrayLike]:
    """Return weight_ih, weight_hh, bias_ih and bias_hh of each layer, then the head's weight and bias.

    Raises
    ------
    ParameterError
        If it is a path, or the names are not those of one LSTM and one linear layer.
    """
    if isinstance(model, str | os.PathLike):
        raise ParameterError(
            f"expected arrays or a state_dict, got the path {os.fspath(model)}: read it with "
            "torch.load(path, map_location='cpu', weights_only=True), or with safetensors.numpy.load_file(path), "
            "and give what that returns."
        )
    if isinstance(model, Mapping):
        return _by_name(model)
    if callable(getattr(model, "get_weights", None)):  # on PyTorch it has a state_dict as well, with other names
        raise ParameterError(f"{EXPECTED}, got a model of Keras: give it to from_keras.")
    if callable(state_dict := getattr(model, "state_dict", None)):
        return _by_name(state_dict())
    return model  # type: ignore[return-value]  # what is no sequence is refused with the arrays


def _by_name(entries: Mapping[str, ArrayLike]) -> list[ArrayLike]:
    names = {name: ENTRY.fullmatch(str(name)) for name in entries}
    of_lstm = {name: match for name, match in names.items() if match}
    others = [name for name in entries if name not in of_lstm]
    layers = _layers(entries, of_lstm)
    return [*layers, *_head(entries, others)]


def _layers(entries: Mapping[str, ArrayLike], of_lstm: Mapping[str, re.Match[str]]) -> list[ArrayLike]:
    """Return the arrays of all layers."""
    if not of_lstm:
        raise ParameterError(f"{EXPECTED}, so weight_ih_l0 and so on; got {_told(entries)}.{_inside(entries)}")
    if len(found := {match["of"] for match in of_lstm.values()}) > 1:
        raise ParameterError(
            f"{EXPECTED}, got several: {', '.join(sorted(found))}. Where they are layers of one network, give the "
            "arrays as a list, in the order of the computation."
        )
    if foreign := [name for name, match in of_lstm.items() if match["back"] or match["way"] == "hr"]:
        raise ParameterError(
            f"{EXPECTED}, in one direction and without projection; got {_told(entries, foreign)} of one with "
            "bidirectional=True or proj_size. Train it without."
        )
    by_layer = {(int(match["layer"] or 0), f"{match['what']}_{match['way']}"): name for name, match in of_lstm.items()}
    depth = 1 + max(layer for layer, _ in by_layer)
    if missing := [f"{what}_l{k}" for k in range(depth) for what in LAYER[:2] if (k, what) not in by_layer]:
        raise ParameterError(f"{EXPECTED}, so {', '.join(missing)} as well; got {_told(entries)}.")
    arrays: list[ArrayLike] = []
    for k in range(depth):
        weights = [entries[by_layer[k, what]] for what in LAYER[:2]]
        _check_gates(weights[1], by_layer[k, "weight_hh"])
        biases = [by_layer.get((k, what)) for what in LAYER[2:]]
        arrays += [*weights, *(_no_bias(weights[0]) if name is None else entries[name] for name in biases)]
    return arrays


def _check_gates(weight_hh: ArrayLike, name: str) -> None:
    """Refuse the other kinds of layers, whose names are the same."""
    shape = np.shape(weight_hh)
    if len(shape) == 2 and shape[0] in {shape[1], 3 * shape[1]}:
        kind = "nn.RNN" if shape[0] == shape[1] else "nn.GRU"
        raise ParameterError(f"{EXPECTED}, whose weight_hh is [4H, H]; got {name} {list(shape)}, as {kind} has it.")


def _head(entries: Mapping[str, ArrayLike], others: list[str]) -> list[ArrayLike]:
    """Return weight and bias of what is there beside the LSTM."""
    if not others:
        raise ParameterError(
            f"{EXPECTED}, got the LSTM alone: {_told(entries)}. Give the head with it: "
            "{**lstm.state_dict(), **head.state_dict()}."
        )
    of = others[0].rpartition(".")[0]
    weight, bias = (f"{of}.{what}" if of else what for what in ("weight", "bias"))
    if weight not in others or not set(others) <= {weight, bias}:
        raise ParameterError(
            f"{EXPECTED}, so a weight and a bias beside the LSTM; got {_told(entries, others)}. A network that "
            "computes more than that cannot be taken; what does not belong to it, leave out."
        )
    return [entries[weight], entries[bias] if bias in others else _no_bias(entries[weight])]


def _no_bias(weight: ArrayLike) -> ArrayLike:
    """Return the bias of a layer with bias=False."""
    rows, *_ = np.shape(weight) or (0,)
    return np.zeros(rows, str(getattr(weight, "dtype", "float64")).removeprefix("torch."))


def _told(entries: Mapping[str, ArrayLike], names: Sequence[str] = ()) -> str:
    """Return names and shapes for a message."""
    all_names = list(names or entries)
    told = [f"{name} {list(getattr(entries[name], 'shape', ()))}".removesuffix(" []") for name in all_names[:FEW]]
    more = [f"{len(all_names) - FEW} more"] if len(all_names) > FEW else []
    return ", ".join([*told, *more]) or "no entries"


def _inside(entries: Mapping[str, ArrayLike]) -> str:
    """Return where the arrays are, if they lie a level deeper, as in a checkpoint."""
    deeper = [
        name
        for name, entry in entries.items()
        if isinstance(entry, Mapping) and any(ENTRY.fullmatch(str(inner)) for inner in entry)
    ]
    return f" They are under {deeper[0]!r}: give checkpoint[{deeper[0]!r}]." if deeper else ""
