#!/usr/bin/env bash
# safetensors: save_file of a NumPy array that is not in C order (a transpose, a column of a table, a broadcast) writes other
# values under the right shape, without a warning. So matrices that were turned for another library are read back wrong.
# np.ascontiguousarray before saving cures it; safetensors.torch refuses such tensors.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet safetensors==0.8.0 numpy==2.4.6
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import safetensors
from safetensors.numpy import load_file, save_file

print(f"safetensors {safetensors.__version__}, numpy {np.__version__}")
matrix = np.arange(6, dtype=np.float32).reshape(2, 3)
given = {
    "transpose": matrix.T,
    "Fortran order": np.asfortranarray(matrix),
    "a column": matrix[:, 0],
    "broadcast": np.broadcast_to(matrix[0], (2, 3)),
}
save_file(given, "strided.safetensors")
save_file({name: np.ascontiguousarray(array) for name, array in given.items()}, "copied.safetensors")
strided, copied = load_file("strided.safetensors"), load_file("copied.safetensors")
for name, array in given.items():
    print(f"{name}: {array.tolist()} is read as {strided[name].tolist()}")
as_seen = not any(np.array_equal(strided[name], array) for name, array in given.items())
as_seen &= all(np.array_equal(copied[name], array) for name, array in given.items())
raise SystemExit(0 if as_seen else "changed")
PYTHON
