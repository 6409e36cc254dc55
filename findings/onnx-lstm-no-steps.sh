#!/usr/bin/env bash
# ONNX: the LSTM operator on a sequence of no steps. The last state would be the first one; onnxruntime gives zeros, OpenVINO
# a hidden state that lay in memory. With one step both are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet onnx==1.23.2 onnxruntime==1.32.0 openvino==2026.4.1 numpy==2.4.6
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import onnx
import onnxruntime
import openvino
from onnx import TensorProto, helper, numpy_helper

print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}, openvino {openvino.__version__}")
rng, units = np.random.default_rng(0), 4
shapes = {"W": (1, 4 * units, 1), "R": (1, 4 * units, units)}
weights = [numpy_helper.from_array(rng.normal(size=s).astype("float32"), name) for name, s in shapes.items()]
inputs = {"X": ["T", 1, 1], "h": [1, 1, units], "c": [1, 1, units]}
outputs = {"Y": ["T", 1, 1, units], "hidden": [1, 1, units], "cell": [1, 1, units]}
graph = helper.make_graph(
    [helper.make_node("LSTM", ["X", "W", "R", "", "", "h", "c"], list(outputs), hidden_size=units)],
    "lstm",
    *([helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in faces.items()] for faces in (inputs, outputs)),
    weights,
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
onnx.checker.check_model(model, full_check=True)
onnx.save(model, "lstm.onnx")

state = np.full((1, 1, units), 0.5, "float32")
session = onnxruntime.InferenceSession("lstm.onnx", providers=["CPUExecutionProvider"])
compiled = openvino.Core().compile_model("lstm.onnx", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})


def after(steps):
    """Return the last states of both runtimes."""
    feed = {"X": np.ones((steps, 1, 1), "float32"), "h": state, "c": state}
    given = compiled(feed)
    return session.run(["hidden", "cell"], feed), [given[name] for name in ("hidden", "cell")]


one = after(1)
print("largest difference after one step:", max(float(np.abs(a - b).max()) for a, b in zip(*one)))
(ort_hidden, ort_cell), (ov_hidden, ov_cell) = after(0)
print("a state of 0.5 after no step")
print("  onnxruntime: hidden", ort_hidden.ravel(), "cell", ort_cell.ravel())
print("  OpenVINO:    hidden", ov_hidden.ravel(), "cell", ov_cell.ravel())
as_seen = not np.array_equal(ort_hidden, state) and not np.array_equal(ov_hidden, state)
raise SystemExit(0 if as_seen else "changed: a runtime keeps the state")
PYTHON
