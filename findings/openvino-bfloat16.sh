#!/usr/bin/env bash
# OpenVINO: a float32 model is computed in bfloat16 where the processor has it, unasked. An LSTM that feeds its state back is
# off by a hundredth to a third of outputs around 1; INFERENCE_PRECISION_HINT=f32 cures it.
set -euo pipefail
if ! grep -qE 'avx512_bf16|amx_bf16' /proc/cpuinfo; then
    echo "this processor has no bfloat16: nothing to be seen"
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet onnx==1.23.2 openvino==2026.4.1 numpy==2.4.6
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import onnx
import openvino
from onnx import TensorProto, helper, numpy_helper

print(f"openvino {openvino.__version__}, onnx {onnx.__version__}")
rng, units, steps = np.random.default_rng(0), 32, 100
arrays = {name: rng.normal(size=s).astype("float32") / 2 for name, s in {"W": (1, 128, 1), "R": (1, 128, 32)}.items()}
faces = {"X": ["T", 1, 1], "Y": ["T", 1, 1, units]}
infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in faces.items()]
node = helper.make_node("LSTM", ["X", "W", "R"], ["Y"], hidden_size=units)
weights = [numpy_helper.from_array(array, name) for name, array in arrays.items()]
graph = helper.make_graph([node], "lstm", infos[:1], infos[1:], weights)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
onnx.checker.check_model(model, full_check=True)
onnx.save(model, "lstm.onnx")
X = rng.uniform(-1, 1, (steps, 1, 1)).astype("float32")


def by_hand():
    """Return the outputs of the same network in float64; ONNX has the gates input, output, forget, cell."""
    hidden = cell = np.zeros(units)
    for x in X[:, 0].astype(float):
        z = arrays["W"][0] @ x + arrays["R"][0] @ hidden
        gates, new = 1 / (1 + np.exp(-z[: 3 * units])).reshape(3, units), np.tanh(z[3 * units :])
        cell = gates[2] * cell + gates[0] * new
        hidden = gates[1] * np.tanh(cell)
        yield hidden


truth = np.array(list(by_hand()))
error = {}
for name, settings in {"as it comes": {}, "f32": {"INFERENCE_PRECISION_HINT": "f32"}}.items():
    compiled = openvino.Core().compile_model("lstm.onnx", "CPU", settings)
    error[name] = float(np.abs(compiled({"X": X})["Y"][:, 0, 0] - truth).max())
    used = compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
    print(f"{name:12} computed in {used}, largest error of the outputs {error[name]:.2g}")
raise SystemExit(0 if error["as it comes"] > 0.005 and error["f32"] < 1e-4 else "changed")
PYTHON
