"""The ONNX model: onnxruntime gives our numbers, with the state carried; what is written, and when nothing is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from reference.problems import draw_parameters
from statecast.errors import FileError, ParameterError
from statecast.network import Parameters, Spec, export_onnx, run

SEQUENCES, STEPS, CLOSE = 3, 200, 1e-5
Array = NDArray[np.floating]


class Runtime:
    """A written model in onnxruntime, which goes on from the state that the last call left."""

    def __init__(self, path: Path, sequences: int = SEQUENCES) -> None:
        self.session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        layers, _, units = self.session.get_inputs()[1].shape
        self.state = {name: np.zeros((layers, sequences, units), np.float32) for name in ("hidden", "cell")}

    def run(self, X: Array) -> Array:
        """Return the outputs [N, T, O] of X [N, T, I]."""
        outputs, hidden, cell = self.session.run(
            ["outputs", "hidden_after", "cell_after"], {"X": X.astype(np.float32), **self.state}
        )
        self.state = {"hidden": hidden, "cell": cell}
        return outputs


def rows(spec: Spec, steps: int = STEPS) -> Array:
    return np.random.default_rng(7).uniform(-1, 1, (SEQUENCES, steps, spec.inputs))


def assert_ours(parameters: Parameters, X: Array, outputs: Array, state: dict[str, Array]) -> None:
    """Compare with a run over every sequence by itself."""
    for n, x in enumerate(X):
        expected, after = run(parameters, x)
        np.testing.assert_allclose(outputs[n], expected, rtol=0, atol=CLOSE)
        np.testing.assert_allclose(state["hidden"][:, n], after.hidden, rtol=0, atol=CLOSE)
        np.testing.assert_allclose(state["cell"][:, n], after.cell, rtol=0, atol=CLOSE)


@pytest.mark.parametrize("units", [5, 16])
@pytest.mark.parametrize("layers", [1, 2, 4])
@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("skip", [False, True])
def test_carried_steps_and_the_whole_sequence_give_our_numbers(
    tmp_path: Path, units: int, layers: int, residual: bool, skip: bool
) -> None:
    spec = Spec(2, units, layers, 3, residual=residual, skip=skip)
    parameters, X = draw_parameters(spec, units + layers, np.float32), rows(spec)
    export_onnx(parameters, tmp_path / "model.onnx")

    step_by_step = Runtime(tmp_path / "model.onnx")
    outputs = np.concatenate([step_by_step.run(X[:, t : t + 1]) for t in range(STEPS)], axis=1)
    assert_ours(parameters, X, outputs, step_by_step.state)

    at_once = Runtime(tmp_path / "model.onnx")
    np.testing.assert_allclose(at_once.run(X), outputs, rtol=0, atol=CLOSE)
    for name, state in step_by_step.state.items():
        np.testing.assert_allclose(at_once.state[name], state, rtol=0, atol=CLOSE)


@pytest.mark.parametrize("inputs", [1, 4])
@pytest.mark.parametrize("outputs", [1, 7])
def test_sizes_of_one_and_of_many(tmp_path: Path, inputs: int, outputs: int) -> None:
    spec = Spec(inputs, 1, 2, outputs, residual=True, skip=True)
    parameters, X = draw_parameters(spec, 1, np.float32), rows(spec, 20)
    export_onnx(parameters, tmp_path / "model.onnx")
    runtime = Runtime(tmp_path / "model.onnx")
    assert_ours(parameters, X, runtime.run(X), runtime.state)


@pytest.mark.parametrize("spec", [Spec(1, 4), Spec(2, 5, 2, 3), Spec(3, 3, 4, residual=True, skip=True)], ids=str)
def test_a_call_of_no_steps_keeps_the_state(tmp_path: Path, spec: Spec) -> None:
    parameters, X = draw_parameters(spec, 3, np.float32), rows(spec, 20)
    export_onnx(parameters, tmp_path / "model.onnx")
    runtime = Runtime(tmp_path / "model.onnx")
    outputs = [runtime.run(X[:, :12])]
    before = runtime.state
    assert runtime.run(X[:, 12:12]).shape == (SEQUENCES, 0, spec.outputs)
    for name, state in before.items():
        assert state.any()
        np.testing.assert_array_equal(runtime.state[name], state)
    outputs.append(runtime.run(X[:, 12:]))
    assert_ours(parameters, X, np.concatenate(outputs, axis=1), runtime.state)


def test_float64_is_written_as_float32(tmp_path: Path) -> None:
    spec = Spec(2, 5, 2, 2, skip=True)
    parameters, X = draw_parameters(spec, 1, np.float64), rows(spec)
    export_onnx(parameters, tmp_path / "model.onnx")
    single = Parameters.from_flat(spec, parameters.to_flat().astype(np.float32))
    export_onnx(single, tmp_path / "single.onnx")
    assert (tmp_path / "model.onnx").read_bytes() == (tmp_path / "single.onnx").read_bytes()
    runtime = Runtime(tmp_path / "model.onnx")
    assert_ours(parameters, X, runtime.run(X), runtime.state)


def test_the_model_says_what_it_is(tmp_path: Path) -> None:
    export_onnx(draw_parameters(Spec(3, 5, 2, 4, skip=True), 1, np.float32), tmp_path / "model.onnx")
    model = onnx.load(tmp_path / "model.onnx")
    assert (model.producer_name, model.graph.name) == ("statecast", "statecast_lstm")
    assert model.producer_version
    assert {prop.key: prop.value for prop in model.metadata_props} == {
        "inputs": "3",
        "units": "5",
        "layers": "2",
        "outputs": "4",
        "residual": "false",
        "skip": "true",
    }
    faces = [*model.graph.input, *model.graph.output]
    assert [face.name for face in faces] == ["X", "hidden", "cell", "outputs", "hidden_after", "cell_after"]
    assert all(face.doc_string for face in faces)


def test_without_onnx_the_cure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(FileError, match=r"model\.onnx takes the package onnx: pip install statecast\[onnx\]"):
        export_onnx(draw_parameters(Spec(1, 2), 1), tmp_path / "model.onnx")
    assert os.listdir(tmp_path) == []


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, parameters = tmp_path / "model.onnx", draw_parameters(Spec(1, 2), 1, np.float32)
    path.write_text("old")

    def fail(*_args: object, **_options: object) -> None:
        raise onnx.checker.ValidationError("no such operator")

    monkeypatch.setattr(onnx.checker, "check_model", fail)
    with pytest.raises(onnx.checker.ValidationError, match="no such operator"):
        export_onnx(parameters, path)
    assert os.listdir(tmp_path) == ["model.onnx"]
    assert path.read_text() == "old"


def test_what_float32_does_not_hold_is_refused(tmp_path: Path) -> None:
    flat = np.zeros(Spec(1, 2).parameter_count)
    for k in (0, -1):
        flat[k] = -1e300
        with pytest.raises(ParameterError, match=r"expected parameters that float32 holds, got 1e\+300 among them"):
            export_onnx(Parameters.from_flat(Spec(1, 2), flat), tmp_path / "model.onnx")
        flat[k] = 0
    assert os.listdir(tmp_path) == []


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="does not exist"):
        export_onnx(draw_parameters(Spec(1, 2), 1), tmp_path / "no" / "model.onnx")
