#!/usr/bin/env bash
# onnxruntime's quantize_dynamic on an LSTM: the range of the activations is taken over the whole input, so what a series gets
# depends on the other series of the batch, and a step on the later steps of the same call. The network itself mixes nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
cd "$folder"
"$folder/env/bin/python" - 2>/dev/null <<'PYTHON'
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import quantize_dynamic

print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")
rng, units, steps = np.random.default_rng(0), 8, 24
shapes = {"W": (1, 4 * units, 1), "R": (1, 4 * units, units), "B": (1, 8 * units)}
weights = [numpy_helper.from_array(rng.normal(size=s).astype("float32") / 2, name) for name, s in shapes.items()]
faces = {"X": ["T", "N", 1], "Y": ["T", 1, "N", units]}
infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in faces.items()]
node = helper.make_node("LSTM", ["X", "W", "R", "B"], ["Y"], hidden_size=units)
graph = helper.make_graph([node], "lstm", infos[:1], infos[1:], weights)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
onnx.checker.check_model(model, full_check=True)
onnx.save(model, "lstm.onnx")
quantize_dynamic("lstm.onnx", "quantised.onnx")

series = rng.uniform(-1, 1, (steps, 1, 1)).astype("float32")
large = np.concatenate([series, 100 * series], axis=1)
ending = np.concatenate([series, 100 * series])


def change(file):
    """Return how far a series moves by a large neighbour, and by what comes after it."""
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    alone, beside, before = (session.run(None, {"X": x})[0] for x in (series, large, ending))
    return float(np.abs(beside[:, :, :1] - alone).max()), float(np.abs(before[:steps] - alone).max())


plain, quantised = change("lstm.onnx"), change("quantised.onnx")
print("largest change of outputs between -1 and 1: by a neighbour a hundred times as large, by later rows as large")
print(f"  float32      {plain[0]:.6f} {plain[1]:.6f}")
print(f"  quantised    {quantised[0]:.6f} {quantised[1]:.6f}")
raise SystemExit(0 if max(plain) < 1e-5 and min(quantised) > 0.05 else 1)
PYTHON
