"""Every instruction set gives the same numbers, up to the last bits; the variable STATECAST_ISA chooses."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from statecast.network import build_info

TRAIN = """
import json, numpy as np
from statecast.network import Spec, build_info, initialise
from statecast.training import train_online
x = np.sin(0.9 * np.arange(25))
result = train_online(initialise(Spec(1, 4), seed=1), x[:-1], x[1:], epochs=300)
print(json.dumps([build_info().instruction_set, result.instruction_set, result.parameters.to_flat().tolist(),
                  result.losses.tolist()]))
"""


TRAIN_BATCHED = """
import json, numpy as np
from statecast.network import Spec, build_info, initialise
from statecast.training import Adam, Dropout, Loss, train_batched
x = np.sin(0.9 * np.arange(25) + np.arange(40)[:, None])
how = {"loss": Loss("pinball", (0.1, 0.5, 0.9)), "optimiser": Adam(clip=1.0), "dropout": Dropout(layers=0.1)}
start = initialise(Spec(1, 12, 2, 3, residual=True), seed=1)
result = train_batched(start, x[:, :-1], x[:, 1:], epochs=75, batch=10, **how)
print(json.dumps([build_info().instruction_set, result.instruction_set, result.parameters.to_flat().tolist(),
                  result.losses.tolist()]))
"""


def python(code: str, instruction_set: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STATECAST_ISA": instruction_set}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("code", [TRAIN, TRAIN_BATCHED], ids=["online, 300 epochs", "batched, 300 updates"])
def test_all_agree_after_300(code: str) -> None:
    results = {}
    for name in build_info().instruction_sets:
        used, said, *numbers = json.loads(python(code, name).stdout)
        assert used == said == name
        results[name] = [np.array(n) for n in numbers]
    parameters, losses = results["portable"]
    for other_parameters, other_losses in results.values():
        np.testing.assert_allclose(other_parameters, parameters, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(other_losses, losses, rtol=1e-4)


def test_the_best_is_used_where_none_is_named() -> None:
    used = python("from statecast.network import build_info; print(build_info().instruction_set)", "").stdout
    assert used.strip() == build_info().instruction_sets[0]


def test_an_unknown_one_is_refused_with_a_list() -> None:
    failed = python("import statecast.network", "sse9")
    assert failed.returncode == 1
    assert "ImportError" in failed.stderr
    assert f"expected one of {', '.join(build_info().instruction_sets)}, got 'sse9'" in failed.stderr


@pytest.mark.skipif(bool(os.environ.get("STATECAST_ISA")), reason="an instruction set is forced")
def test_this_process_runs_on_the_best() -> None:
    assert build_info().instruction_set == build_info().instruction_sets[0]
