"""A network as an ONNX model, of standard operators that every runtime has."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from statecast.errors import FileError, ParameterError
from statecast.network._parameters import Parameters
from statecast.network._spec import Spec
from statecast.storage import write_whole

if TYPE_CHECKING:
    from onnx import ModelProto

OPSET, IR_VERSION = 13, 7  # of ONNX 1.8 (2020): the LSTM with time in front, the axes of Squeeze an input
BOOL = 9  # TensorProto.BOOL
GATES = [0, 3, 1, 2]  # input, output, forget, cell: where each of ONNX stands among ours


class Face(NamedTuple):
    """An input or output of the model."""

    name: str
    shape: list[str | int]
    said: str


class Node(NamedTuple):
    """An operator, the names of what it takes and of what it gives, and its attributes."""

    operator: str
    takes: list[str]
    gives: list[str]
    how: dict[str, Any]


def export_onnx(parameters: Parameters, path: str | os.PathLike[str]) -> None:
    """Write a network as an ONNX model, whole or not at all.

    It runs N sequences, one or more, over T steps from a given state on, and gives the state back: to go on, feed
    ``hidden_after`` and ``cell_after`` to ``hidden`` and ``cell``; a series begins with zeros. A call of no steps,
    T = 0, gives the state as it came: ONNX does not say what its LSTM operator gives then, and onnxruntime's loses
    the state, so it is taken past the operator. The numbers are float32; float64 parameters are rounded. OpenVINO
    computes in bfloat16 where the processor has it, unless ``INFERENCE_PRECISION_HINT`` is f32; dynamic quantisation
    mixes the sequences of a call.

    ==================  =========  =====================================
    input ``X``         [N, T, I]  a row a step
    input ``hidden``    [L, N, H]  hidden state before the first row
    input ``cell``      [L, N, H]  cell state before the first row
    ``outputs``         [N, T, O]  a row a step
    ``hidden_after``    [L, N, H]  hidden state after the last row
    ``cell_after``      [L, N, H]  cell state after the last row
    ==================  =========  =====================================

    The model's metadata has the sizes, under the names of ``Spec``.

    Parameters
    ----------
    parameters : Parameters
    path : path
        Where to write; an existing file is replaced.

    Raises
    ------
    FileError
        If the file cannot be written, or the package onnx is missing.
    ParameterError
        If a parameter is too large for float32.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import statecast.network as network
    >>> parameters = network.initialise(network.Spec(inputs=1, units=4), seed=1)
    >>> with TemporaryDirectory() as folder:
    ...     network.export_onnx(parameters, Path(folder) / "sales.onnx")
    ...     print([file.name for file in Path(folder).iterdir()])
    ['sales.onnx']
    """
    try:
        import onnx
    except ImportError:
        raise FileError(f"Writing {path} takes the package onnx: pip install statecast[onnx].") from None
    model = _model(parameters)
    onnx.checker.check_model(model, full_check=True)
    write_whole(Path(path), lambda new: new.write_bytes(model.SerializeToString(deterministic=True)))


def _model(parameters: Parameters) -> ModelProto:
    from onnx import TensorProto, helper, numpy_helper

    spec = parameters.spec
    inputs, outputs = (
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape, said) for name, shape, said in faces]
        for faces in (_inputs(spec), _outputs(spec))
    )
    graph = helper.make_graph(
        [helper.make_node(n.operator, n.takes, n.gives, n.gives[0], **n.how) for n in _nodes(spec)],
        "statecast_lstm",
        inputs,
        outputs,
        [numpy_helper.from_array(array, name) for name, array in _arrays(parameters).items()],
        "An LSTM that keeps its state: feed hidden_after and cell_after to hidden and cell to go on.",
    )
    model = helper.make_model(
        graph,
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="statecast",
        producer_version=version("statecast"),
    )
    helper.set_model_props(model, {name: json.dumps(value) for name, value in asdict(spec).items()})
    return model


def _inputs(spec: Spec) -> list[Face]:
    state: list[str | int] = [spec.layers, "N", spec.units]
    return [
        Face("X", ["N", "T", spec.inputs], "N sequences of T rows, a row a step [N, T, inputs]"),
        Face("hidden", state, "hidden state before the first row, zeros at the start [layers, N, units]"),
        Face("cell", state, "cell state before the first row, zeros at the start [layers, N, units]"),
    ]


def _outputs(spec: Spec) -> list[Face]:
    state: list[str | int] = [spec.layers, "N", spec.units]
    return [
        Face("outputs", ["N", "T", spec.outputs], "a row for every row of X [N, T, outputs]"),
        Face("hidden_after", state, "hidden state after the last row [layers, N, units]"),
        Face("cell_after", state, "cell state after the last row [layers, N, units]"),
    ]


def _nodes(spec: Spec) -> list[Node]:
    """Return all operators in the order of the computation; between X and outputs time is in front [T, N, ...]."""
    layers = range(spec.layers)
    before = [
        Node("Transpose", ["X"], ["rows"], {"perm": [1, 0, 2]}),
        Node("Split", ["hidden"], [f"hidden_{k}" for k in layers], {"axis": 0}),
        Node("Split", ["cell"], [f"cell_{k}" for k in layers], {"axis": 0}),
    ]
    of_layers = [node for k in layers for node in _layer_nodes(spec, k)]
    top = f"layer_{spec.layers - 1}"
    skip = [Node("Concat", [top, "rows"], ["seen"], {"axis": 2})]
    after = [
        Node("MatMul", ["seen" if spec.skip else top, "head_kernel"], ["head"], {}),
        Node("Add", ["head", "head_bias"], ["outputs_of_rows"], {}),
        Node("Transpose", ["outputs_of_rows"], ["outputs"], {"perm": [1, 0, 2]}),
    ]
    return [*before, *of_layers, *(skip if spec.skip else []), *after, *_state_nodes(spec)]


def _state_nodes(spec: Spec) -> list[Node]:
    """Return the operators that give the state: that of the last row, or the one that came where there is no row.

    What the LSTM operator gives as its last state after no step is left to the runtime: onnxruntime, zeros or what
    lay in memory.
    """
    stepped = [
        Node("Shape", ["X"], ["shape"], {}),
        Node("Gather", ["shape", "axis_of_steps"], ["steps"], {}),
        Node("Cast", ["steps"], ["stepped"], {"to": BOOL}),
    ]
    kept = [
        node
        for name in ("hidden", "cell")
        for node in (
            Node("Concat", [f"{name}_after_{k}" for k in range(spec.layers)], [f"{name}_of_rows"], {"axis": 0}),
            Node("Where", ["stepped", f"{name}_of_rows", name], [f"{name}_after"], {}),
        )
    ]
    return [*stepped, *kept]


def _layer_nodes(spec: Spec, k: int) -> list[Node]:
    """Return the operators of layer k, the last of which gives ``layer_k``."""
    below = f"layer_{k - 1}" if k else "rows"
    residual = spec.residual and k > 0
    no_lengths = ""
    takes = [below, f"kernel_{k}", f"recurrent_kernel_{k}", f"bias_{k}", no_lengths, f"hidden_{k}", f"cell_{k}"]
    gives = [f"directions_{k}", f"hidden_after_{k}", f"cell_after_{k}"]
    given = f"lstm_{k}" if residual else f"layer_{k}"
    nodes = [
        Node("LSTM", takes, gives, {"hidden_size": spec.units}),
        Node("Squeeze", [f"directions_{k}", "axis_of_directions"], [given], {}),
    ]
    return [*nodes, Node("Add", [given, below], [f"layer_{k}"], {})] if residual else nodes


def _arrays(parameters: Parameters) -> dict[str, NDArray[np.generic]]:
    """Return all constants of the model by name."""
    arrays: dict[str, NDArray[np.generic]] = {"axis_of_directions": np.array([1]), "axis_of_steps": np.array([1])}
    for k, layer in enumerate(parameters.layers):
        bias = _gates(layer.bias)
        arrays[f"kernel_{k}"] = _gates(layer.kernel)
        arrays[f"recurrent_kernel_{k}"] = _gates(layer.recurrent_kernel)
        arrays[f"bias_{k}"] = np.concatenate([bias, np.zeros_like(bias)], axis=1)  # ONNX adds a second one
    return arrays | {"head_kernel": _single(parameters.head_kernel), "head_bias": _single(parameters.head_bias)}


def _gates(array: NDArray[np.floating]) -> NDArray[np.float32]:
    """Bring [..., 4H] to ONNX' [1, 4H, ...]: one direction, another order of the gates."""
    gates = _single(array).T.reshape(4, -1, *array.shape[:-1])[GATES]
    return gates.reshape(1, -1, *array.shape[:-1])


def _single(array: NDArray[np.floating]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        single = array.astype(np.float32)
    if not np.isfinite(single).all():
        raise ParameterError(f"expected parameters that float32 holds, got {np.abs(array).max()} among them.")
    return single
