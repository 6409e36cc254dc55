"""Parameters from a PyTorch state_dict: the arrays are found by name, whatever the model calls them, or refused."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.problems import draw_parameters
from statecast.errors import ParameterError
from statecast.network import Parameters, Spec

Array = NDArray[np.floating]


@dataclass
class Tensor:
    """What counts of a tensor of PyTorch: NumPy gets it without its gradient and in main memory alone."""

    array: Array
    device: str = "cuda:0"
    requires_grad: bool = True

    @property
    def shape(self) -> tuple[int, ...]:
        """As NumPy says it."""
        return self.array.shape

    @property
    def dtype(self) -> str:
        """As PyTorch says it."""
        return f"torch.{self.array.dtype}"

    def detach(self) -> Tensor:
        """Without the gradient."""
        return Tensor(self.array, self.device, requires_grad=False)

    def cpu(self) -> Tensor:
        """In main memory."""
        return Tensor(self.array, "cpu", self.requires_grad)

    def __array__(self, dtype: object = None, copy: object = None) -> Array:
        if self.requires_grad or self.device != "cpu":
            raise RuntimeError("Can't call numpy() on Tensor")
        return self.array


class KerasModel:
    """What counts of a model of Keras on PyTorch."""

    def get_weights(self) -> list[Array]:
        """All arrays in order."""
        return []

    def state_dict(self) -> dict[str, Array]:
        """All arrays by name."""
        return {}


@dataclass
class Module:
    """What counts of nn.Module."""

    entries: Mapping[str, object]

    def state_dict(self) -> Mapping[str, object]:
        """All arrays by name."""
        return self.entries


def state_dict(parameters: Parameters, lstm: str = "lstm.", head: str = "fc.") -> dict[str, Array]:
    """Return the arrays by the names that PyTorch gives them in a model with these two parts."""
    names = [
        f"{lstm}{what}_l{k}"
        for k in range(parameters.spec.layers)
        for what in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    ]
    return dict(zip([*names, f"{head}weight", f"{head}bias"], parameters.to_pytorch(), strict=True))


def assert_same(taken: Parameters, parameters: Parameters) -> None:
    assert taken.spec == parameters.spec
    assert taken.dtype == parameters.dtype
    np.testing.assert_array_equal(taken.to_flat(), parameters.to_flat())


@pytest.mark.parametrize("spec", [Spec(1, 4), Spec(3, 5, 2, 4), Spec(2, 2, 4, 2, skip=True)], ids=str)
@pytest.mark.parametrize(
    ("lstm", "head"),
    [
        ("lstm.", "fc."),
        ("rnn.", "linear."),
        ("module.encoder.lstm.", "module.head.0."),
        ("0.", "1."),
        ("", ""),
        ("", "out."),
    ],
)
def test_what_the_parts_are_called_does_not_matter(spec: Spec, lstm: str, head: str) -> None:
    parameters = draw_parameters(spec, 1, np.float32)
    entries = state_dict(parameters, lstm, head)
    assert_same(Parameters.from_pytorch(entries), parameters)
    assert_same(Parameters.from_pytorch(OrderedDict(reversed(entries.items()))), parameters)
    assert_same(Parameters.from_pytorch(Module(entries)), parameters)


def test_layers_are_ordered_by_their_number() -> None:
    parameters = draw_parameters(Spec(4, 4, 3), 1)  # of one shape: the names alone tell
    entries = state_dict(parameters)
    assert_same(Parameters.from_pytorch(dict(sorted(entries.items(), reverse=True))), parameters)


def test_tensors_with_a_gradient_on_a_device_are_taken() -> None:
    parameters = draw_parameters(Spec(2, 3, 2), 1, np.float32)
    tensors = {name: Tensor(array) for name, array in state_dict(parameters).items()}
    assert_same(Parameters.from_pytorch(tensors), parameters)
    assert_same(Parameters.from_pytorch(Module(tensors)), parameters)
    assert_same(Parameters.from_pytorch(list(tensors.values())), parameters)


def test_a_cell_has_no_number() -> None:
    parameters = draw_parameters(Spec(2, 3), 1)
    entries = {name.removesuffix("_l0"): array for name, array in state_dict(parameters, "cell.").items()}
    assert_same(Parameters.from_pytorch(entries), parameters)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_bias_that_is_not_there_is_zero(dtype: type[np.floating]) -> None:
    entries = state_dict(draw_parameters(Spec(2, 3, 2), 1, dtype))
    for name in [name for name in entries if "bias" in name]:
        entries[name] = np.zeros_like(entries[name])
    without = {name: Tensor(array) for name, array in entries.items() if "bias" not in name}
    assert_same(Parameters.from_pytorch(without), Parameters.from_pytorch(list(entries.values())))


def entries_with(**others: object) -> dict[str, object]:
    entries: dict[str, object] = dict(state_dict(draw_parameters(Spec(1, 4), 1)))
    return entries | {name.replace("__", "."): entry for name, entry in others.items()}


def entries_without(*names: str) -> dict[str, object]:
    return {name: entry for name, entry in entries_with().items() if name not in names}


def of_gates(gates: int) -> dict[str, Array]:
    sizes = {"rnn.weight_ih_l0": (4 * gates, 1), "rnn.weight_hh_l0": (4 * gates, 4), "fc.weight": (1, 4)}
    return {name: np.ones(size) for name, size in sizes.items()}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("model.pt", r"got the path model\.pt: read it with torch\.load\(path"),
        (Path("a", "model.safetensors"), r"safetensors\.numpy\.load_file"),
        ({}, "expected the state_dict of one nn.LSTM and one nn.Linear.*got no entries"),
        ({"kernel": np.ones((3, 2))}, r"so weight_ih_l0 and so on; got kernel \[3, 2\]"),
        ({"epoch": 3, "state_dict": entries_with()}, r"They are under 'state_dict': give checkpoint\['state_dict'\]"),
        (entries_with(lstm2__weight_ih_l0=np.ones((16, 4))), r"got several: lstm\., lstm2\..*as a list, in the order"),
        (
            entries_with(lstm__weight_ih_l0_reverse=np.ones((16, 1))),
            r"weight_ih_l0_reverse \[16, 1\] of one with",
        ),
        (entries_with(lstm__weight_hr_l0=np.ones((2, 4))), r"weight_hr_l0 \[2, 4\].*proj_size"),
        (entries_with(lstm__weight_ih_l2=np.ones((16, 4))), "so weight_ih_l1, weight_hh_l1, weight_hh_l2 as well"),
        (entries_without("lstm.weight_hh_l0"), "so weight_hh_l0 as well"),
        (of_gates(3), r"weight_hh is \[4H, H\]; got rnn\.weight_hh_l0 \[12, 4\], as nn\.GRU has it"),
        (of_gates(1), r"got rnn\.weight_hh_l0 \[4, 4\], as nn\.RNN has it"),
        (entries_without("fc.weight", "fc.bias"), r"got the LSTM alone.*\{\*\*lstm\.state_dict\(\), \*\*head\."),
        (entries_without("fc.weight"), r"so a weight and a bias beside the LSTM; got fc\.bias \[1\]"),
        (entries_with(fc2__weight=np.ones((1, 4))), r"beside the LSTM; got fc\.weight \[1, 4\], fc\.bias \[1\], fc2\."),
        (entries_with(norm__running_mean=np.ones(4)), r"norm\.running_mean \[4\]\. A network that computes more"),
        (entries_with(**{f"block{k}__weight": np.ones(1) for k in range(20)}), r"block9\.weight \[1\], 10 more\."),
        (entries_with(fc__weight=np.ones((1, 7))), r"so shapes.*\(1, 4\).*got.*\(1, 7\)"),
        (entries_with(lstm__weight_ih_l0=np.ones((16, 1), np.float32)), "all float32 or all float64"),
        (None, "expected arrays of numbers"),
        (KerasModel(), "got a model of Keras: give it to from_keras"),
    ],
)
def test_what_is_no_such_model_is_refused_with_a_cure(given: object, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        Parameters.from_pytorch(given)
